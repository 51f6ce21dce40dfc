"""Whether a resource policy lets an AWS service do something.

AWS services check this themselves before they accept a bucket or a key (CloudTrail's CreateTrail,
for one), and so do their stand-ins here. What is not understood counts as a refusal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_NEGATED = ("StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike")
_LITERAL = ("StringEquals", "StringNotEquals", "Bool")


def service_may(
    policy: str | bytes | None,
    service: str,
    action: str,
    resource: str,
    context: Mapping[str, str],
) -> bool:
    """Whether a policy allows a service's request and nothing in it denies it.

    Args:
        policy: JSON text; none allows nothing.
        service: service principal, for example `cloudtrail.amazonaws.com`.
        action: for example `s3:PutObject`.
        resource: ARN.
        context: condition keys of the request, names in lower case; that a service is the caller
            (`aws:PrincipalServiceName`, `aws:PrincipalIsAWSService`) is added here.

    Raises:
        ValueError: the policy is no JSON.
    """
    if not policy:
        return False
    context = {
        **context,
        "aws:principalservicename": service,
        "aws:principalisawsservice": "true",
    }
    statements = _many(json.loads(policy).get("Statement"))
    hits = [
        statement["Effect"]
        for statement in statements
        if _principal(statement, service)
        and _listed(statement, "Action", "NotAction", action.lower(), lower=True)
        and _listed(statement, "Resource", "NotResource", resource, lower=False)
        and _conditions(statement.get("Condition") or {}, context, statement["Effect"])
    ]
    return "Allow" in hits and "Deny" not in hits


def _principal(statement: Mapping[str, Any], service: str) -> bool:
    named = statement.get("Principal")
    if named is None:
        return "NotPrincipal" in statement and statement["Effect"] == "Deny"
    return named == "*" or service in _many(named.get("Service")) or "*" in _many(named.get("AWS"))


def _listed(
    statement: Mapping[str, Any], name: str, negated: str, value: str, *, lower: bool
) -> bool:
    if name in statement:
        return _matches(_many(statement[name]), value, lower=lower)
    return negated in statement and not _matches(_many(statement[negated]), value, lower=lower)


def _conditions(
    conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str], effect: str
) -> bool:
    return all(
        _condition(operator, key, _many(wanted), context, effect)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition(
    operator: str, key: str, wanted: Iterable[Any], context: Mapping[str, str], effect: str
) -> bool:
    base = operator.removesuffix("IfExists")
    texts = [str(item).lower() if isinstance(item, bool) else str(item) for item in wanted]
    actual = context.get(key.lower())
    if base == "Null":
        return (actual is None) == (texts[0] == "true")
    if base not in ("StringLike", "ArnLike", "ArnEquals", *_LITERAL, *_NEGATED):
        return effect == "Deny"  # not understood: an allow does not hold, a deny does
    if actual is None:
        return operator.endswith("IfExists") or base in _NEGATED
    hit = actual in texts if base in _LITERAL else _matches(texts, actual, lower=False)
    return hit != (base in _NEGATED)


def _matches(patterns: Iterable[str], value: str, *, lower: bool) -> bool:
    return any(
        re.fullmatch(_expression(pattern.lower() if lower else pattern), value, re.DOTALL)
        for pattern in patterns
    )


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


def _many(value: Any) -> list[Any]:  # noqa: ANN401 - one JSON value or a list of them
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
