"""What can be made of a policy: copies that allow the same, more or less."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any, TypeAlias

Table: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Table, random.Random], Table]

_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def statements(policy: Table) -> list[Table]:
    """The statements of a policy as a list."""
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def entries(value: str | list[str]) -> list[str]:
    """One value or a list of them as a list."""
    return list(value) if isinstance(value, list) else [value]


def _with(policy: Table, found: list[Table]) -> Table:
    return {**policy, "Statement": found}


def permuted(policy: Table, draw: random.Random) -> Table:
    """The same statements, values and conditions in another order."""
    found = copy.deepcopy(statements(policy))
    draw.shuffle(found)
    for one in found:
        for element in _LISTS:
            if isinstance(one.get(element), list):
                draw.shuffle(one[element])
        if "Condition" in one:
            blocks = list(one["Condition"].items())
            draw.shuffle(blocks)
            one["Condition"] = dict(blocks)
            for keys in one["Condition"].values():
                for key, values in keys.items():
                    if isinstance(values, list):
                        keys[key] = draw.sample(values, len(values))
    return _with(policy, found)


def split(policy: Table, draw: random.Random) -> Table:
    """Statements split into one for some actions or resources and one for the others."""
    found: list[Table] = []
    for one in statements(policy):
        element = draw.choice(("Action", "Resource"))
        values = one.get(element)
        if not isinstance(values, list) or len(values) < 2:
            found.append(one)
            continue
        at = draw.randrange(1, len(values))
        for number, part in enumerate((values[:at], values[at:])):
            sid = {"Sid": f"{one['Sid']}{number}"} if "Sid" in one else {}
            found.append({**one, **sid, element: part})
    return _with(policy, copy.deepcopy(found))


def widened(policy: Table, draw: random.Random) -> Table:
    """A copy that allows at least as much: wider lists and fewer conditions, denials narrower."""
    found = copy.deepcopy(statements(policy))
    one = draw.choice(found)
    (_narrow if one["Effect"] == "Deny" else _widen)(one, draw)
    return _with(policy, found)


def narrowed(policy: Table, draw: random.Random) -> Table:
    """A copy that allows at most as much: narrower lists and more conditions, denials wider."""
    found = copy.deepcopy(statements(policy))
    one = draw.choice(found)
    (_widen if one["Effect"] == "Deny" else _narrow)(one, draw)
    return _with(policy, found)


def rewildcarded(policy: Table, draw: random.Random) -> Table:
    """Statements that allow name some actions and resources by wider patterns."""
    found = copy.deepcopy(statements(policy))
    for one in found:
        if one["Effect"] == "Deny":
            continue
        for element in ("Action", "Resource"):
            if element in one:
                one[element] = [_wider(text, draw) for text in entries(one[element])]
    return _with(policy, found)


def denying(policy: Table, draw: random.Random) -> Table:
    """The policy with a denial more, of what one of its statements is about."""
    found = copy.deepcopy(statements(policy))
    one = copy.deepcopy(draw.choice(found))
    one["Effect"] = "Deny"
    if "Sid" in one:
        one["Sid"] += "Denied"
    _narrow(one, draw)
    return _with(policy, [*found, one])


def without_one(policy: Table, draw: random.Random) -> Table:
    """The policy without one of its statements, when it has several."""
    found = copy.deepcopy(statements(policy))
    if len(found) > 1:
        found.pop(draw.randrange(len(found)))
    return _with(policy, found)


def _widen(one: Table, draw: random.Random) -> None:
    """Let a statement hold for more requests."""
    ways: list[str] = [element for element in ("Action", "Resource") if element in one]
    ways += [e for e in ("NotAction", "NotResource") if len(entries(one.get(e, ""))) > 1]
    ways += ["Condition"] if one.get("Condition") else []
    way = draw.choice(ways or ["nothing"])
    if way in ("Action", "Resource"):
        one[way] = [_wider(text, draw) for text in entries(one[way])]
    elif way in ("NotAction", "NotResource"):
        one[way] = _fewer(entries(one[way]), draw)
    elif way == "Condition":
        operator = draw.choice(list(one["Condition"]))
        keys = one["Condition"][operator]
        del keys[draw.choice(list(keys))]
        if not keys:
            del one["Condition"][operator]
        if not one["Condition"]:
            del one["Condition"]


def _narrow(one: Table, draw: random.Random) -> None:
    """Let a statement hold for fewer requests."""
    ways: list[str] = [e for e in ("Action", "Resource") if len(entries(one.get(e, ""))) > 1]
    ways += ["pattern", "Condition"]
    ways += [element for element in ("NotAction", "NotResource") if element in one]
    way = draw.choice(ways)
    if way in ("Action", "Resource"):
        one[way] = _fewer(entries(one[way]), draw)
    elif way in ("NotAction", "NotResource"):
        one[way] = [_wider(text, draw) for text in entries(one[way])]
    elif way == "pattern" and "Resource" in one:
        one["Resource"] = [_narrower(text) for text in entries(one["Resource"])]
    else:
        block = one.setdefault("Condition", {})
        block.setdefault("StringEquals", {}).setdefault("aws:RequestedRegion", "eu-west-1")


def _fewer(values: list[str], draw: random.Random) -> list[str]:
    return draw.sample(values, draw.randrange(1, len(values)))


def _wider(text: str, draw: random.Random) -> str:
    """A pattern that covers another one: its end, after the service or the fifth colon, is cut."""
    if text == "*" or "${" in text:
        return text
    arn = text.startswith("arn:")
    first = len(":".join(text.split(":", 5)[:5])) + 1 if arn else text.find(":") + 1
    if (arn and text.count(":") < 5) or not first or first >= len(text):
        return text
    return text[: draw.randrange(first, len(text))] + "*"


def _narrower(text: str) -> str:
    """A pattern covered by another one: it has a letter in place of its last wildcard."""
    if text == "*":
        return "arn:aws:s3:::b/*"
    at = max(text.rfind("*"), text.rfind("?"))
    if at < 0 or "{" in text[max(at - 1, 0) : at]:
        return text
    return f"{text[:at]}x{text[at + 1 :]}"


CHANGES: dict[str, Change] = {
    "permuted": permuted,
    "split": split,
    "widened": widened,
    "narrowed": narrowed,
    "rewildcarded": rewildcarded,
    "denying": denying,
    "without one": without_one,
}
