"""Random requests near to policies: of their own values, and of values that just miss them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any, TypeAlias

from tests.iam.prove.changes import Table, entries, statements
from tests.iam.prove.pair_words import BY_NAME, EDGE_ADDRESSES, EDGE_DATES, EDGE_NUMBERS

from revet.iam.evaluate import Request
from revet.iam.operators import Kind, read_operator
from revet.iam.reference.actions import match_actions
from revet.iam.reference.conditions import condition_key

Context: TypeAlias = dict[str, str | list[str] | None]

WHO = "arn:aws:iam::111122223333:role/any"
_VARIABLE = re.compile(r"\$\{([^},]+?)(?:,\s*'([^']*)')?\}")
_FILLINGS = ("", "", "x", "a", "ana", "b/k", "role/app", "eu-west-1", "app:log-stream:x", ":", "k")
_ONES = ("a", "b", "1", "x", ":", "/", "")
_OTHER_ACTIONS = ("s3:GetObject", "iam:PassRole", "ec2:RunInstances", "sqs:SendMessage")
_MOST_KNOWN = 40
_LETTERS = "abkx1:/-*?"
_COLONS = 5


class Near:
    """Random requests near to some policies.

    Args:
        policies: the policies.
        draw: the random choices.
    """

    def __init__(self, policies: list[Table], draw: random.Random) -> None:
        self._draw = draw
        found = [one for policy in policies for one in statements(policy)]
        self._actions = sorted({text for one in found for text in _of(one, "Action", "NotAction")})
        self._resources = sorted(
            {text for one in found for text in _of(one, "Resource", "NotResource")}
        )
        self._values: dict[str, list[tuple[Kind, str]]] = {}
        for one in found:
            for operator, keys in one.get("Condition", {}).items():
                used = read_operator(operator)
                for key, values in keys.items():
                    known = [(used.kind, _as_text(one)) for one in entries(values)] if used else []
                    self._values.setdefault(key.lower(), []).extend(known)
        conditions = [text for values in self._values.values() for _, text in values]
        for text in [*self._resources, *conditions]:
            for match in _VARIABLE.finditer(text):
                self._values.setdefault(match[1].strip().lower(), [])

    def requests(self, count: int) -> Iterator[Request]:
        """Random requests.

        Args:
            count: how many.
        """
        for _ in range(count):
            context: Context = {}
            # Keys whose values variables take come first: what holds variables looks at them.
            for key in sorted(self._values, key=lambda key: len(self._values[key])):
                context[key] = self._value(key, context)
            yield Request(WHO, self._action(), self._resource(context), context)

    def _action(self) -> str:
        draw = self._draw
        if draw.random() < 0.1:
            return draw.choice(_OTHER_ACTIONS)
        text = draw.choice(self._actions)
        known = match_actions(text) if text.count(":") == 1 and "*:" not in text else ()
        if known:
            return str(draw.choice(known[:_MOST_KNOWN]))
        return draw.choice(_OTHER_ACTIONS)

    def _resource(self, context: Context) -> str:
        text = self._draw.choice(self._resources)
        found = self._near(self._filled(text, context))
        if found.startswith("arn:") and found.count(":") >= _COLONS and "${" not in found:
            return found
        return "*"

    def _filled(self, text: str, context: Context) -> str:
        """A text of a pattern, with the values of the request's keys for variables."""
        draw = self._draw
        fields = text.split(":")
        if text.startswith("arn:") and len(fields) <= _COLONS:
            text = ":".join([*fields, *("*" for _ in range(_COLONS + 1 - len(fields)))])

        def value(match: re.Match[str]) -> str:
            found = context.get(match[1].strip().lower())
            if isinstance(found, str):
                return found
            return match[2] if match[2] is not None and draw.random() < 0.8 else "x"

        text = _VARIABLE.sub(value, text).replace("${*}", "\0")
        text = re.sub(r"\*", lambda _: draw.choice(_FILLINGS), text)
        return re.sub(r"\?", lambda _: draw.choice(_ONES), text).replace("\0", "*")

    def _near(self, text: str) -> str:
        """The text, or one that differs in a letter."""
        draw = self._draw
        if draw.random() < 0.75 or not text:
            return text
        at = draw.randrange(len(text))
        return draw.choice((
            text[:at] + text[at + 1 :],
            text[:at] + draw.choice(_LETTERS) + text[at:],
            text + draw.choice(_LETTERS),
            text[:at] + text[at:].swapcase(),
        ))  # fmt: skip

    def _value(self, key: str, context: Context) -> str | list[str] | None:
        draw = self._draw
        kind = draw.random()
        if kind < 0.15:
            return None
        if kind < 0.19:
            return ""
        known = condition_key(key)
        several = known is None or known.multivalued
        if draw.random() < (0.5 if several else 0.02):
            return [self._one(key, context) for _ in range(draw.choice((0, 1, 2, 2, 3)))]
        return self._one(key, context)

    def _one(self, key: str, context: Context) -> str:
        draw = self._draw
        word = BY_NAME.get(key)
        candidates = [*self._values[key]]
        if not candidates or draw.random() < 0.2:
            pool = (*word.plain, *word.patterns) if word else ("x", "a", "111122223333")
            candidates = [(Kind.STRING, text) for text in pool]
        compared, text = draw.choice(candidates)
        near = _NEAR.get(compared)
        if compared is Kind.NULL:
            return draw.choice(word.plain) if word else "x"
        if near is not None:
            return near(text, draw)
        if word and word.kind in _POOLS and draw.random() < 0.3:
            return draw.choice(_POOLS[word.kind])
        return self._near(self._filled(text, context)) if draw.random() < 0.9 else draw.choice(
            ("a:b", "*", "a*", "ana", "arn:aws:s3:::b")
        )  # fmt: skip


def _of(statement: Mapping[str, Any], *elements: str) -> list[str]:
    return [text for one in elements if one in statement for text in entries(statement[one])]


def _as_text(value: object) -> str:
    """A value of a condition as text; JSON has truth values and numbers, too."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _near_number(text: str, draw: random.Random) -> str:
    if draw.random() < 0.3:
        return draw.choice(EDGE_NUMBERS)
    return str(Decimal(text) + draw.choice((0, 0, 1, -1, Decimal("0.5"))))


def _near_date(text: str, draw: random.Random) -> str:
    return draw.choice(EDGE_DATES) if draw.random() < 0.7 else text


def _near_address(text: str, draw: random.Random) -> str:
    if draw.random() < 0.3:
        return draw.choice(EDGE_ADDRESSES)
    network = ip_network(text, strict=False)
    number = draw.choice((int(network[0]), int(network[-1]))) + draw.choice((0, 0, 1, -1))
    highest = (1 << network.max_prefixlen) - 1
    kind = type(ip_address(network[0]))
    return str(kind(min(max(number, 0), highest)))


def _near_truth(text: str, draw: random.Random) -> str:
    return draw.choice(("true", "false", "true", "false", text))


_NEAR: dict[Kind, Callable[[str, random.Random], str]] = {
    Kind.NUMERIC: _near_number,
    Kind.DATE: _near_date,
    Kind.IP_ADDRESS: _near_address,
    Kind.BOOL: _near_truth,
}
_POOLS = {"number": EDGE_NUMBERS, "date": EDGE_DATES, "address": EDGE_ADDRESSES}
