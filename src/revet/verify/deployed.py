"""What a stack's state names, and what is attached to it, judged as the account has it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from revet.gate.engine import Settled
from revet.gate.judge import judge
from revet.model.arn import Arn
from revet.model.errors import UnknownValueError
from revet.model.finding import Origin, noncompliant, unknown
from revet.model.verdict import Verdict
from revet.plan import Inventory, Resource, Undecided
from revet.plan.observed import EVERY, Observed
from revet.plan.terraform_types import terraform_type, variants
from revet.verify.api import Api
from revet.verify.audit import AuditInput, read_in
from revet.verify.identity import (
    OLD_NAMES,
    Identity,
    as_old_rule,
    base_type,
    identities_observed,
    identities_of,
    inline_rules,
)
from revet.verify.observe import Seen, observe
from revet.verify.readers import TypeReader, load_readers

_GROUP = "aws_security_group"
_OLD_RULE = f"{_GROUP}_rule"
_RULES = {
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}
_KEYS = "kms"
"""Whatever is encrypted is judged with its key."""
_JOINED = {
    "cloudtrail": ("s3", "logs"),
    "ec2": ("s3", "logs"),
    "s3": ("cloudtrail", "config"),
}
"""Service to those whose resources rules ask for beside its own: where logs go, who else writes."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A resource that the state names.

    Args:
        resource: as the state has it.
        identities: of all that it stands for.
        region: where it is; empty for global services, and where nothing tells it.
        account: whose it is; empty where its ARN does not tell it.
    """

    resource: Resource
    identities: tuple[Identity, ...]
    region: str
    account: str


@dataclass(slots=True)
class _Matched:
    """What of the state was found in the account.

    Args:
        observed: what was read, with the types that the state has for it.
        names: type, region and id to the address in the state.
        settled: resources of the state that were not found.
        unread: addresses of resources of types that nothing reads.
    """

    observed: list[Observed]
    names: dict[tuple[str, str, str], str] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    settled: list[Settled] = field(default_factory=list)
    unread: list[Resource] = field(default_factory=list)


def judge_deployed(
    api: Api,
    state: Inventory,
    against: AuditInput,
    *,
    stack: str,
    regions: Mapping[str, str],
    origin: Origin,
    beside: bool = False,
) -> Verdict:
    """Judge what a state names, and what is attached to it, by what the account answers.

    Args:
        api: calls to the account.
        state: of the stack, from `load_state`.
        against: what it is judged against.
        stack: name of the stack.
        regions: address to region, from the plan, for resources whose state does not tell it.
        origin: `Origin.EMULATED` or `Origin.REAL`.
        beside: whether everything else that was read is judged, too.

    Returns:
        The verdict. A control fails on every resource that the account lacks, and cannot tell of
        one that could not be looked for. Resources that the state does not name have the address
        `TYPE.account["REGION/ID"]`.

    Raises:
        UnreachableError: no answer came from AWS.
        ConfigError: baseline, requirements or waivers name what does not exist.
    """
    began = time.monotonic()
    named = [_named(resource, regions) for resource in state.resources.values()]
    places = sorted({item.region for item in named if item.region} | {api.home})
    types = {item.resource.type for item in named} | {
        one[0] for item in named for one in item.identities
    }
    seen = observe(api, readers_for(types), places)
    took = time.monotonic() - began
    matched = _match(named, seen, api)
    outputs = {
        name: {"sensitive": True} if isinstance(value, Undecided) else {"value": value}
        for name, value in state.outputs.items()
    }
    whole = replace(seen, observed=tuple(matched.observed))
    if against.without_aws_made:
        ours = (o for o in whole.observed if not o.made_by or _key(o) in matched.names)
        whole = replace(whole, observed=tuple(ours))
    inventory = whole.inventory(api.account, matched.names, outputs)
    only = None if beside else frozenset(_attached(inventory, matched.there, types))
    verdict = judge(
        inventory,
        against.catalog,
        requirements=against.requirements,
        waivers=against.waivers,
        baseline=against.baseline,
        fail_on=against.fail_on,
        today=against.today,
        stack=stack,
        stage="verify",
        origin=origin,
        only=only,
        settled=tuple(matched.settled),
    )
    more: dict[str, tuple[str, ...]] = dict(verdict.not_looked_at or {})
    judged = {finding.address for finding in verdict.findings}
    lost = (item.resource for item in matched.settled)
    for resource in (*matched.unread, *(item for item in lost if item.address not in judged)):
        more[resource.type] = (*more.get(resource.type, ()), resource.address)
    seconds = {"read": took, "judge": time.monotonic() - began - took}
    return read_in(
        replace(verdict, not_looked_at=dict(sorted(more.items()))),
        api,
        seen,
        regions=places,
        origin=origin,
        seconds=seconds,
        notes={"named": f"{len(named)} resources in the state"},
    )


def readers_for(types: Iterable[str]) -> tuple[TypeReader, ...]:
    """The readers of some types, of what can be attached to those, and of what rules join to them.

    What one call lists is always read. What takes calls for each resource is read for the services
    of the types that are named, and for those that rules go on to from there.

    Args:
        types: Terraform types.
    """
    near = {one for kind in types for one in variants(base_type(kind))}
    near |= {parent for kind in near for parent in terraform_type(kind).part_of.values()}
    services = {one.service for one in load_readers() if near & set(one.types)}
    services |= {joined for service in services for joined in _JOINED.get(service, ())}
    return tuple(one for one in load_readers() if not one.each or one.service in {*services, _KEYS})


def _named(resource: Resource, regions: Mapping[str, str]) -> _Named:
    """A resource's region comes from its attribute, its ARN, its provider, or the plan."""
    arn = _text(resource, "arn")
    try:
        parsed = Arn.parse(arn) if arn else None
    except ValueError:  # a state that somebody wrote: it tells no region
        parsed = None
    region = (
        _text(resource, "region")
        or (parsed.region if parsed else "")
        or resource.provider_region
        or regions.get(resource.address, "")
    )
    identities = identities_of(resource.type, _Values(resource))
    return _Named(resource, identities, region, parsed.account if parsed else "")


def _text(resource: Resource, name: str) -> str:
    value = resource.get(name)
    return value if isinstance(value, str) else ""


class _Values(dict[str, Any]):
    """A resource's attributes; what is not known is not there."""

    __slots__ = ("resource",)

    def __init__(self, resource: Resource) -> None:
        super().__init__()
        self.resource = resource

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of any mapping
        """An attribute that is known."""
        value = self.resource.get(name)
        return default if isinstance(value, Undecided) else value


def _key(item: Observed) -> tuple[str, str, str]:
    return item.type, item.region, item.id


def _match(named: Sequence[_Named], seen: Seen, api: Api) -> _Matched:
    """Find in the account what the state names."""
    found: dict[Identity, list[int]] = {}
    lost: dict[str, list[Observed]] = {}
    for number, read in enumerate(seen.observed):
        if read.id == EVERY:
            lost.setdefault(base_type(read.type), []).append(read)
        for identity in identities_observed(read) if read.mode == "managed" else ():
            found.setdefault(identity, []).append(number)
    matched = _Matched(list(seen.observed))
    for item in named:
        _match_one(item, matched, found, lost, api)
    for item in named:
        if base_type(item.resource.type) != _GROUP:
            continue
        for one in inline_rules(_Values(item.resource)):
            at = _here(seen.observed, found.get(one, ()), item, api.home)
            if at is not None and _key(matched.observed[at]) not in matched.names:
                matched.observed[at] = _in_old_form(matched.observed[at])
    return matched


def _match_one(
    item: _Named,
    matched: _Matched,
    found: Mapping[Identity, Sequence[int]],
    lost: Mapping[str, Sequence[Observed]],
    api: Api,
) -> None:
    kinds = {one[0] for one in item.identities} or {base_type(item.resource.type)}
    if not kinds & _readable():
        matched.unread.append(item.resource)
    elif item.account and item.account != api.account:
        why = f"it belongs to account `{item.account}`, and `{api.account}` was read"
        do = f"verify it with credentials for `{item.account}`"
        matched.settled.append(Settled(item.resource, unknown(why, resolve=do)))
    elif not item.identities:
        why, do = "the state does not say what identifies it", "refresh the state"
        matched.settled.append(Settled(item.resource, unknown(why, resolve=do)))
    else:
        now = [
            _here(matched.observed, found.get(one, ()), item, api.home) for one in item.identities
        ]
        for number in dict.fromkeys(number for number in now if number is not None):
            _give_name(matched, number, item)
        gaps = [one for one, number in zip(item.identities, now, strict=True) if number is None]
        if gaps:
            matched.settled.append(_settle(item, gaps, lost, whole=len(gaps) == len(now)))


@cache
def _readable() -> frozenset[str]:
    """The types that are read, the first of each that are variants."""
    return frozenset(base_type(kind) for reader in load_readers() for kind in reader.types)


def _in_old_form(read: Observed) -> Observed:
    """A rule as one that cannot have tags, as it was made: in a group, or by the old resource."""
    if read.type not in _RULES:
        return read
    values = as_old_rule(read.values, _RULES[read.type])
    hidden = {OLD_NAMES.get(name, name): mark for name, mark in read.unknown.items()}
    return replace(read, type=_OLD_RULE, values=values, unknown=hidden)


def _here(
    observed: Sequence[Observed], numbers: Iterable[int], item: _Named, home: str
) -> int | None:
    """Which of those with an identity is in the region of a resource."""
    near = [
        number
        for number in numbers
        if not item.region or observed[number].region in ("", item.region)
    ]
    if len(near) > 1 and not item.region:
        near = [number for number in near if observed[number].region == home] or near
    return near[0] if near else None


def _give_name(matched: _Matched, number: int, item: _Named) -> None:
    """Give what was read the state's address; forms that stand for several things keep theirs."""
    read, kind = matched.observed[number], item.resource.type
    if kind == _OLD_RULE:
        read = matched.observed[number] = _in_old_form(read)
    if base_type(kind) == base_type(read.type) and _key(read) not in matched.names:
        matched.observed[number] = read = replace(read, type=kind)
        matched.names[_key(read)] = item.resource.address
        matched.there.add(item.resource.address)
    else:
        matched.there.add(matched.names.get(_key(read), read.address))


def _settle(
    item: _Named, gaps: Sequence[Identity], lost: Mapping[str, Sequence[Observed]], *, whole: bool
) -> Settled:
    for gap in gaps:
        for one in lost.get(gap[0], ()):
            if one.rest and (not item.region or one.region in ("", item.region)):
                why = f"{one.rest.why}: it could not be looked for"
                return Settled(item.resource, unknown(why, resolve=one.rest.resolve))
    if whole:
        why = "it does not exist in the account"
    else:
        said = ", ".join(f"`{' '.join(filter(None, gap[1:]))}`" for gap in gaps)
        why = f"part of it does not exist in the account: {said}"
    fix = "# apply the stack again: `revet deploy`"
    return Settled(item.resource, replace(noncompliant(why), fix=fix))


def _attached(inventory: Inventory, there: set[str], types: Collection[str]) -> set[str]:
    """Addresses of what the state names and of what is part of it, transitively."""
    judged = {address for address in there if address in inventory.resources}
    kinds = {one for kind in types for one in variants(base_type(kind))}
    judged |= {
        resource.address
        for resource in inventory.resources.values()
        if resource.unread is not None and resource.type in kinds
    }
    rest = [item for item in inventory.resources.values() if item.address not in judged]
    grew = True
    while grew:
        more = {item.address for item in rest if _belongs(inventory, item, judged)}
        grew = bool(more - judged)
        judged |= more
        rest = [item for item in rest if item.address not in judged]
    return judged


def _belongs(inventory: Inventory, item: Resource, judged: Collection[str]) -> bool:
    """Whether it is part of something that is judged; what cannot be told is."""
    try:
        return any(owner.address in judged for owner in _owners(inventory, item))
    except UnknownValueError:
        return True


def _owners(inventory: Inventory, item: Resource) -> Iterator[Resource]:
    for attribute in terraform_type(item.type).part_of:
        value = item.get(attribute)
        if isinstance(value, list):
            yield from inventory.targets(item, attribute)
        elif value is not None:
            owner = inventory.target(item, attribute)
            if owner is not None:
                yield owner
