"""What of a stack's state an account has: resources are found by what identifies them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from revet.gate.engine import Settled
from revet.model.arn import Arn
from revet.model.finding import Status, noncompliant, unknown
from revet.plan import Resource, Undecided
from revet.plan.observed import EVERY, Observed
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Unread
from revet.verify.api import Api
from revet.verify.identity import (
    OLD_NAMES,
    Identity,
    as_old_rule,
    base_type,
    identities_observed,
    identities_of,
    inline_rules,
)
from revet.verify.observe import AccountReading
from revet.verify.readers import load_readers

_GROUP = "aws_security_group"
_OLD_RULE = f"{_GROUP}_rule"
_RULES = {
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}


@dataclass(frozen=True, slots=True)
class StateResource:
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
class Matched:
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


def named_in(resource: Resource, regions: Mapping[str, str]) -> StateResource:
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
    identities = identities_of(resource.type, partial(_known, resource))
    return StateResource(resource, identities, region, parsed.account if parsed else "")


def _text(resource: Resource, name: str) -> str:
    value = resource.get(name)
    return value if isinstance(value, str) else ""


def _known(resource: Resource, name: str) -> Any:  # noqa: ANN401 - JSON
    value = resource.get(name)
    return None if isinstance(value, Undecided) else value


def key_of(item: Observed) -> tuple[str, str, str]:
    """What tells one that was read from all others."""
    return item.type, item.region, item.id


def match(named: Sequence[StateResource], seen: AccountReading, api: Api) -> Matched:
    """Find in the account what the state names."""
    found: dict[Identity, list[int]] = {}
    lost: dict[str, list[Observed]] = {}
    for number, read in enumerate(seen.observed):
        if read.id == EVERY:
            lost.setdefault(base_type(read.type), []).append(read)
        for identity in identities_observed(read) if read.mode == "managed" else ():
            found.setdefault(identity, []).append(number)
    matched = Matched(list(seen.observed))
    for item in named:
        _match_one(item, matched, found, lost, api)
    for item in named:
        if base_type(item.resource.type) != _GROUP:
            continue
        for one in inline_rules(partial(_known, item.resource)):
            at = _here(seen.observed, found.get(one, ()), item, api.home)
            if at is not None and key_of(matched.observed[at]) not in matched.names:
                matched.observed[at] = _in_old_form(matched.observed[at])
    return matched


def _match_one(
    item: StateResource,
    matched: Matched,
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
    observed: Sequence[Observed], numbers: Iterable[int], item: StateResource, home: str
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


def _give_name(matched: Matched, number: int, item: StateResource) -> None:
    """Give what was read the state's address; forms that stand for several things keep theirs."""
    read, kind = matched.observed[number], item.resource.type
    if kind == _OLD_RULE:
        read = matched.observed[number] = _in_old_form(read)
    if base_type(kind) == base_type(read.type) and key_of(read) not in matched.names:
        matched.observed[number] = read = replace(read, type=kind)
        matched.names[key_of(read)] = item.resource.address
        matched.there.add(item.resource.address)
    else:
        matched.there.add(matched.names.get(key_of(read), read.address))


def _settle(
    item: StateResource,
    gaps: Sequence[Identity],
    lost: Mapping[str, Sequence[Observed]],
    *,
    whole: bool,
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


def lost_names(settled: Iterable[Settled]) -> dict[str, Unread | None]:
    """The ids, ARNs and names of what was not found, as `Inventory.lost`.

    What is part of something else has the id of that, which may well be there.

    Args:
        settled: resources of the state that were not found.
    """
    found: dict[str, Unread | None] = {}
    for item in settled:
        row, outcome = terraform_type(item.resource.type), item.outcome
        doubt = None
        if outcome.status is Status.UNKNOWN:
            doubt = Unread(item.resource.address, outcome.why, outcome.resolve)
        for name in row.known_by if not row.part_of else ():
            text = _text(item.resource, name)
            if text:
                found[text] = doubt
    return found
