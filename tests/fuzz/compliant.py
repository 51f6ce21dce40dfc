"""The mutations that may turn blocked into allowed, because they make the plan compliant."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.fuzz.trees import Steps, written
from tests.fuzz.value_kinds import HUGE

FILE = Path(__file__).with_name("compliant.toml")
_VALUES = ("after", "values", "expressions")


@dataclass(frozen=True)
class Compliant:
    """One exception.

    Args:
        control: the control that no longer fails.
        attribute: what was changed: the path within its resource, `…` for indices; else the
            path in the plan.
        value: what stands there now, as JSON; `(absent)` for what was removed; `(text)`,
            `(number)` or `(list)` for any of these that is not empty; `(fewer)` for a list that has
            lost some of its elements.
        reason: why the plan is compliant with it.
        only: `state` where it holds for states alone: a plan says what was there a second time.
    """

    control: str
    attribute: str
    value: str
    reason: str
    only: str = ""


@cache
def exceptions() -> tuple[Compliant, ...]:
    """All of them.

    Raises:
        ValueError: one has no reason, or is there twice.
    """
    found = [Compliant(**entry) for entry in tomllib.loads(FILE.read_text()).get("compliant", ())]
    keys = [(one.control, one.attribute, one.value) for one in found]
    if len(set(keys)) < len(keys) or not all(
        one.reason.strip() and one.only in ("", "state") for one in found
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


def said(value: object) -> str:
    """What an exception calls a value."""
    return value if isinstance(value, str) and value.startswith("(") else json.dumps(value)


def listed(
    control: str, changed: Iterable[tuple[Steps, object]], *, state: bool
) -> Compliant | None:
    """The exception that covers a mutation; None when there is none.

    Args:
        control: that blocked the source.
        changed: the places, and what stands there.
        state: whether the source is a state.
    """
    made = {
        (attribute(steps), name)
        for steps, value in changed
        for name in (said(value), _class(value))
    }
    for one in exceptions():
        if one.only and not state:
            continue
        if one.control == control and (one.attribute, one.value) in made:
            return one
    return None


def _class(value: object) -> str:
    if value == HUGE:
        return "(number)"
    if isinstance(value, str) and value and not value.startswith("("):
        return "(text)"
    if isinstance(value, int | float) and not isinstance(value, bool) and value:
        return "(number)"
    return "(list)" if isinstance(value, list) and value else said(value)
