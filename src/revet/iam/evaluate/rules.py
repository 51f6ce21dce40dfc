"""All statements of all layers as one index: each statement is a bit."""

from __future__ import annotations

from collections.abc import Sequence

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.resources import resource_matcher
from revet.iam.evaluate.attached import Attached, Layer
from revet.iam.evaluate.callers import CallerIndex
from revet.iam.evaluate.conditions import Test, make_test
from revet.iam.evaluate.context import Context
from revet.iam.evaluate.derive import DERIVED
from revet.iam.evaluate.index import TextIndex
from revet.iam.evaluate.request import CallerKind

_SESSIONS = frozenset((CallerKind.SESSION, CallerKind.FEDERATED_USER))
_ENTITIES = frozenset((CallerKind.USER, *_SESSIONS))
_MEMBERS = frozenset((CallerKind.ROOT, *_ENTITIES))

APPLIES = {
    Layer.IDENTITY: _ENTITIES,
    Layer.BOUNDARY: _ENTITIES,
    Layer.SESSION: _ENTITIES,
    Layer.SCP: _MEMBERS,
    Layer.RESOURCE: frozenset(CallerKind),
    Layer.RCP: frozenset(CallerKind),
    Layer.ENDPOINT: frozenset(CallerKind),
}
"""To whom the policies of a layer apply.

Source: IAM User Guide, "Policies and permissions in IAM" (policy types): only users and roles have
identity policies and boundaries, only role sessions and federated users session policies; SCPs
apply to the principals of member accounts, the root user too. A user has no session policies at
AWS; when some are given all the same they count, for to pass them over could only allow more.
"""


class Rules:
    """The statements of all policies that bear on a request.

    Args:
        attached: the policies at their places.
        levels_of_scps: how many levels of SCPs there are, those without policies included.
    """

    __slots__ = (
        "actions",
        "callers",
        "conditional",
        "deny",
        "derived",
        "entries",
        "layers",
        "levels",
        "of_kind",
        "present",
        "problem",
        "resource_policy",
        "resources",
        "tests",
        "unclear",
    )

    def __init__(self, attached: Sequence[Attached], levels_of_scps: int = 0) -> None:
        self.entries = tuple(
            (place, statement) for place in attached for statement in place.policy.statements
        )
        self.resource_policy = next(
            (place.policy for place in attached if place.layer is Layer.RESOURCE), None
        )
        scps = (Layer.SCP,) if levels_of_scps else ()
        self.present = frozenset((*scps, *(place.layer for place in attached)))
        self.layers = dict.fromkeys(Layer, 0)
        levels: dict[tuple[Layer, int], int] = {
            **{(Layer.SCP, level): 0 for level in range(levels_of_scps)},
            **{(Layer.RCP, place.level): 0 for place in attached if place.layer is Layer.RCP},
        }
        self.deny = self.problem = self.unclear = self.conditional = 0
        keys: set[str] = set()
        for place, (policy, statement) in enumerate(self.entries):
            bit = 1 << place
            self.layers[policy.layer] |= bit
            if (policy.layer, policy.level) in levels:
                levels[policy.layer, policy.level] |= bit
            self.deny |= bit if statement.deny else 0
            self.problem |= bit if statement.problem else 0
            self.unclear |= bit if statement.source.effect not in ("Allow", "Deny") else 0
            self.conditional |= bit if statement.conditions else 0
            keys.update(keys_of(statement))
        self.levels = {
            layer: tuple(mask for (of, _), mask in sorted(levels.items()) if of is layer)
            for layer in (Layer.SCP, Layer.RCP)
        }
        self.tests: dict[int, tuple[Test, ...]] = {}
        self.derived = frozenset(keys & DERIVED.keys())
        statements = [statement for _, statement in self.entries]
        self.actions = TextIndex([statement.actions for statement in statements], colons=1)
        self.resources = TextIndex(
            [statement.resources for statement in statements], colons=3, test=resource_matcher
        )
        self.callers = CallerIndex([statement.principals for statement in statements], self.deny)
        self.of_kind = dict.fromkeys(CallerKind, 0)
        for layer in self.present:
            for kind in APPLIES[layer]:
                self.of_kind[kind] |= self.layers[layer]

    def hold(self, wanted: int, context: Context) -> tuple[int, int]:
        """Which of these statements hold as far as their conditions go.

        Returns:
            Those that hold, and those of which that is not known.
        """
        sure = wanted & ~self.conditional
        maybe = 0
        rest = wanted & self.conditional
        tests = self.tests
        while rest:
            bit = rest & -rest
            rest ^= bit
            result: bool | None = True
            place = bit.bit_length() - 1
            if place not in tests:
                tests[place] = tuple(map(make_test, self.entries[place][1].conditions))
            for test in tests[place]:
                answer = test(context)
                if answer is False:
                    result = False
                    break
                if answer is None:
                    result = None
            if result:
                sure |= bit
            elif result is None:
                maybe |= bit
        return sure, maybe


def keys_of(statement: CompiledStatement) -> set[str]:
    """The condition keys whose values a statement asks for, in lower case."""
    found = {condition.key for condition in statement.conditions}
    for glob in statement.resources.globs:
        found.update(variable.key for variable in glob.variables)
    for condition in statement.conditions:
        for value in condition.values:
            found.update(value.variables)
    return found
