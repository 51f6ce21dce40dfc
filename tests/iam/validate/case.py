"""The cases of the finding codes, as data.

A case file is named after its code. `at` holds, for each finding of the code, its locations, each a
list of steps: a text is a member's value, a number an index, `key:NAME` a member's name itself,
`substring:START:LENGTH` a stretch of a string. `text` holds what the spans cut out of the policy.
`also` names the other codes that the policy has; together with the code they are all.
`padding` makes a policy large: `@padding@` in it stands for so many times `padding_text` (`x`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from revet.iam.validate.place import Part

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One policy and what is expected of it."""

    code: str
    name: str
    fires: bool
    type: str
    resource_type: str
    policy: str
    at: tuple[tuple[tuple[Part, ...], ...], ...]
    text: tuple[tuple[str, ...], ...]
    also: frozenset[str]

    def __str__(self) -> str:
        """The id of the test."""
        return f"{self.code}: {self.name}"


def case_files() -> list[Path]:
    """All case files."""
    return sorted(FOLDER.glob("*.toml"))


@cache
def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of one file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(content) - {"source", "fires", "silent"}
    assert not unknown, f"{path.name}: {unknown}"
    assert content["source"]
    return tuple(
        _case(path.stem, entry, fires=kind == "fires")
        for kind in ("fires", "silent")
        for entry in content.get(kind, [])
    )


def _case(code: str, entry: dict[str, Any], *, fires: bool) -> Case:
    unknown = set(entry) - {
        "name",
        "type",
        "resource_type",
        "policy",
        "at",
        "text",
        "also",
        "source",
        "padding",
        "padding_text",
    }
    assert not unknown, f"{code}: {entry['name']}: {unknown}"
    padding = entry.get("padding_text", "x") * entry.get("padding", 0)
    return Case(
        code,
        entry["name"],
        fires,
        entry["type"],
        entry.get("resource_type", ""),
        entry["policy"].replace("@padding@", padding),
        tuple(tuple(tuple(map(_part, path)) for path in one) for one in entry.get("at", [])),
        tuple(
            tuple(text.replace("@padding@", padding) for text in one)
            for one in entry.get("text", [])
        ),
        frozenset(entry.get("also", [])),
    )


def _part(step: str | int) -> Part:
    if isinstance(step, int):
        return ("index", step)
    if step.startswith("key:"):
        return ("key", step.removeprefix("key:"))
    if step.startswith("substring:"):
        _, start, length = step.split(":")
        return ("substring", (int(start), int(length)))
    return ("value", step)
