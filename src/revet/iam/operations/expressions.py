"""DynamoDB's expressions, as far as access is decided by them.

Source: Amazon DynamoDB Developer Guide, "Using expressions in DynamoDB" (projection, condition,
filter, key condition and update expressions; names beginning with `#` are placeholders) and
"Condition and filter expressions, operators, and functions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MEMBERS = (
    "ProjectionExpression",
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "UpdateExpression",
)
_TOKEN = re.compile(
    r"(?P<path>[#A-Za-z_][\w-]*(?:\[\d+\]|\.[#A-Za-z_][\w-]*)*)(?P<call>\s*\()?|:\w+"
)
_WORDS = frozenset(("add", "and", "between", "delete", "in", "not", "or", "remove", "set"))
_FUNCTIONS = frozenset(
    (
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "if_not_exists",
        "list_append",
        "size",
    )
)
_EQUALS = re.compile(r"\(?\s*(?P<name>[#\w-]+)\s*=\s*(?P<value>:\w+)\s*\)?")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def expression_attributes(parameters: Mapping[str, Any]) -> list[str]:
    """The top-level attributes that a request's expressions name, in the order of the request.

    Args:
        parameters: of the operation, or of one table or item within it.
    """
    names = parameters.get("ExpressionAttributeNames") or {}
    found = [
        str(names.get(first, first))
        for member in _MEMBERS
        for first in _firsts(str(parameters.get(member) or ""))
    ]
    return list(dict.fromkeys(found))


def _firsts(expression: str) -> Iterator[str]:
    for match in _TOKEN.finditer(expression):
        path = match["path"]
        if not path or path.lower() in _WORDS or (match["call"] and path.lower() in _FUNCTIONS):
            continue
        yield re.split(r"[.\[]", path, maxsplit=1)[0]


def equal_to(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that a key condition compares with one value, and the attribute values.

    Args:
        parameters: of a `Query`.
    """
    names = parameters.get("ExpressionAttributeNames") or {}
    values = parameters.get("ExpressionAttributeValues") or {}
    text = str(parameters.get("KeyConditionExpression") or "").strip()
    found = {}
    for clause in _AND.split(text):
        match = _EQUALS.fullmatch(clause.strip())
        if match is not None:
            found[str(names.get(match["name"], match["name"]))] = values.get(match["value"])
    return found
