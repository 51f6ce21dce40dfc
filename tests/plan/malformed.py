"""What no plan has, as `malformed.toml` lists it: plans with one place changed."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
GONE = "<gone>"


@dataclass(frozen=True, slots=True)
class Malformed:
    """One change of a plan that makes it one that cannot be read.

    Args:
        at: steps to the place.
        value: what stands there instead, as JSON; `GONE` for nothing.
        said: a part of the refusal.
    """

    at: tuple[str | int, ...]
    value: str
    said: str

    def __str__(self) -> str:
        """For the name of a test."""
        return f"{'/'.join(map(str, self.at))} = {self.value[:40]}"


def malformed() -> list[Malformed]:
    """All of them."""
    data = tomllib.loads((FOLDER / "malformed.toml").read_text(encoding="utf-8"))
    return [
        Malformed(tuple(case["at"]), value, case["said"])
        for case in data["case"]
        for value in case.get("values", [GONE])
    ]


def changed(plan: dict[str, Any], case: Malformed) -> dict[str, Any]:
    """The plan with the change made."""
    found: Any = copy.deepcopy(plan)
    place = found
    for step in case.at[:-1]:
        place = place[_key(place, step)]
    key = _key(place, case.at[-1])
    if case.value == GONE:
        del place[key]
    else:
        place[key] = json.loads(case.value)
    return found  # type: ignore[no-any-return]


def places(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The steps to everything in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    for key, inner in items:
        yield (*steps, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*steps, key))


def _key(place: Any, step: str | int) -> Any:  # noqa: ANN401 - JSON
    if isinstance(place, list) and isinstance(step, str):
        return next(number for number, item in enumerate(place) if item["address"] == step)
    return step
