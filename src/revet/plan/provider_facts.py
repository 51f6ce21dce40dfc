"""What the AWS provider's schema says, of what it fills in and tags.

Source: `terraform providers schema -json`; `scripts/update_provider_facts.py` writes the files.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_DEPTH = 2
_DATA = Path(__file__).parent / "data"


@cache
def taggable_types() -> frozenset[str]:
    """Terraform types that have `tags` and `tags_all`."""
    return frozenset(_lines("taggable_types.txt"))


@cache
def computed_attributes() -> dict[str, tuple[str, ...]]:
    """Terraform type to the paths that the provider may fill in, blocks to a depth of two."""
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
def planned_defaults() -> dict[str, dict[str, Any]]:
    """Terraform type to the attributes that are planned without being written, and their value.

    Observed in plans to create: what a schema does not say. `scripts/update_planned_defaults.py`
    gathers them.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in _lines("planned_defaults.txt"):
        kind, name, value = line.split(" ", 2)
        found.setdefault(kind, {})[name] = json.loads(value)
    return found


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


def _lines(name: str) -> list[str]:
    text = _DATA.joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
