"""Random conditions that are true, or false, in a given request."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.iam.differential.naive_conditions import holds
from tests.iam.differential.naive_text import Context
from tests.iam.differential.vocabulary import ACCOUNTS, Key

OPERATORS = {
    "String": (
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
        "StringLike", "StringNotLike",
    ),
    "Numeric": (
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
        "NumericGreaterThan", "NumericGreaterThanEquals",
    ),
    "Date": (
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "IpAddress": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotEquals"),
}  # fmt: skip
# Types of keys, as often as they have operators of their own.
TYPES = tuple(kind for kind, names in OPERATORS.items() if kind != "String" for _ in names)
RANGES = (
    "203.0.113.0/24", "203.0.113.0/25", "198.51.100.7", "198.51.100.0/24", "10.0.0.0/8",
    "10.1.0.0/16", "2001:db8:1234:5678::/64", "2001:db8::/32", "0.0.0.0/0",
)  # fmt: skip
# The pattern of the documentation that matches as a text and not as an ARN.
ACROSS = "arn:aws:someservice:*:111122223333:finance/*"
ARN_PATTERNS = (
    "arn:aws:sns:*:111122223333:*", "arn:aws:s3:::*", "arn:aws:*:*:*:*", "arn:aws:iam::*:role/*",
    "arn:aws:iam::111122223333:*", ACROSS,
    "arn:aws:s?s:us-*-1:*:topic-?", "arn:aws:iam::444455556666:user/*",
)  # fmt: skip
VARIABLES = (
    "aws:username", "aws:PrincipalTag/team", "AWS:principaltag/project", "aws:PrincipalAccount",
    "aws:ResourceTag/team", "aws:SourceAccount", "sts:SourceIdentity",
)  # fmt: skip
TRIES = 12


def condition(
    draw: random.Random, keys: list[Key], context: Context, version: str, *, wanted: bool
) -> tuple[str, str, Any] | None:
    """An operator, a key and values which are as true as wanted; None if none was found."""
    for _ in range(TRIES):
        key = draw.choice(keys)
        if draw.random() < 0.6:  # keys of a rare type are not rare
            kind = draw.choice(TYPES)
            key = draw.choice([item for item in keys if item.type == kind] or keys)
        if key.name.lower() not in context and draw.random() < 0.6:
            continue  # missing keys are part of it, not all of it
        operator, values = _attempt(draw, key, context)
        if holds(operator, key.name, values, context, version) == wanted:
            prefix, slash, tag = key.name.partition("/")
            if draw.random() < 0.2:  # names of keys are not case-sensitive
                prefix = draw.choice((prefix.lower(), prefix.upper()))
            name = prefix + slash + tag
            written = [as_json(draw, key, value) for value in values]
            single = len(values) == 1 and draw.random() < 0.6
            return operator, name, written[0] if single else written
    return None


def as_json(draw: random.Random, key: Key, text: str) -> Any:  # noqa: ANN401 - JSON
    """The text, or now and then the JSON number or boolean that it writes."""
    if key.type not in {"Bool", "Numeric"} or draw.random() < 0.8:
        return text
    return json.loads(text)


def _attempt(draw: random.Random, key: Key, context: Context) -> tuple[str, list[str]]:
    if draw.random() < 0.12 and not key.empty:
        return "Null", draw.choice((["true"], ["false"]))
    operator = draw.choice(OPERATORS[key.type])
    ordered = key.type in {"Numeric", "Date"}
    count = (
        1 if key.type == "Bool" else draw.choice((1, 1, 1, 1, 2) if ordered else (1, 1, 1, 2, 3))
    )
    actual = context.get(key.name.lower(), ())
    values = [_value(draw, key, operator, actual) for _ in range(count)]
    if operator.startswith(("String", "Arn")) and draw.random() < 0.15:
        values = _with_variable(draw, operator, values)
    if key.many or draw.random() < 0.4:
        qualifier = draw.choice(("ForAllValues:", "ForAnyValue:"))
    else:
        qualifier = ""
    # An empty set is a missing value to some pages and a value to others: not with IfExists.
    if_exists = "IfExists" if draw.random() < 0.35 and not key.empty else ""
    return qualifier + operator + if_exists, values


def _with_variable(draw: random.Random, operator: str, values: list[str]) -> list[str]:
    """One value as a variable, with or without a default."""
    variable = draw.choice(VARIABLES)
    default = f", '{draw.choice(values)}'" if draw.random() < 0.25 else ""
    text = f"${{{variable}{default}}}"
    if operator.startswith("Arn"):
        text = f"arn:aws:iam::{draw.choice(ACCOUNTS)}:user/{text}"
    return [*values[:-1], text]


def _value(draw: random.Random, key: Key, operator: str, actual: tuple[str, ...]) -> str:
    """A value of the policy: the request's own one, one like it, or another."""
    if key.type == "IpAddress":
        return draw.choice(RANGES)
    same = 0.25 if key.type in {"Numeric", "Date"} else 0.5
    base = draw.choice(actual) if actual and draw.random() < same else draw.choice(key.values)
    if operator.startswith("Arn"):
        return arn_pattern(draw, base)
    if "Like" in operator:
        return draw.choice(ARN_PATTERNS) if key.type == "Arn" else pattern(draw, base)
    if "IgnoreCase" in operator:
        return draw.choice((str.upper, str.lower, str.swapcase))(base)
    if key.type == "String" and draw.random() < 0.12:
        return pattern(draw, base)  # a wildcard is a plain character to StringEquals
    return base


def arn_pattern(draw: random.Random, arn: str) -> str:
    roll = draw.random()
    if arn.count(":") > 5 and roll < 0.4:
        return ACROSS
    if roll < 0.35:
        return draw.choice(ARN_PATTERNS)
    if roll < 0.6:
        return arn
    parts = arn.split(":", 5)
    index = draw.randrange(3, 6)
    parts[index] = draw.choice(("*", pattern(draw, parts[index]) if parts[index] else "*"))
    return ":".join(parts)


FORMS: tuple[Callable[[str, int, int], str], ...] = (
    lambda text, start, _: text[: start + 1] + "*",
    lambda text, start, _: text[: start + 1] + "*",
    lambda text, start, _: text[:start] + "?" + text[start + 1 :],
    lambda text, start, end: text[:start] + "*" + text[end:],
    lambda text, start, _: "*" + text[start:],
    lambda text, start, end: text[:start] + "?" * (end - start) + text[end:],
    lambda *_: "*",
)


def pattern(draw: random.Random, text: str) -> str:
    """The text with a part of it as a wildcard."""
    if not text:
        return draw.choice(("", "*", "?"))
    start = int(draw.random() * len(text))
    end = start + 1 + int(draw.random() * (len(text) - start))
    return draw.choice(FORMS)(text, start, end)
