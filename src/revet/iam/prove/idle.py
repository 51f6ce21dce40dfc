"""Which statements of a policy do nothing: because of themselves, or because of the others.

A statement is idle where no request meets it, where others of its effect cover it wholly, and, when
it allows, where denials cover it. It is counted wherever it may hold, and the others only where
they surely do, so what is called idle is idle for every request. What would take long to prove is
not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind, PrincipalSet
from revet.iam.evaluate import Policies
from revet.iam.evaluate.request import read_caller
from revet.iam.prove.callers import Asker, askers
from revet.iam.prove.search import ACTION, Closed, Conjunct, Found, Problem, Proof, search
from revet.iam.prove.statements import may_hold, must_hold
from revet.iam.prove.universe import Universe
from revet.iam.prove.words import TooHardError

MOST_BRANCHES = 200
"""How many branches one question may have; those that people would see take a few."""
MOST_STATEMENTS = 120
"""How many statements a policy may have: more than fit into any quota but AWS's own."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A statement that does nothing.

    Args:
        at: its place among the compiled statements.
        closed: the keys on which no request meets it, `Action` and `Resource` among them; empty
            where it is idle because of others.
        by: the places of the statements that cover it, where one or more do.
    """

    at: int
    closed: tuple[str, ...] = ()
    by: tuple[int, ...] = ()


class IdleStatements:
    """The statements of one policy.

    Args:
        policies: the policy at its place, alone.
    """

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self.statements: list[CompiledStatement] = [
            statement for place in policies.attached() for statement in place.policy.statements
        ]

    def found(self) -> Iterator[Idle]:
        """The idle ones, one after the other."""
        if len(self.statements) > MOST_STATEMENTS:
            return
        for at, statement in enumerate(self.statements):
            if statement.problem:
                continue
            try:
                idle = self._idle(at, statement)
            except TooHardError:
                continue
            if idle is not None:
                yield idle

    @cached_property
    def _universe(self) -> Universe:
        return Universe([statement.actions for statement in self.statements])

    @cached_property
    def _bits(self) -> list[int]:
        return [self._universe.bits(statement.actions) for statement in self.statements]

    @cached_property
    def _may(self) -> list[Conjunct]:
        return [may_hold(str(at), one, self._universe) for at, one in enumerate(self.statements)]

    @cached_property
    def _must(self) -> list[Conjunct]:
        return [must_hold(str(at), one, self._universe) for at, one in enumerate(self.statements)]

    @cached_property
    def _callers(self) -> list[tuple[Asker | None, int, int]]:
        """Who can ask, with the statements that surely name them, and that may, as bits."""
        every = (1 << len(self.statements)) - 1
        if all(statement.principals is None for statement in self.statements):
            return [(None, every, every)]
        found: list[tuple[Asker | None, int, int]] = []
        others = (asker for asker in askers(self.statements) if not asker.example)
        for asker in others:
            named = self._policies.rules.callers.find(read_caller(asker.text))
            found.append((asker, named.all, named.all | named.maybe))
        return found

    def _idle(self, at: int, statement: CompiledStatement) -> Idle | None:
        closed = self._closed(at)
        if closed:
            return Idle(at, closed=closed)
        if not statement.deny:
            by = self._covered(at, [n for n, one in enumerate(self.statements) if one.deny])
            if by:
                return Idle(at, by=by)
        alike = [
            number
            for number, one in enumerate(self.statements)
            if number != at
            and one.deny is statement.deny
            and (statement.deny or _names_all(one.principals, statement.principals))
        ]
        by = self._covered(at, alike)
        return Idle(at, by=by) if by else None

    def _closed(self, at: int) -> tuple[str, ...]:
        """The keys on which no request can meet a statement; none when one can."""
        if not self._bits[at]:
            return (ACTION,)
        found: list[str] = []
        for proof in self._asked(at, ()):
            if proof is None:
                return ()
            found += _keys(proof)
        return tuple(dict.fromkeys(found))

    def _covered(self, at: int, others: Sequence[int]) -> tuple[int, ...]:
        """The statements that cover one for every request: one of them, or several together."""
        mine, theirs = self._bits[at], 0
        near = [
            one for one in others if self._bits[one] & mine and self._must[one].literals is not None
        ]
        for one in near:
            theirs |= self._bits[one]
        if mine & ~theirs:
            return ()
        for one in near:
            if not mine & ~self._bits[one] and self._all(at, (one,)):
                return (one,)
        if len(near) > 1 and self._all(at, near):
            return tuple(self._fewest(at, near))
        return ()

    def _fewest(self, at: int, others: Sequence[int]) -> list[int]:
        """Statements that cover another one, without those that need not be among them."""
        kept = list(others)
        for one in others:
            fewer = [other for other in kept if other != one]
            if self._all(at, fewer):
                kept = fewer
        return kept

    def _all(self, at: int, others: Sequence[int]) -> bool:
        return all(proof is not None for proof in self._asked(at, others))

    def _asked(self, at: int, others: Sequence[int]) -> Iterator[Proof | None]:
        """For each caller that a statement may name: why others cover it, or that they do not."""
        for asker, surely, perhaps in self._callers:
            if not perhaps >> at & 1:
                continue
            escaped = tuple(self._must[one] for one in others if surely >> one & 1)
            demands = asker.demands if asker else ()
            problem = Problem(self._universe.all, ((self._may[at],),), escaped, demands)
            found = search(problem, MOST_BRANCHES)
            yield None if isinstance(found, Found) else found


def _names_all(wide: PrincipalSet | None, narrow: PrincipalSet | None) -> bool:
    """Whether a statement names everybody, by the same words, whom another one names.

    A resource's policy that names a role lets it in by itself; one that names the role's account
    leaves that to the account. Source: IAM User Guide, "Policy evaluation logic", "Evaluating
    identity-based policies with resource-based policies".
    """
    if wide is None or narrow is None:
        return wide is narrow
    if wide.negated or narrow.negated:
        return wide == narrow
    return {_meant(term) for term in narrow.terms} <= {_meant(term) for term in wide.terms}


def _meant(term: object) -> object:
    kind = getattr(term, "kind", None)
    return (kind, getattr(term, "account", "")) if kind is PrincipalKind.ACCOUNT else term


def _keys(proof: Proof) -> Iterator[str]:
    """The keys that close the branches of a proof."""
    if isinstance(proof, Closed):
        yield proof.key
    else:
        for way in proof.ways:
            yield from _keys(way)
