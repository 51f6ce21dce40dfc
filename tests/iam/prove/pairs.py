"""Random pairs of identity policies, the same for the same seed.

Half of the pairs are one policy and something made of it (see `changes`), so that both answers are
frequent.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.iam.prove import changes
from tests.iam.prove.pair_words import (
    ACTIONS,
    ADDRESSES,
    ARNS,
    BYTES,
    DATES,
    EVERY_ACTION,
    NUMBERS,
    OPEN_ARNS,
    OPEN_RESOURCES,
    OPEN_VALUES,
    RESOURCES,
    SEVERAL,
    STRINGS,
    TRUTHS,
    Key,
)

Table: TypeAlias = dict[str, Any]

SEED = 12
_KEYS = ((STRINGS, 8), (ARNS, 3), (NUMBERS, 3), (DATES, 3), (TRUTHS, 3), (ADDRESSES, 3),
         (SEVERAL, 5), (BYTES, 1))  # fmt: skip
_OPERATORS = {
    "string": ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase",
               "StringNotEqualsIgnoreCase", "StringLike", "StringLike", "StringNotLike"),
    "arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringEquals"),
    "number": ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
               "NumericGreaterThan", "NumericGreaterThanEquals"),
    "date": ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals",
             "DateGreaterThan", "DateGreaterThanEquals"),
    "bool": ("Bool",),
    "address": ("IpAddress", "NotIpAddress"),
    "bytes": ("BinaryEquals",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two policies.

    Args:
        new: the policy that may allow more.
        old: the policy to compare with.
        made: how the one was made of the other; empty for two that were made alone.
    """

    new: Table
    old: Table
    made: str = ""

    def __str__(self) -> str:
        """Both as text, for the report of a failure."""
        return f"{self.made or 'alone'}\n  new {json.dumps(self.new)}\n  old {json.dumps(self.old)}"


def pairs(count: int, seed: int = SEED, size: int = 0) -> Iterator[Pair]:
    """Random pairs.

    Args:
        count: how many.
        seed: of the random choices.
        size: how many statements a policy has; 0 for a few.
    """
    draw = random.Random(seed)  # noqa: S311 - the same pairs in each run
    for number in range(count):
        if number % 2:
            yield Pair(policy(draw, size), policy(draw, size))
        else:
            yield _derived(draw, size)


def _derived(draw: random.Random, size: int) -> Pair:
    first = policy(draw, size)
    name = draw.choice(tuple(changes.CHANGES))
    second = changes.CHANGES[name](first, draw)
    if draw.random() < 0.3:
        further = draw.choice(tuple(changes.CHANGES))
        second, name = changes.CHANGES[further](second, draw), f"{name}, {further}"
    if draw.random() < 0.6:
        return Pair(second, first, name)
    return Pair(first, second, f"{name}, turned round")


def policy(draw: random.Random, size: int = 0) -> Table:
    """A random policy of some statements, or of a few."""
    services = draw.sample(tuple(ACTIONS), draw.choice((1, 2, 2, 3)))
    found = [statement(draw, services) for _ in range(size or draw.choice((1, 1, 2, 2, 3, 4)))]
    if all(one["Effect"] == "Deny" for one in found):
        found[0]["Effect"] = "Allow"
    # In the older version `${` is plain text, which no resource of a request can hold.
    older = draw.random() < 0.05 and "${" not in json.dumps(found)
    version = "2008-10-17" if older else "2012-10-17"
    return {"Version": version, "Statement": found}


def statement(draw: random.Random, services: list[str]) -> Table:
    """A random statement about some services."""
    found: Table = {"Effect": "Deny" if draw.random() < 0.25 else "Allow"}
    about = draw.sample(services, draw.randint(1, min(2, len(services))))
    actions = [draw.choice(ACTIONS[draw.choice(about)]) for _ in range(draw.choice((1, 1, 2, 3)))]
    if draw.random() < 0.12:
        actions = [draw.choice(EVERY_ACTION)]
    element = "NotAction" if draw.random() < 0.15 and "*" not in actions else "Action"
    found[element] = actions[0] if len(actions) == 1 else actions
    resources = [
        draw.choice((OPEN_RESOURCES if draw.random() < 0.2 else RESOURCES)[draw.choice(about)])
        for _ in range(draw.choice((1, 1, 2)))
    ]
    element = "NotResource" if draw.random() < 0.15 else "Resource"
    if element == "Resource" and draw.random() < 0.3:
        resources = ["*"]
    found[element] = resources[0] if len(resources) == 1 else resources
    conditions = draw.choice((0, 0, 0, 1, 1, 1, 2, 3))
    block: Table = {}
    for _ in range(conditions):
        operator, key, values = condition(draw)
        block.setdefault(operator, {})[key] = values
    if block:
        found["Condition"] = block
    return found


def condition(draw: random.Random) -> tuple[str, str, Any]:
    """A random condition: operator, key, values."""
    keys = draw.choices([keys for keys, _ in _KEYS], [weight for _, weight in _KEYS])[0]
    key = draw.choice(keys)
    if draw.random() < 0.12:
        return "Null", key.name, draw.choice(("true", "false"))
    operator = draw.choice(_OPERATORS[key.kind])
    values = _values(draw, key, operator)
    if draw.random() < (0.9 if key.several else 0.03):
        operator = draw.choice(("ForAllValues:", "ForAnyValue:")) + operator
    if draw.random() < 0.15:
        operator += "IfExists"
    return operator, key.name, values[0] if len(values) == 1 else values


def _values(draw: random.Random, key: Key, operator: str) -> list[str]:
    pool = key.plain
    if (key.patterns and "Like" in operator) or operator.startswith("Arn"):
        pool = key.patterns + key.plain
    values = draw.sample(pool, min(len(pool), draw.choice((1, 1, 2, 3))))
    if draw.random() < 0.12 and "IgnoreCase" not in operator:
        if key.kind == "string" and key.name != "aws:username":
            values[0] = draw.choice(OPEN_VALUES)
        elif key.kind == "arn":
            values[0] = draw.choice(OPEN_ARNS)
    return values
