"""From a policy to its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from revet.iam.document_json import JsonObject, PolicyError, Span, parse_json
from revet.iam.validate.catalog import Check, checks_for, checks_with, needs_of
from revet.iam.validate.finding import Level, Location, PolicyFinding
from revet.iam.validate.policy_type import TRUST_RESOURCE_TYPE, PolicyType
from revet.iam.validate.subject import (
    ActionSubject,
    ConditionSubject,
    PolicySubject,
    PrincipalSubject,
    ResourceSubject,
    StatementSubject,
    UnreadableSubject,
)
from revet.model.work import spend

LARGEST = 262_144
"""Characters that are no white space: more than the largest policy of AWS itself has.

That is `AWSSupportServiceRolePolicy` with 157,000 (2026). Whoever sends more does not send a
policy, and shall not keep the validation busy.
"""
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
    subject = _read(document, kind, resource_type)
    if isinstance(subject, UnreadableSubject):
        found = _apply(checks_for(kind)[UnreadableSubject], (subject,), subject.span)
    else:
        found = _run(subject)
    return tuple(sorted(found, key=_sort_key))


def _read(
    document: str | bytes, kind: PolicyType, resource_type: str
) -> PolicySubject | UnreadableSubject:
    if isinstance(document, bytes):
        try:
            text = document.decode("utf-8")
        except UnicodeDecodeError as error:
            text = document.decode("utf-8", errors="replace")
            return UnreadableSubject(text, f"it is not UTF-8 at byte {error.start}")
    else:
        text = document
    try:
        parsed = parse_json(text)
    except PolicyError as error:
        parts = [f"{error.what} at {error.where}" if error.where else error.what]
        parts += [f"got {error.got}"] if error.got else []
        parts += [f"expected {error.expected}"] if error.expected else []
        return UnreadableSubject(text, ", ".join(parts))
    if not isinstance(parsed.root, JsonObject):
        return UnreadableSubject(text, "it is JSON, but no JSON object")
    if len(text) > LARGEST and len(text) - sum(map(text.count, " \t\r\n")) > LARGEST:
        return UnreadableSubject(
            text, f"it has {len(text)} characters, more than any policy may have"
        )
    return PolicySubject(parsed, parsed.root, kind, resource_type)


def _sort_key(finding: PolicyFinding) -> tuple[int, int, int, str]:
    span = finding.locations[0].span
    return (span.start.offset, -span.end.offset, _ORDER[finding.level], finding.code)


def _run(policy: PolicySubject) -> list[PolicyFinding]:
    lower = policy.json.text.lower()
    escaped = "\\u" in lower  # a text may be written in escapes
    present = frozenset(need for need in needs_of(policy.type) if escaped or need in lower)
    checks = checks_with(policy.type, present)
    found = _apply(checks[PolicySubject], (policy,), policy.json.span)
    for statement in policy.statements:
        for kind, subjects in (
            (StatementSubject, (statement,)),
            (ActionSubject, statement.actions),
            (ResourceSubject, statement.resources),
            (PrincipalSubject, statement.principals),
            (ConditionSubject, statement.conditions),
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
