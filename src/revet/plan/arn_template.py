"""The ARNs in the table of Terraform types: texts with `{argument}` and `{region}` in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from revet.iam.reference.regions import partition_of

_PLACE = re.compile(r"\{([a-z_]+)\}")


def filled(template: str, known: Mapping[str, str], other: Callable[[str], str]) -> str:
    """An ARN with its parts filled in; empty where one is not known.

    Args:
        template: as the row of a type has it; it may be empty.
        known: part to text, empty where it is not known.
        other: gives the text of the parts that are not among them, the arguments.
    """
    parts = {
        name: known[name] if name in known else other(name) for name in _PLACE.findall(template)
    }
    return _PLACE.sub(lambda match: parts[match[1]], template) if all(parts.values()) else ""


def partition_id(region: str) -> str:
    """The partition of a region, as ARNs have it; empty for a region that is not known."""
    found = partition_of(region)
    return found.id if found else ""
