"""What a stack's state names, and what is attached to it, judged as the account has it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from revet.gate.attempted import attempt_all
from revet.gate.claims import ATTACK, PROPERTY, check_required
from revet.gate.proofs import prove_all
from revet.gate.readings.existence import texts_in
from revet.model.errors import UnknownValueError
from revet.model.finding import Origin
from revet.model.verdict import Verdict
from revet.model.work import Work, default_seconds
from revet.plan import Inventory, Resource, Undecided
from revet.plan.naming import meant
from revet.plan.recognized import Recognized, recognize
from revet.plan.terraform_types import terraform_type, types_with, variants
from revet.verify.api import Api
from revet.verify.audit import AuditInput, read_in
from revet.verify.identity import base_type
from revet.verify.matching import key_of, lost_names, match, named_in
from revet.verify.observe import observe
from revet.verify.readers import TypeReader, load_readers

_POLICY = "policy_arn"
_KEYS = "kms"
"""Whatever is encrypted is judged with its key."""
_JOINED = {
    "cloudtrail": ("s3", "logs"),
    "ec2": ("s3", "logs"),
    "s3": ("cloudtrail", "config"),
}
"""Service to those whose resources rules ask for beside its own: where logs go, who else writes."""


def judge_deployed(
    api: Api,
    state: Inventory,
    against: AuditInput,
    *,
    stack: str,
    regions: Mapping[str, str],
    origin: Origin,
    beside: bool = False,
    time_limit: float | None = None,
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
        time_limit: seconds that judging may take; by default more for a larger account.

    Properties are proved, and attacks decided, over the state, which has all policies of the stack:
    of an account there are resources that nobody could read, and that may grant.

    Returns:
        The verdict. A control fails on every resource that the account lacks, and cannot tell of
        one that could not be looked for. Resources that the state does not name have the address
        `TYPE.account["REGION/ID"]`.

    Raises:
        UnreachableError: no answer came from AWS.
        ConfigError: baseline, requirements or waivers name what does not exist; a property or
            an attack is for no requirement.
    """
    began = time.monotonic()
    named = [named_in(resource, regions) for resource in state.resources.values()]
    types = {item.resource.type for item in named} | {
        one[0] for item in named for one in item.identities
    }
    spoken = _recognized(state.outputs, api.account)
    told = {item.region for item in named} | {one.region for one in spoken}
    places = sorted(filter(None, told | {api.home}))
    types |= {one.kind for one in spoken}
    seen = observe(api, readers_for(types), places)
    took = time.monotonic() - began
    matched = match(named, seen, api)
    outputs = {
        name: {"sensitive": True} if isinstance(value, Undecided) else {"value": value}
        for name, value in state.outputs.items()
    }
    whole = replace(seen, observed=tuple(matched.observed))
    if against.without_aws_made:
        ours = (o for o in whole.observed if not o.made_by or key_of(o) in matched.names)
        whole = replace(whole, observed=tuple(ours))
    inventory = whole.inventory(
        api.account, names=matched.names, outputs=outputs, lost=lost_names(matched.settled)
    )
    only = None if beside else frozenset(_attached(inventory, matched.there, types))
    verdict = against.judge(
        inventory,
        stack,
        stage="verify",
        origin=origin,
        only=only,
        settled=tuple(matched.settled),
        work=None if time_limit is None else Work(time_limit),
    )
    verdict = _with_claims(verdict, state, against, time_limit)
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


def _with_claims(
    verdict: Verdict, state: Inventory, against: AuditInput, time_limit: float | None
) -> Verdict:
    """The verdict with proofs and attacks over what is deployed, as the state has it."""
    asked = ((PROPERTY, against.properties), (ATTACK, against.attacks))
    given = [kind.judged for kind, claims in asked if claims]
    if not given:
        return verdict
    rows = against.requirements.rows if against.requirements else ()
    for kind, claims in asked:
        check_required(kind, claims, rows)
    work = Work(default_seconds(len(state.resources)) if time_limit is None else time_limit)
    proved = prove_all(against.properties, state, Origin.STATE, work)
    attempted = attempt_all(against.attacks, state, Origin.STATE, work)
    return replace(
        verdict,
        evidence=(*verdict.evidence, *proved.evidence, *attempted.evidence),
        problems=(*verdict.problems, *proved.problems, *attempted.problems),
        expects=(*given, *verdict.expects),
    )


def readers_for(types: Iterable[str]) -> tuple[TypeReader, ...]:
    """The readers of some types, of what can be attached to those, and of what rules join to them.

    What one call lists is always read. What takes calls for each resource is read for the services
    of the types that are named, and for those that rules go on to from there.
    """
    near = {one for kind in types for one in variants(base_type(kind))}
    near |= {parent for kind in near for parent in terraform_type(kind).part_of.values()}
    services = {one.service for one in load_readers() if near & set(one.types)}
    services |= {joined for service in services for joined in _JOINED.get(service, ())}
    return tuple(one for one in load_readers() if not one.each or one.service in {*services, _KEYS})


def _attached(inventory: Inventory, there: set[str], types: Collection[str]) -> set[str]:
    """Addresses of what the state names and of what is part of it, transitively."""
    judged = {address for address in there if address in inventory.resources}
    kinds = _kinds_near(types)
    judged |= {
        resource.address
        for resource in inventory.resources.values()
        if resource.unread is not None and resource.type in kinds
    }
    while more := {
        address
        for address, item in inventory.resources.items()
        if address not in judged and _belongs(inventory, item, judged)
    }:
        judged |= more
    held = [item for item in inventory.resources.values() if item.address in judged]
    return judged | {found.address for item in held for found in _given(inventory, item)}


def _kinds_near(types: Iterable[str]) -> set[str]:
    """Some types, those that may be part of them, and those that such a part gives to them."""
    kinds = {one for kind in types for one in variants(base_type(kind))}
    parts = {
        kind
        for kind in types_with("part_of")
        if not kinds.isdisjoint(terraform_type(kind).part_of.values())
    }
    gives = any(_POLICY in terraform_type(kind).identity for kind in parts)
    return kinds | parts | ({meant(_POLICY)} if gives else set())


def _given(inventory: Inventory, attachment: Resource) -> Iterator[Resource]:
    """The policy that an attachment gives to what it is part of."""
    row = terraform_type(attachment.type)
    if not row.part_of or _POLICY not in row.identity or attachment.unread is not None:
        return
    try:
        policy = inventory.target(attachment, _POLICY)
    except UnknownValueError:
        return  # whatever rests on the attachment says so
    if policy is not None:
        yield policy


def _belongs(inventory: Inventory, item: Resource, judged: Collection[str]) -> bool:
    """Whether it is part of something that is judged; what is not known is."""
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


def _recognized(outputs: Mapping[str, Any], account: str) -> set[Recognized]:
    """What of the account outputs name."""
    texts = {text for value in outputs.values() for text in texts_in(value)}
    found = {one for one in map(recognize, texts) if one is not None}
    return {one for one in found if one.account in ("", account)}
