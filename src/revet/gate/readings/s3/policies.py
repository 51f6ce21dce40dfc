"""The policies of a bucket, and what the resources in their statements mean for it.

A plan knows neither the ARN nor, often, the name of a bucket that it is about to create, so
patterns are compared after every way of writing this very bucket was replaced by one word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from revet.iam.document import Condition, PolicyDocument, Principal, Statement
from revet.iam.symbol import is_exact, origins, replace_symbols
from revet.plan import Inventory, Resource
from revet.plan.resource_policies import resource_policies

_BUCKET_ARN = re.compile(r"^arn:(?:[a-z*-]+|\$\{[^{}]*\}):s3:::([^/]*)(/.*)?$")
_ARN_ATTRIBUTE = re.compile(r"\.arn\}$")
_NAME_ATTRIBUTES = re.compile(r"\.(?:id|bucket)\}$")
_EVERYBODY = frozenset({Principal("*", "*"), Principal("AWS", "*")})
_ANY_OBJECT = "/any\N{SYMBOL FOR NULL}object"
# No legal names of buckets: a literal in a policy must not be taken for one of them.
_SELF = "THIS_BUCKET"
_OTHER = "ANOTHER_BUCKET"


@dataclass(frozen=True, slots=True)
class PolicyReach:
    """What of a bucket a resource pattern covers.

    Args:
        bucket: the bucket itself.
        objects: every object in it.
        undecided: the plan does not show what the pattern names.
    """

    bucket: bool = False
    objects: bool = False
    undecided: bool = False


def bucket_policies(
    bucket: Resource, inventory: Inventory
) -> tuple[tuple[Resource, PolicyDocument], ...]:
    """The documents attached to an `aws_s3_bucket`, each with the resource that holds it.

    Raises:
        UnknownValueError: a policy is not known, or it is not known whose policy it is.
    """
    policies = resource_policies(bucket, inventory)
    policies.refuse_unknown()
    held = policies.held
    return tuple((item.holder, item.document) for item in held if item.document is not None)


def reach(pattern: str, bucket: Resource, inventory: Inventory) -> PolicyReach:
    """What of a bucket a `Resource` pattern covers.

    Args:
        pattern: of a statement; symbols `${aws_s3_bucket.x.arn}` are in it.
        bucket: an `aws_s3_bucket`.
        inventory: it belongs to.
    """
    if pattern == "*":
        return PolicyReach(bucket=True, objects=True)
    text = replace_symbols(pattern, lambda inner: _own(inner, bucket, inventory))
    match = _BUCKET_ARN.match(text)
    if match is None:
        return PolicyReach(undecided="${" in text)
    name, path = match.group(1), match.group(2) or ""
    if "${" in name + path:
        return PolicyReach(undecided=True)
    if not _matches_name(name, bucket):
        return PolicyReach()
    if path:
        return PolicyReach(objects=fnmatchcase(_ANY_OBJECT, path))
    return PolicyReach(bucket=True, objects=name.endswith("*"))


def denies_plain_http(statement: Statement) -> bool:
    """Whether a statement denies everything to everybody without TLS, and nothing narrows it."""
    return (
        statement.effect == "Deny"
        and not _EVERYBODY.isdisjoint(statement.principals)
        and any(action.lower() in ("*", "s3:*") for action in statement.actions)
        and len(statement.conditions) == 1
        and _is_plain_http(statement.conditions[0])
    )


def _is_plain_http(condition: Condition) -> bool:
    return (
        condition.operator.lower() in ("bool", "boolifexists")
        and condition.key.lower() == "aws:securetransport"
        and [value.lower() for value in condition.values] == ["false"]
    )


def _own(inner: str, bucket: Resource, inventory: Inventory) -> str:
    """The symbol's replacement: our own word where it means the bucket."""
    symbol = f"${{{inner}}}"
    if not is_exact(inner):
        return _OTHER if _is_of_others(inner, bucket, inventory) else symbol
    referred = inventory.symbol(symbol)
    if referred is None or referred.address != bucket.address:
        if referred is not None and referred.type == bucket.type:
            return f"arn:aws:s3:::{_OTHER}" if _ARN_ATTRIBUTE.search(symbol) else _OTHER
        return symbol
    if _ARN_ATTRIBUTE.search(symbol):
        return f"arn:aws:s3:::{_SELF}"
    return _SELF if _NAME_ATTRIBUTES.search(symbol) else symbol


def _is_of_others(inner: str, bucket: Resource, inventory: Inventory) -> bool:
    """Whether a value is made of nothing but the ARNs of other buckets."""
    for origin in origins(inner):
        text = f"${{{origin}}}"
        named = inventory.symbol(text) if _ARN_ATTRIBUTE.search(text) else None
        if named is None or named.type != bucket.type or named.address == bucket.address:
            return False
    return True


def _matches_name(name: str, bucket: Resource) -> bool:
    """Whether a name or pattern means the bucket; raises when that hangs on an unknown name."""
    if _SELF in name or _OTHER in name:
        return fnmatchcase(_SELF, name)
    return name == "*" or fnmatchcase(f"{bucket.get('bucket')}", name)
