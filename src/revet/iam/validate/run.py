"""From a policy to its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from revet.iam.document_json import Span
from revet.iam.policy_type import TRUST_RESOURCE_TYPE, PolicyType
from revet.iam.validate.catalog import checks_for, checks_with, needs_of
from revet.iam.validate.finding import Check, Level, Location, PolicyFinding
from revet.iam.validate.reading import UnreadableText, read_policy
from revet.iam.validate.written import (
    WrittenAction,
    WrittenCondition,
    WrittenPolicy,
    WrittenPrincipal,
    WrittenResource,
    WrittenStatement,
)
from revet.model.work import spend

_ORDER = {level: number for number, level in enumerate(Level)}


def validate_policy(
    document: str | bytes,
    policy_type: PolicyType | str,
    resource_type: str = "",
) -> tuple[PolicyFinding, ...]:
    """Find what is wrong with a policy, as IAM Access Analyzer's ValidatePolicy does.

    Args:
        document: the JSON text; spans refer to it.
        policy_type: what it is attached to.
        resource_type: CloudFormation type of the resource that a resource policy is attached to
            (`AWS::S3::Bucket`); empty when it is not known.

    Returns:
        Findings by place in the text, then by level. Text that is no JSON, or far larger than any
        policy can be, is one finding, `JSON_SYNTAX_ERROR`.

    Raises:
        ValueError: no such policy type.
    """
    kind = PolicyType(policy_type)
    if kind is PolicyType.RESOURCE and resource_type == TRUST_RESOURCE_TYPE:
        kind = PolicyType.TRUST
    subject = read_policy(document, kind, resource_type)
    if isinstance(subject, UnreadableText):
        found = _apply(checks_for(kind)[UnreadableText], (subject,), subject.span)
    else:
        found = _run(subject)
    return in_order(found)


def in_order(findings: Iterable[PolicyFinding]) -> tuple[PolicyFinding, ...]:
    """Findings by place in the text, then by level."""
    return tuple(sorted(findings, key=_sort_key))


def _sort_key(finding: PolicyFinding) -> tuple[int, int, int, str]:
    span = finding.locations[0].span
    return (span.start.offset, -span.end.offset, _ORDER[finding.level], finding.code)


def _run(policy: WrittenPolicy) -> list[PolicyFinding]:
    lower = policy.json.text.lower()
    escaped = "\\u" in lower  # a text may be written in escapes
    present = frozenset(need for need in needs_of(policy.type) if escaped or need in lower)
    checks = checks_with(policy.type, present)
    found = _apply(checks[WrittenPolicy], (policy,), policy.json.span)
    for statement in policy.statements:
        for kind, subjects in (
            (WrittenStatement, (statement,)),
            (WrittenAction, statement.actions),
            (WrittenResource, statement.resources),
            (WrittenPrincipal, statement.principals),
            (WrittenCondition, statement.conditions),
        ):
            found += _apply(checks[kind], subjects, policy.json.span)
    return found


def _apply(
    checks: tuple[Check, ...], subjects: Iterable[Any], span: Callable[[int, int], Span]
) -> list[PolicyFinding]:
    found: list[PolicyFinding] = []
    for subject in subjects:
        spend(1 + len(checks) // 4)
        for item in checks:
            for hit in item.find(subject):
                places = tuple(
                    Location(place.path, span(place.start, place.end)) for place in hit.places
                )
                found.append(PolicyFinding(item.code, item.level, hit.details, places))
    return found
