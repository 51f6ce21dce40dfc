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

_NO_LAYER = dict.fromkeys(Layer, 0)
_WITH_LEVELS = (Layer.SCP, Layer.RCP)
_NO_KIND = dict.fromkeys(CallerKind, 0)


class Rules:
    """The statements of all policies that bear on a request.

    Args:
        attached: the policies at their places.
        levels_of_scps: how many levels of SCPs there are, those without policies included.
    """

    __slots__ = (
        "_derived",
        "_resources",
        "actions",
        "callers",
        "conditional",
        "deny",
        "entries",
        "layers",
        "levels",
        "of_kind",
        "present",
        "problem",
        "resource_policy",
        "tests",
        "unclear",
    )

    def __init__(self, attached: Sequence[Attached], levels_of_scps: int = 0) -> None:
        entries = [
            (place, statement) for place in attached for statement in place.policy.statements
        ]
        self.entries = tuple(entries)
        self.present = frozenset([place.layer for place in attached])
        if levels_of_scps:
            self.present |= {Layer.SCP}
        of_resource = [one.policy for one in attached if one.layer is Layer.RESOURCE]
        self.resource_policy = of_resource[0] if of_resource else None
        layers = self.layers = _NO_LAYER.copy()
        levels: dict[tuple[Layer, int], int] = {}
        if not self.present.isdisjoint(_WITH_LEVELS):
            levels = {(Layer.SCP, level): 0 for level in range(levels_of_scps)}
            levels |= {(Layer.RCP, one.level): 0 for one in attached if one.layer is Layer.RCP}
        self.deny = self.problem = self.unclear = self.conditional = 0
        bit = 1
        for policy, statement in entries:
            layers[policy.layer] |= bit
            if levels and (policy.layer, policy.level) in levels:
                levels[policy.layer, policy.level] |= bit
            self.deny |= bit if statement.deny else 0
            self.problem |= bit if statement.problem else 0
            self.unclear |= bit if statement.source.effect not in ("Allow", "Deny") else 0
            self.conditional |= bit if statement.conditions else 0
            bit <<= 1
        self.levels = {
            layer: tuple([mask for (of, _), mask in sorted(levels.items()) if of is layer])
            for layer in _WITH_LEVELS
        }
        self.tests: dict[int, tuple[Test, ...]] = {}
        self._derived: frozenset[str] | None = None
        statements = [statement for _, statement in entries]
        self.actions = TextIndex([statement.actions for statement in statements], colons=1)
        self._resources: TextIndex | None = None
        self.callers = CallerIndex([statement.principals for statement in statements], self.deny)
        self.of_kind = _NO_KIND.copy()
        for layer in self.present:
            for kind in APPLIES[layer]:
                self.of_kind[kind] |= layers[layer]

    @property
    def resources(self) -> TextIndex:
        """The resources of the statements, indexed when that is first asked for."""
        if self._resources is None:
            self._resources = TextIndex(
                [statement.resources for _, statement in self.entries],
                colons=3,
                test=resource_matcher,
            )
        return self._resources

    @property
    def derived(self) -> frozenset[str]:
        """The keys that the statements ask for and a request can imply."""
        if self._derived is None:
            keys: set[str] = set()
            for _, statement in self.entries:
                add_keys(statement, keys)
            self._derived = frozenset(keys & DERIVED.keys())
        return self._derived

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
    found: set[str] = set()
    add_keys(statement, found)
    return found


def add_keys(statement: CompiledStatement, found: set[str]) -> None:
    """Add the keys of `keys_of`."""
    for glob in statement.resources.globs:
        if glob.is_open:
            found.update([variable.key for variable in glob.variables])
    for condition in statement.conditions:
        found.add(condition.key)
        for value in condition.values:
            if "$" in value.text:
                found.update(value.variables)
