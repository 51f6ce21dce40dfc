"""The mutations that may turn blocked into allowed, because they make the plan compliant."""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.fuzz.trees import Steps, at, written
from tests.fuzz.value_kinds import HUGE

from revet.plan.address import without_indices

FILE = Path(__file__).with_name("compliant.toml")
_NOTHING = re.compile(r'"(?:Action|Resource)": *\[\]')
_AROUND = re.compile(r".+\$\{[^{}]*\}.*|\$\{[^{}]*\}.+", re.DOTALL)
_VALUES = ("after", "values", "expressions")


@dataclass(frozen=True)
class Compliant:
    """One exception.

    Args:
        control: the control that no longer fails.
        attribute: what was changed: the path within its resource, `…` for indices; else the
            path in the plan.
        value: what stands there now, as JSON; `(absent)` for what was removed; `(text)`,
            `(number)` or `(list)` for any of these that is not empty; `(value)` for all but null;
            `(range)` for a range that is not the whole internet; `(granting nothing)` for a policy
            of which a statement has an empty list of actions or resources; `(text around a
            reference)` for one that is more than the reference; `(fewer)` for a list that has lost
            some of its elements.
        reason: why the plan is compliant with it.
        only: `state` where it holds for states alone: a plan says what was there a second time;
            `references` where it also holds for plans that keep nothing but references there;
            `configuration` where it holds for what the configuration says, not for what is planned.
        lost: of `(fewer)`: one of these texts stood in the list, and none does any more.
    """

    control: str
    attribute: str
    value: str
    reason: str
    only: str = ""
    lost: tuple[str, ...] = ()


@cache
def exceptions() -> tuple[Compliant, ...]:
    """All of them.

    Raises:
        ValueError: one has no reason, or is there twice.
    """
    found = [
        Compliant(**{**entry, "lost": tuple(entry.get("lost", ()))})
        for entry in tomllib.loads(FILE.read_text()).get("compliant", ())
    ]
    keys = [(one.control, one.attribute, one.value, one.only, one.lost) for one in found]
    if len(set(keys)) < len(keys) or not all(
        one.reason.strip()
        and one.only in ("", "state", "references", "configuration")
        and bool(one.lost) == (one.value == "(fewer)")
        for one in found
    ):
        message = f"{FILE.name}: twice, without a reason, or for another world"
        raise ValueError(message)
    return tuple(found)


def attribute(steps: Steps) -> str:
    """What an exception calls a place."""
    for number, step in enumerate(steps):
        if step in _VALUES and number > len(("output_changes", 0)):
            return written(steps[number + 1 :] or (step,))
    return written(steps)


def is_nothing(value: object) -> bool:
    """Whether what stands there is null, or what stood there was removed."""
    return value is None or value == "(absent)"


def said(value: object) -> str:
    """What an exception calls a value."""
    return value if isinstance(value, str) and value.startswith("(") else json.dumps(value)


def listed(
    control: str,
    changed: Iterable[tuple[Steps, object]],
    *,
    state: bool,
    before: Any = None,  # noqa: ANN401 - JSON
) -> Compliant | None:
    """The exception that covers a mutation; None when there is none.

    Args:
        control: that blocked the source.
        changed: the places, and what stands there.
        state: whether the source is a state.
        before: the source.
    """
    made: dict[tuple[str, str], tuple[Steps, object]] = {}
    left: dict[Steps, object] = {}
    for steps, value in changed:
        left.setdefault(steps, value)
        for name in (said(value), *_classes(steps, value)):
            made[attribute(steps), name] = (steps, left[steps])
    for one in exceptions():
        found = made.get((one.attribute, one.value)) if one.control == control else None
        if found is None or (one.only == "state" and not state):
            continue
        if one.only == "configuration" and found[0][0] != "configuration":
            continue
        if one.only == "references" and (state or not is_only_referred(before, found[0])):
            continue
        if not one.lost or _has_lost(one.lost, at(before, found[0]), found[1]):
            return one
    return None


def _has_lost(texts: Iterable[str], old: object, new: object) -> bool:
    """Whether one of the texts stood there, and none does any more."""
    was, now = json.dumps(old), json.dumps(new)
    return any(text in was for text in texts) and not any(text in now for text in texts)


def is_only_referred(plan: Any, steps: Steps) -> bool:  # noqa: ANN401 - JSON
    """Whether the configuration says of an attribute what it refers to, and nothing else.

    That is so in HCL syntax; of `dynamic` blocks it says nothing at all.
    """
    if steps[0] != "resource_changes" or "after" not in steps:
        return False
    address = without_indices(at(plan, steps[:2])["address"])
    *modules, kind, name = address.split(".")
    node = plan["configuration"]["root_module"]
    for module in modules[1::2]:
        node = node["module_calls"][module]["module"]
    [written] = [one for one in node["resources"] if one["address"] == f"{kind}.{name}"]
    place: Any = written.get("expressions") or {}
    path = steps[steps.index("after") + 1 :]
    for depth, step in enumerate(path):
        if isinstance(place, dict) and step not in place:
            return depth == 0 and len(path) > 1
        place = place[step]
    return isinstance(place, dict) and place.keys() == {"references"}


def _classes(steps: Steps, value: object) -> Iterator[str]:
    """The words for a value; only the configuration has references in its texts."""
    yield _class(value)
    if not is_nothing(value):
        yield "(value)"
    if _class(value) == "(text around a reference)" and steps[0] != "configuration":
        yield "(text)"


def _class(value: object) -> str:
    if value == HUGE:
        return "(number)"
    if _is_range(value):
        return "(range)"
    if isinstance(value, str):
        return _class_of_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value:
        return "(number)"
    return "(list)" if isinstance(value, list) and value else said(value)


def _class_of_text(value: str) -> str:
    if _NOTHING.search(value):
        return "(granting nothing)"
    if _AROUND.fullmatch(value):
        return "(text around a reference)"
    return "(text)" if value and not value.startswith("(") else said(value)


def _is_range(value: object) -> bool:
    """Whether a text is a range that leaves something out."""
    if not isinstance(value, str) or "/" not in value:
        return False
    try:
        return ipaddress.ip_network(value, strict=False).prefixlen > 0
    except ValueError:
        return False
