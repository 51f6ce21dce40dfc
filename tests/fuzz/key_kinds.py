"""Mutations of keys and of what stands beside each other."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.fuzz.attempt import Attempt, InapplicableError, Spot
from tests.fuzz.trees import at
from tests.fuzz.value_kinds import is_list, is_long

TWICE = "@twice@"
_EMPTY: tuple[Any, ...] = (None, {}, [], "", False, True, 0)


def delete_key(attempt: Attempt) -> None:
    """A key is gone; what is gone is not compliant."""
    spot = attempt.spot(_is_key)
    attempt.remove(spot.steps)


def rename_key(attempt: Attempt) -> None:
    """A key in another case, with a letter more, with white space, or of another alphabet."""
    spot = attempt.spot(_is_key)
    parent = at(attempt.plan, spot.steps[:-1])
    key = str(spot.key)
    new = attempt.draw.choice(
        (key.upper(), key.title(), f"{key}s", f"{key} ", f" {key}", key.replace("e", "\u0435"), "")
    )
    if new in parent:
        raise InapplicableError
    items = [(new if name == key else name, value) for name, value in parent.items()]
    parent.clear()
    parent.update(items)
    attempt.changed.append((spot.steps, "(absent)"))


def duplicate_key(attempt: Attempt) -> None:
    """A key twice, the second with an empty value: which one holds depends on the reader."""
    spot = attempt.spot(_is_key)
    _twice(attempt, spot, attempt.draw.choice(_EMPTY), first=False)


def shadowed_key(attempt: Attempt) -> None:
    """A key twice, the first with an empty value."""
    spot = attempt.spot(_is_key)
    _twice(attempt, spot, attempt.draw.choice(_EMPTY), first=True)


def escaped_duplicate(attempt: Attempt) -> None:
    """A key twice, once written with an escape."""
    spot = attempt.spot(_is_key)
    key = str(spot.key)
    if not key:
        raise InapplicableError
    _twice(attempt, spot, None, first=False, spelled=f"\\u{ord(key[0]):04x}{key[1:]}")


def _twice(attempt: Attempt, spot: Spot, value: object, *, first: bool, spelled: str = "") -> None:
    parent = at(attempt.plan, spot.steps[:-1])
    key = str(spot.key)
    mark = f"{TWICE}{key}"
    items = []
    for name, old in parent.items():
        pair = [(name, old)]
        if name == key:
            pair = [(mark, value), *pair] if first else [*pair, (mark, value)]
        items += pair
    parent.clear()
    parent.update(items)
    attempt.texts[json.dumps(mark)] = f'"{spelled}"' if spelled else json.dumps(key)
    attempt.changed.append((spot.steps, "(twice)"))


def swap_siblings(attempt: Attempt) -> None:
    """Two values of one object change places."""

    def takes(spot: Spot) -> bool:
        return isinstance(spot.value, dict) and len(spot.value) > 1

    spot = attempt.spot(takes)
    one, other = attempt.draw.sample(sorted(spot.value), 2)
    if json.dumps(spot.value[one]) == json.dumps(spot.value[other]):
        raise InapplicableError
    first, second = spot.value[one], spot.value[other]
    attempt.write((*spot.steps, one), second)
    attempt.write((*spot.steps, other), first)


def add_key(attempt: Attempt) -> None:
    """A key that nobody knows."""

    def takes(spot: Spot) -> bool:
        return isinstance(spot.value, dict)

    spot = attempt.spot(takes)
    name = attempt.draw.choice(("x", "", "__proto__", "id", "address", "//", "0", "deposed"))
    if name in spot.value:
        raise InapplicableError
    value: Any = attempt.draw.choice((None, True, "x", {}, []))
    attempt.write(spot.steps, {**spot.value, name: value})


def truncate_list(attempt: Attempt) -> None:
    """A list ends early."""
    spot = attempt.spot(lambda spot: is_list(spot.value))
    new = spot.value[: attempt.draw.randrange(len(spot.value))]
    attempt.write(spot.steps, new)


def delete_element(attempt: Attempt) -> None:
    """One element of several is gone."""
    spot = attempt.spot(lambda spot: is_long(spot.value))
    gone = attempt.draw.randrange(len(spot.value))
    attempt.write(spot.steps, [item for at, item in enumerate(spot.value) if at != gone])


def grafted(attempt: Attempt) -> None:
    """A value of another place of the same plan."""
    spot, other = attempt.spot(), attempt.spot()
    if other.value == spot.value or other.steps[: len(spot.steps)] == spot.steps:
        raise InapplicableError
    attempt.write(spot.steps, copy.deepcopy(other.value))


def emptied_object(attempt: Attempt) -> None:
    """An object or a list with nothing in it."""

    def takes(spot: Spot) -> bool:
        return isinstance(spot.value, dict | list) and bool(spot.value)

    spot = attempt.spot(takes)
    empty: Any = {} if isinstance(spot.value, dict) else []
    attempt.write(spot.steps, empty)


def _is_key(spot: Spot) -> bool:
    return isinstance(spot.key, str)


KEY_KINDS = {
    "delete a key": delete_key,
    "rename a key": rename_key,
    "duplicate a key": duplicate_key,
    "shadow a key": shadowed_key,
    "duplicate a key in escapes": escaped_duplicate,
    "swap siblings": swap_siblings,
    "add a key": add_key,
    "truncate a list": truncate_list,
    "delete an element": delete_element,
    "value of another place": grafted,
    "empty object or list": emptied_object,
}
