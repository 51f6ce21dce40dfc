"""Which statements of which layers let a request through together, for the checker.

Written anew from AWS's pages: it shares the records of services and the layers' names with
evaluation, and neither the index of statements nor the rule that combines layers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from revet.iam.claim_callers import Claimant, Conditions, naming
from revet.iam.compiled.policy import CompiledStatement, compile_policy
from revet.iam.document import parse_policy
from revet.iam.evaluate.attached import FORMS, KINDS, Layer
from revet.iam.evaluate.request import CallerKind
from revet.iam.evaluate.services import OTHERS, SERVICES
from revet.iam.evaluate.services.linked_roles import linked_roles
from revet.iam.reference.organizations import RCP_SERVICES

Statements: TypeAlias = Mapping[str, CompiledStatement]
Places: TypeAlias = Mapping[tuple[Layer, int], Statements]
"""The statements of each layer and level."""

ANY_ARN = "arn:*:*:*:*:*"
_LIMITS = (Layer.BOUNDARY, Layer.SESSION)
_FREE = [action for rules in SERVICES.values() for action in rules.free]
_SPARED = [action for rules in SERVICES.values() for action in rules.unrestricted]


class Problem(NamedTuple):
    """A request that carries something meets one statement of each group, and none of the others.

    A certificate shows that there is none.
    """

    carries: Conditions
    groups: tuple[Statements, ...]
    escaped: Statements


Case: TypeAlias = tuple[list[Statements], list[Problem]]
"""All statements of a case, and its problems."""


class Scope(NamedTuple):
    """Requests to which the same layers apply.

    Args:
        about: of each of these one statement is about the request.
        outside: none of these is.
        resource: the statements of the resource's policy.
        same: whether the resource is of the caller's account.
        rooted: whether the resource's policy must allow in any case.
        controlled: whether RCPs can reach the requests.
    """

    about: tuple[Statements, ...] = ()
    outside: tuple[Statements, ...] = ()
    resource: Statements = MappingProxyType({})
    same: bool = True
    rooted: bool = False
    controlled: bool = True


@lru_cache(maxsize=1024)
def read_statements(policy: str | None, layer: Layer, name: str) -> Statements:
    """The statements of a policy, named after it; none without one."""
    if policy is None:
        return {}
    found = compile_policy(parse_policy(policy), KINDS[layer], FORMS[layer]).statements
    return {f"{name}.{one.number}": one for one in found}


def about_requests(*parts: tuple[Iterable[str], Iterable[str]]) -> Statements:
    """Statements that say what requests are about: actions on resources."""
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
        for actions, resources in parts
    ]
    document = parse_policy({"Version": "2012-10-17", "Statement": statements})
    found = compile_policy(document, KINDS[Layer.IDENTITY], FORMS[Layer.IDENTITY]).statements
    return {str(one.number): one for one in found}


def chosen(
    one: Claimant | None, statements: Statements, not_effect: str, *, sure: bool, bounded: bool
) -> dict[str, CompiledStatement]:
    """Those of another effect that surely, or perhaps, are about a caller."""
    found = {}
    for name, statement in statements.items():
        how = naming(one.caller, statement, bounded=bounded) if one is not None else (True,)
        if statement.source.effect != not_effect and any(how) and not (sure and any(how[3:])):
            found[name] = statement
    return found


def places_of(entries: Iterable[Mapping[str, Any]]) -> Places:
    """Statements by layer and level, named `LAYER.LEVEL.PLACE.STATEMENT`."""
    found: dict[tuple[Layer, int], dict[str, CompiledStatement]] = {}
    count: Counter[tuple[Layer, int]] = Counter()
    for entry in entries:
        layer, level = key = Layer(entry["layer"]), int(entry["level"])
        name = f"{layer.value}.{level}.{count[key]}"
        count[key] += 1
        found.setdefault(key, {}).update(read_statements(entry["policy"], layer, name))
    if any(layer in (Layer.RESOURCE, Layer.ENDPOINT) for layer, _ in found):
        msg = "a resource's policy is not one of the principal or the organization"
        raise ValueError(msg)
    return found


def _service(arn: str) -> tuple[str, str]:
    """The service whose actions a resource's policy decides, and the kind of the resource."""
    _, _, service, _, _, resource = arn.split(":", 5)
    if {*arn} & {*"*?"}:
        raise ValueError(arn)
    kind = resource.partition("/")[0].partition(":")[0]
    return "sts" if (service, kind) == ("iam", "role") else service, kind


@lru_cache(maxsize=1024)
def requests_to(arn: str) -> Statements:
    """What the policy of a resource decides: its service's actions on it and on what is in it."""
    return about_requests(([f"{_service(arn)[0]}:*"], [arn, f"{arn}/*", f"{arn}:*"]))


def to(arn: str, policy: str | None, *, same: bool = True) -> list[Scope]:
    """The requests to a resource, of its own account or of others."""
    service, kind = _service(arn)
    rooted = kind in SERVICES.get(service, OTHERS).rooted
    statements = read_statements(policy, Layer.RESOURCE, f"{Layer.RESOURCE.value}.0.0")
    return [Scope((requests_to(arn),), (), statements, same, rooted)]


@cache
def _constants() -> tuple[Statements, Statements, Statements]:
    """Actions that need no permission; what RCPs reach; and what they spare of it."""
    return (
        about_requests((_FREE, "*")),
        about_requests(([f"{prefix}:*" for prefix in RCP_SERVICES], [ANY_ARN])),
        about_requests((_SPARED, "*"), ("*", linked_roles())),
    )


def problems_in(
    one: Claimant, places: Places, scope: Scope, asked: tuple[Statements, ...]
) -> Iterator[Case]:
    """The problems of one caller in a scope; RCPs reach some of its requests and leave others."""
    free, reached, spared = _constants()
    outside = (*scope.outside, free)
    parts = [(scope.about, outside, False)]
    if scope.controlled and any(layer is Layer.RCP for layer, _ in places):
        parts = [
            ((*scope.about, reached), (*scope.outside, spared, free), True),
            (scope.about, (*scope.outside, reached, free), False),
            ((*scope.about, spared), outside, False),
        ]
    for about, beyond, controlled in parts:
        groups, used = (*about, *asked), [*places.values(), scope.resource]
        problems = [
            Problem(one.carries, (*groups, *way), _named(beyond) | denies)
            for way, denies in _ways(one, places, scope, controlled=controlled)
        ]
        yield [*groups, *beyond, *used], problems


def _named(outside: tuple[Statements, ...]) -> dict[str, CompiledStatement]:
    pairs = ((at, one) for at, group in enumerate(outside) for one in group.values())
    return {f"outside{at}.{one.number}": one for at, one in pairs}


def _ways(
    one: Claimant, places: Places, scope: Scope, *, controlled: bool
) -> Iterator[tuple[tuple[Statements, ...], dict[str, CompiledStatement]]]:
    """What must allow together, way by way, and what must not deny.

    In its own account a caller needs a resource's policy that names it, or a policy of its own;
    the latter, and what is granted to the role behind it, within its boundary and session policies.
    To another account both sides must allow. Each level of the organization must, in any case.
    Sources: as in `revet.iam.evaluate.layers`.
    """
    caller, linked = one.caller, one.caller.service_linked is not False
    root, member = caller.kind is CallerKind.ROOT, caller.has_account
    layers = {Layer.SCP} if member and not linked else set()
    layers |= {Layer.RCP} if controlled and not linked else set()
    layers |= {Layer.IDENTITY, *_LIMITS} if member and not root else set()
    bounded = any(layer is Layer.BOUNDARY for layer, _ in places)
    found = {key: group for key, group in places.items() if key[0] in layers}
    found[Layer.RESOURCE, 0] = scope.resource

    def allowing(group: Statements) -> dict[str, CompiledStatement]:
        return chosen(one, group, "Deny", sure=False, bounded=bounded)

    def of(layer: Layer) -> list[Statements]:
        return [allowing(group) for key, group in sorted(found.items()) if key[0] is layer]

    denies: dict[str, CompiledStatement] = {}
    for group in found.values():
        denies |= chosen(one, group, "Allow", sure=True, bounded=bounded)
    granted = allowing(scope.resource)
    how = {name: naming(caller, it, bounded=bounded) for name, it in granted.items()}
    behind = {name: it for name, it in granted.items() if how[name].behind}
    itself = {
        name: it
        for name, it in granted.items()
        if how[name].itself or (how[name].perhaps and not how[name].behind)
    }
    levels = [group for key, group in sorted(found.items()) if key[0] is Layer.RCP]
    allowed = [one for one in levels if any(it.source.effect != "Deny" for it in one.values())]
    always = (*of(Layer.SCP), *map(allowing, allowed))
    both = () if scope.same and not scope.rooted else (granted,)
    limits = tuple(group for layer in _LIMITS for group in of(layer))
    sessionless = caller.kind is CallerKind.FEDERATED_USER and not of(Layer.SESSION)
    if not member:
        yield (granted, *always), denies
        return
    if scope.same:
        yield (itself, *always), denies
    if root:
        yield (*both, *always), denies
    elif not sessionless:
        yield (*both, *(of(Layer.IDENTITY) or [{}]), *limits, *always), denies
        if scope.same:
            yield (behind, *limits, *always), denies
