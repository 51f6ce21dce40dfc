"""All that is found in a policy: what validation finds, and what a proof shows beside.

Validation lies below proofs and knows nothing of them; whoever shows findings asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies
from revet.iam.policy_type import TRUST_RESOURCE_TYPE, PolicyType
from revet.iam.prove.codes import IdleStatement, load_proofs
from revet.iam.prove.idle import IdleStatements
from revet.iam.validate import Level, Location, PolicyFinding, validate_policy
from revet.iam.validate.place import Path
from revet.iam.validate.reading import UnreadableText, read_policy
from revet.iam.validate.run import in_order
from revet.iam.validate.written import WrittenPolicy
from revet.model.errors import InputError

LARGEST = 40_000
"""Characters of a policy in which nothing is proved any more: twice the largest quota, S3's.

Source: Amazon S3 User Guide, "Bucket policies": 20 KB.
"""
_SAME_PLACE = frozenset(("REDUNDANT_STATEMENT",))
"""Codes that say of a statement what a proof would say."""


def review_policy(
    document: str | bytes, policy_type: PolicyType | str, resource_type: str = ""
) -> tuple[PolicyFinding, ...]:
    """Find what is wrong with a policy, and what in it does nothing.

    A proof is silent where validation says something of the same place already, and where it would
    take long. The arguments are those of `validate_policy`.

    Returns:
        The findings of `validate_policy`, and those with `PROOF_PREFIX`, in one order.

    Raises:
        ValueError: no such policy type.
    """
    found = validate_policy(document, policy_type, resource_type)
    return in_order((*found, *_proved(document, PolicyType(policy_type), resource_type, found)))


def _proved(
    document: str | bytes,
    kind: PolicyType,
    resource_type: str,
    found: tuple[PolicyFinding, ...],
) -> Iterator[PolicyFinding]:
    if kind is PolicyType.RESOURCE and resource_type == TRUST_RESOURCE_TYPE:
        kind = PolicyType.TRUST
    if len(document) > LARGEST:
        return
    policy = read_policy(document, kind, resource_type)
    if isinstance(policy, UnreadableText):
        return
    try:
        parsed = parse_policy(policy.json.text)
    except InputError:  # not a policy, as validation says
        return
    for statement in _idle(policy, parsed):
        for check in load_proofs().values():
            for hit in check.find(statement):
                places = tuple(
                    Location(place.path, policy.json.span(place.start, place.end))
                    for place in hit.places
                )
                if not _is_said(statement.written.path, places, found):
                    yield PolicyFinding(check.code, check.level, hit.details, places)


def _idle(policy: WrittenPolicy, parsed: PolicyDocument) -> Iterator[IdleStatement]:
    written = {one.node.start: one for one in policy.statements}
    proofs = IdleStatements(_at_its_place(parsed, policy.type))
    for idle in proofs.found():
        statement = written.get(proofs.statements[idle.at].span.start.offset)
        if statement is not None:
            by = tuple(proofs.statements[one] for one in idle.by)
            yield IdleStatement(statement, idle, by)


def _at_its_place(document: PolicyDocument, kind: PolicyType) -> Policies:
    if kind in (PolicyType.RESOURCE, PolicyType.TRUST):
        return Policies(resource=document)
    if kind is PolicyType.BOUNDARY:
        return Policies(boundary=document)
    if kind is PolicyType.SESSION:
        return Policies(session=(document,))
    if kind is PolicyType.SCP:
        return Policies(scps=((document,),))
    if kind is PolicyType.RCP:
        return Policies(rcps=((document,),))
    return Policies(identity=(document,))


def _is_said(statement: Path, places: tuple[Location, ...], found: Iterable[PolicyFinding]) -> bool:
    """Whether validation says something of a place, or objects to the statement as it is."""
    for finding in found:
        for said in finding.locations:
            within = said.path[: len(statement)] == statement
            if within and (finding.level is Level.ERROR or finding.code in _SAME_PLACE):
                return True
            if any(_touches(said, place) for place in places if place.path != statement):
                return True
    return False


def _touches(one: Location, other: Location) -> bool:
    """Whether one of two places lies in the other, or both are of one condition."""
    shorter = min(len(one.path), len(other.path))
    mine = tuple(name for _, name in one.path[:shorter])
    theirs = tuple(name for _, name in other.path[:shorter])
    return mine == theirs and shorter > _STATEMENT_STEPS


_STATEMENT_STEPS = 3
"""`Statement`, its number, `Condition`: what is deeper is of one operator."""
