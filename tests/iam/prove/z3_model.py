"""What the prover is compared with: does one identity policy allow what another does not, for z3.

Written from AWS's pages and from the evaluator, not from the prover; only the list of actions that
the policies tell apart is shared. The request that z3 finds is one for the evaluator, so this model
is checked, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import z3
from tests.iam.prove.z3_keys import (
    ARN,
    Both,
    Key,
    condition,
    form_of,
    getter,
    lacking,
    plain,
)
from tests.iam.prove.z3_texts import (
    Expression,
    Piece,
    UnsupportedError,
    among,
    resource_pieces,
    text_pieces,
)

from revet.iam.compiled.action_sets import ActionSet
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.resource_sets import ResourceSet
from revet.iam.document import PolicyDocument
from revet.iam.evaluate import Policies
from revet.iam.glob_parts import Variable, Wildcard
from revet.iam.globs import Glob
from revet.iam.operators import Qualifier
from revet.iam.prove.universe import Universe

SECONDS = 10.0
_FIRST_SECONDS = 0.05
_STEPS_A_SECOND = 3_000_000
"""About how many steps z3 takes in a second."""
_SLOWEST = 20
"""How many times as long its steps may take before it is stopped by the clock."""
_STRATEGIES: tuple[dict[str, bool | int], ...] = (
    {"delay_units": True, "phase_selection": 0},
    {"delay_units": True, "phase_selection": 5, "auto_config": False, "case_split": 3},
)
"""How z3 searches, in turn: with these it gives up on fewer pairs than as it is by default."""
MOST_VALUES = 3


class Said(StrEnum):
    """What z3 answers."""

    NONE = "none"
    SOME = "some"
    UNKNOWN = "unknown"
    """z3 gave up."""
    LEFT_OUT = "left out"
    """The model cannot say the question."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer of z3.

    Args:
        said: the answer.
        action: of the request that it found.
        resource: of the same.
        context: of the same; `None` says that a key is missing.
        why: why there is no answer.
    """

    said: Said
    action: str = ""
    resource: str = ""
    context: dict[str, Any] | None = None
    why: str = ""


def new_access(
    new: PolicyDocument, old: PolicyDocument, seconds: float = SECONDS, *, at_once: bool = False
) -> Found:
    """Whether a request is surely allowed by one policy and surely not by another one.

    Args:
        new: the policy that may allow more.
        old: the policy to compare with.
        seconds: about what z3 may take, on an idle machine.
        at_once: whether z3 is asked one question, as it is; otherwise it is asked about one kind of
            action after the other, in several ways, for then it gives up on fewer questions.
    """
    try:
        question = _Question(_statements(new), _statements(old))
    except UnsupportedError as error:
        return Found(Said.LEFT_OUT, why=str(error))
    return question.answer_at_once(seconds) if at_once else question.answer(seconds)


def _statements(document: PolicyDocument) -> tuple[CompiledStatement, ...]:
    (attached,) = Policies(identity=(document,)).attached()
    return attached.policy.statements


class _Question:
    """One question in z3's terms."""

    def __init__(self, new: Sequence[CompiledStatement], old: Sequence[CompiledStatement]) -> None:
        statements = (*new, *old)
        for statement in statements:
            if statement.problem:
                raise UnsupportedError(statement.problem)
        self._new, self._old = new, old
        self._resource = z3.String("resource")
        self._kinds = _kinds_of_action(statements)
        self._keys = _keys(statements)
        self._facts = [
            z3.InRe(self._resource, z3.Union(z3.Re("*"), ARN)),
            *(fact for key in self._keys.values() for fact in key.facts()),
            *(z3.Not(self._keys[name].several) for name in _variables(statements)),
        ]
        self._holds = {id(statement): self._rest(statement) for statement in statements}

    def _rest(self, statement: CompiledStatement) -> Both:
        """Where a statement holds for one of its actions."""
        resources = self._resources(statement.resources)
        conditions = [condition(one, self._keys) for one in statement.conditions]
        return Both(
            z3.And(resources.sure, *(one.sure for one in conditions)),
            z3.And(resources.maybe, *(one.maybe for one in conditions)),
        )

    def _resources(self, globs: ResourceSet) -> Both:
        if any(glob.is_everything for glob in globs.globs):
            found = z3.BoolVal(val=True)
        else:
            patterns = [resource_pieces(glob) for glob in globs.globs]
            found = self._among(patterns, negated=globs.negated)
        perhaps = self._among([text_pieces(glob.loosened()) for glob in globs.perhaps])
        inside = Both(found, z3.Or(found, perhaps))
        return inside.negated() if globs.negated else inside

    def _among(self, patterns: Sequence[Sequence[Piece]], *, negated: bool = False) -> Expression:
        return among(
            self._resource,
            patterns,
            getter(self._keys),
            lambda variables: lacking(variables, self._keys),
            negated=negated,
        )

    def _wanted(self, named: Callable[[ActionSet], Expression]) -> list[Expression]:
        """The request is surely allowed by the one policy, and surely not by the other."""

        def one_of(
            statements: Sequence[CompiledStatement], *, deny: bool, sure: bool
        ) -> Expression:
            found = [
                z3.And(named(one.actions), both.sure if sure else both.maybe)
                for one in statements
                if one.deny is deny
                for both in (self._holds[id(one)],)
            ]
            return z3.Or(*found)

        return [
            one_of(self._new, deny=False, sure=True),
            z3.Not(one_of(self._new, deny=True, sure=False)),
            z3.Or(
                one_of(self._old, deny=True, sure=True),
                z3.Not(one_of(self._old, deny=False, sure=False)),
            ),
        ]

    def answer_at_once(self, seconds: float) -> Found:
        """Ask z3 as it is, the action as one more variable; seconds by the clock."""
        action = z3.Int("action")
        kinds = list(self._kinds)

        def named(actions: ActionSet) -> Expression:
            return z3.Or(*(action == at for at, kind in enumerate(kinds) if actions in kind))

        solver = z3.Solver()
        solver.set("timeout", int(seconds * 1000))
        solver.add(*self._facts, action >= 0, action < len(kinds), *self._wanted(named))
        found = self._found(solver)
        if found.said is not Said.SOME:
            return found
        at = solver.model().eval(action, model_completion=True).as_long()
        return replace(found, action=self._kinds[kinds[at]])

    def answer(self, seconds: float) -> Found:
        """Ask z3: about each kind of action for a short time, then about those left for longer.

        What z3 needs differs much from one random start to the other, so it starts anew each time.
        """
        left = [
            (about, name)
            for about, name in self._kinds.items()
            if any(not one.deny and one.actions in about for one in self._new)
        ]
        patience, seed, spent = _FIRST_SECONDS, 0, 0.0
        while left:
            hard = []
            for about, name in left:
                if spent >= seconds:
                    return Found(Said.UNKNOWN, why="z3 gave up")
                found = self._about(about, name, patience, seed)
                if found.said is Said.SOME:
                    return found
                if found.said is Said.UNKNOWN:
                    spent += patience
                    hard.append((about, name))
            left, patience, seed = hard, min(2 * patience, seconds), seed + 1
        return Found(Said.NONE)

    def _about(self, about: frozenset[ActionSet], name: str, seconds: float, seed: int) -> Found:
        """Ask about one kind of action.

        Time is counted in z3's own steps: what it answers must not depend on what else the machine
        does.
        """
        solver = z3.SimpleSolver()
        solver.set("rlimit", int(seconds * _STEPS_A_SECOND))
        solver.set("timeout", int(seconds * _SLOWEST * 1000))
        solver.set("random_seed", seed)
        for name_of_option, value in _STRATEGIES[seed % len(_STRATEGIES)].items():
            solver.set(name_of_option, value)
        solver.add(*self._facts, *self._wanted(lambda actions: z3.BoolVal(val=actions in about)))
        return replace(self._found(solver), action=name)

    def _found(self, solver: z3.Solver) -> Found:
        """What a solver says, without the action."""
        said = solver.check()
        if said == z3.unsat:
            return Found(Said.NONE)
        if said != z3.sat:
            return Found(Said.UNKNOWN, why=solver.reason_unknown())
        model = solver.model()
        resource = plain(model.eval(self._resource, model_completion=True))
        context = {key.name: key.read(model) for key in self._keys.values()}
        return Found(Said.SOME, "", resource, context)


def _kinds_of_action(
    statements: Sequence[CompiledStatement],
) -> dict[frozenset[ActionSet], str]:
    """One action of each kind that the statements tell apart, by the sets that it is in."""
    sets = list({one.actions: None for one in statements})
    tests = [(one, _named(one)) for one in sets]
    kinds: dict[frozenset[ActionSet], str] = {}
    for name in Universe(sets).names:
        within = (one for one, named in tests if bool(named.fullmatch(name)) is not one.negated)
        kinds.setdefault(frozenset(within), name)
    return kinds


def _named(actions: ActionSet) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_expression(glob)})" for glob in actions.globs))


def _expression(glob: Glob) -> str:
    marks = {Wildcard.ANY: ".*", Wildcard.ONE: "."}
    return "".join(
        marks[part] if isinstance(part, Wildcard) else re.escape(str(part)) for part in glob.parts
    )


def _keys(statements: Sequence[CompiledStatement]) -> dict[str, Key]:
    """The keys that the statements name."""
    conditions = {one for statement in statements for one in statement.conditions}
    several = Counter(
        one.key for one in conditions if one.used and one.used.qualifier is not Qualifier.NONE
    )
    names = {one.key for one in conditions} | set(_variables(statements))
    found = {}
    for name in sorted(names):
        kinds = [one.used.kind for one in conditions if one.key == name and one.used]
        form = form_of(kinds)
        if several[name] > MOST_VALUES:
            raise UnsupportedError("more conditions on several values than values looked at")
        # One value more than a single one, so that plain operators meet several values, too.
        found[name] = Key(name, form, min(max(several[name], 2), MOST_VALUES))
    return found


def _variables(statements: Sequence[CompiledStatement]) -> Iterator[str]:
    for statement in statements:
        globs: list[Glob] = [*statement.resources.globs]
        for one in statement.conditions:
            for value in one.values:
                yield from value.variables
        for glob in globs:
            yield from (part.key for part in glob.parts if isinstance(part, Variable))
