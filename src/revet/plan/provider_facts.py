"""What the AWS provider's schema says, of what it fills in and tags.

Source: `terraform providers schema -json`; `scripts/update_provider_facts.py` writes the files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_DEPTH = 4
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is planned where nothing is written, in a resource or in a block that is written.

    Args:
        values: attribute to value.
        blocks: name of a nested block to the same about it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    blocks: dict[str, Defaults] = field(default_factory=dict)


@cache
def taggable_types() -> frozenset[str]:
    """Terraform types that have `tags` and `tags_all`."""
    return frozenset(_lines("taggable_types.txt"))


@cache
def computed_attributes() -> dict[str, tuple[str, ...]]:
    """Terraform type to the paths that the provider may fill in, blocks to a depth of four."""
    rows = (line.split(" ") for line in _lines("computed_attributes.txt"))
    return {name: tuple(paths) for name, *paths in rows}


@cache
def required_attributes() -> dict[str, tuple[str, ...]]:
    """Terraform type to the paths that must have a value, to a depth of three.

    Only of types that the product names.
    """
    rows = (line.split(" ") for line in _lines("required_attributes.txt"))
    return {name: tuple(paths) for name, *paths in rows}


@cache
def subnet_arguments() -> dict[str, tuple[str, ...]]:
    """Terraform type to the paths of its arguments that name subnets, `*` for each block."""
    rows = (line.split(" ") for line in _lines("subnet_arguments.txt"))
    return {name: tuple(paths) for name, *paths in rows}


def planned_defaults(kind: str) -> Defaults:
    """What is planned of attributes of a type that are not written.

    Observed in plans to create: what a schema does not say. `scripts/update_planned_defaults.py`
    gathers them.

    Args:
        kind: Terraform type; one that was never observed has no defaults.
    """
    return _planned_defaults().get(kind) or Defaults()


def is_required(kind: str, path: str) -> bool:
    """Whether an attribute of a type must have a value, as far as the facts have the type.

    Args:
        kind: Terraform type.
        path: attribute path, list indices included.
    """
    names = [word for word in path.split(".") if not word.isdigit()]
    return ".".join(names) in required_attributes().get(kind, ())


def is_left_to_the_provider(kind: str, path: str) -> bool:
    """Whether an attribute that nobody sets may get a value from the provider.

    Args:
        kind: Terraform type.
        path: attribute path, list indices included.

    Returns:
        True also for types and for depths that the facts do not have.
    """
    known = computed_attributes().get(kind)
    names = [word for word in path.split(".") if not word.isdigit()]
    return known is None or len(names) > _DEPTH or ".".join(names) in known


@cache
def _planned_defaults() -> dict[str, Defaults]:
    found: dict[str, Defaults] = {}
    for line in _lines("planned_defaults.txt"):
        kind, path, value = line.split(" ", 2)
        *blocks, name = path.split(".")
        place = found.setdefault(kind, Defaults())
        for block in blocks:
            place = place.blocks.setdefault(block, Defaults())
        place.values[name] = json.loads(value)
    return found


def _lines(name: str) -> list[str]:
    text = _DATA.joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
