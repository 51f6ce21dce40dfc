"""Answers: it holds, with its proofs; it fails, with a request; or it is not known.

A search that counts whatever may hold in favour of a request proves that there is none. A request
that it finds is tried by whoever asks, on the evaluator; when that does not confirm it, a second
search counts only what surely holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from revet.iam.prove.access import Question
from revet.iam.prove.search import Found, Proof, search
from revet.iam.prove.universe import Universe
from revet.iam.prove.witness import Witness, witnesses
from revet.iam.prove.words import TooHardError


class Result(StrEnum):
    """What became of a question."""

    NONE = "none"
    """There is no such request."""
    SOME = "some"
    """There is one."""
    UNKNOWN = "unknown"


_NOT_MADE = "a request is not excluded, and none could be made to show that it is allowed"
"""Of values that depend on each other by variables, for example."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    Args:
        result: whether there is such a request.
        witness: one, when there is.
        proofs: one a problem, when there is none.
        universe: the actions that the question tells apart.
        doubts: why it is not known; never empty then, for who reads only doubts would take it for
            an answer.
    """

    result: Result
    witness: Witness | None = None
    proofs: tuple[Proof, ...] = ()
    universe: Universe | None = None
    doubts: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse what is not known without a reason.

        Raises:
            ValueError: there is none.
        """
        if self.result is Result.UNKNOWN and not self.doubts:
            message = "an answer that is not known has a reason"
            raise ValueError(message)


def ask(question: Question, confirm: Callable[[Witness], str]) -> Answer:
    """Answer a question.

    Args:
        question: what is asked.
        confirm: tries a request on the evaluator; empty when that confirms it, otherwise why not.
    """
    universe = question.universe()
    doubts: dict[str, None] = {}
    for most in (True, False):
        try:
            proofs = _look(question, universe, confirm, doubts, most=most)
        except TooHardError:
            return Answer(Result.UNKNOWN, doubts=("the question has too many cases to look at",))
        if isinstance(proofs, Witness):
            return Answer(Result.SOME, proofs)
        if proofs is not None and most:
            return Answer(Result.NONE, proofs=proofs, universe=universe)
    return Answer(Result.UNKNOWN, doubts=tuple(doubts) or (_NOT_MADE,))


def _look(
    question: Question,
    universe: Universe,
    confirm: Callable[[Witness], str],
    doubts: dict[str, None],
    *,
    most: bool,
) -> tuple[Proof, ...] | Witness | None:
    """A request, or the proofs that there is none; `None` when neither is known."""
    proofs: list[Proof] = []
    open_problem = False
    for problem in question.problems(universe, most=most):
        found = search(problem)
        if not isinstance(found, Found):
            proofs.append(found)
            continue
        open_problem = True
        for witness in witnesses(found, universe):
            doubt = confirm(witness)
            if not doubt:
                return witness
            doubts[doubt] = None
    return None if open_problem else tuple(proofs)
