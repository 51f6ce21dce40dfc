"""The condition operators, read from AWS's documentation: a part of the naive evaluator."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.iam.differential.naive_text import Context, arn_like, expand, like, plain


def number(text: str) -> Decimal:
    return Decimal(text)


def moment(text: str) -> datetime:
    """A time in ISO 8601 or in seconds since 1970.

    Source: "IAM JSON policy elements: Condition operators", date condition operators.
    """
    if text.replace(".", "").isdigit() and "-" not in text and len(text) > 4:
        return datetime.fromtimestamp(float(text), UTC)
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def in_range(value: str, wanted: str) -> bool:
    """Source: the same page, IP address condition operators; IPv4 and IPv6 ranges may be mixed."""
    address, network = ipaddress.ip_address(value), ipaddress.ip_network(wanted)
    return address.version == network.version and address in network


# Operators that compare without variables; the first argument is the value in the request.
# Source of all: "IAM JSON policy elements: Condition operators".
PLAIN: dict[str, Callable[[str, str], bool]] = {
    "NumericEquals": lambda value, wanted: number(value) == number(wanted),
    "NumericLessThan": lambda value, wanted: number(value) < number(wanted),
    "NumericLessThanEquals": lambda value, wanted: number(value) <= number(wanted),
    "NumericGreaterThan": lambda value, wanted: number(value) > number(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: number(value) >= number(wanted),
    "DateEquals": lambda value, wanted: moment(value) == moment(wanted),
    "DateLessThan": lambda value, wanted: moment(value) < moment(wanted),
    "DateLessThanEquals": lambda value, wanted: moment(value) <= moment(wanted),
    "DateGreaterThan": lambda value, wanted: moment(value) > moment(wanted),
    "DateGreaterThanEquals": lambda value, wanted: moment(value) >= moment(wanted),
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "BinaryEquals": lambda value, wanted: base64.b64decode(value) == base64.b64decode(wanted),
    "IpAddress": in_range,
}

# Operators whose policy values may hold variables; they get the expanded characters.
# Source: "IAM policy elements: Variables and tags", Condition element: string and ARN operators.
WITH_VARIABLES: dict[str, Callable[[Any, str], bool]] = {
    "StringEquals": lambda wanted, value: plain(wanted) == value,
    "StringEqualsIgnoreCase": lambda wanted, value: plain(wanted).lower() == value.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,  # the page: ArnEquals and ArnLike behave identically
    "ArnLike": arn_like,
}

NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def as_list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def matches(conditions: Mapping[str, Mapping[str, Any]], context: Context, version: str) -> bool:
    """Whether a whole Condition element is true: all operators and all keys.

    Source: "Conditions with multiple context keys or values": operators and keys are ANDed, the
    values of one key are ORed, those of a negated operator NORed.
    """
    return all(
        holds(operator, key, as_list(values), context, version)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def holds(operator: str, key: str, wanted: list[Any], context: Context, version: str) -> bool:
    """Whether one condition is true; with ...IfExists it is when the key is missing (same page)."""
    texts = [as_text(value) for value in wanted]
    values = context.get(key.lower(), ())
    if operator == "Null":
        # Source: "Condition operators", check existence: true means that the key does not exist,
        # false that it exists and its value is not null.
        return any((text.lower() == "true") == (not any(values)) for text in texts)
    qualifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in NEGATED
    name = NEGATED.get(name, name)
    if not values or (qualifier and not any(values)):
        return if_exists or without_key(qualifier, negated=negated)

    expanded = texts_of(name, texts, context, version, negated=negated)
    if expanded is None:
        return False

    def one(value: str) -> bool:
        return negated != any(value_matches(name, value, text) for text in expanded)

    if qualifier == "ForAllValues":
        return all(map(one, values))
    if qualifier == "ForAnyValue":
        return any(map(one, values))
    if len(values) > 1:
        raise ValueError(f"{key} has many values: AWS requires a set operator")
    return one(values[0])


def without_key(qualifier: str, *, negated: bool) -> bool:
    """Whether a condition is true whose key is not in the request, or holds no value.

    Source: "Single-valued vs. multivalued context keys": ForAllValues is true, ForAnyValue false.
    "Condition operators": without set operator the values do not match, so a negated one is true.
    """
    return qualifier == "ForAllValues" or (not qualifier and negated)


def texts_of(
    name: str, texts: list[str], context: Context, version: str, *, negated: bool
) -> list[Any] | None:
    """The policy's values after their variables are replaced; None if that makes it invalid.

    Source: "IAM policy elements: Variables and tags": any attempt to match a value that is not
    present fails and may cause the statement to be invalid: a negated operator does not match
    either; other values of a list may.
    """
    if name in PLAIN:
        return list(texts)
    expanded = [expand(text, context, version) for text in texts]
    known = [pieces for pieces in expanded if pieces is not None]
    return known if known and (len(known) == len(texts) or not negated) else None


def value_matches(name: str, value: str, wanted: Any) -> bool:  # noqa: ANN401 - text or pieces
    """Whether one value of the request matches one value of the policy."""
    return PLAIN[name](value, wanted) if name in PLAIN else WITH_VARIABLES[name](wanted, value)
