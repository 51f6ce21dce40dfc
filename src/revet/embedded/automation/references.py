"""References of a document, `{{ name }}`, and values as texts show them.

Source: AWS Systems Manager User Guide, "Data elements and parameters", "Using action outputs as
inputs".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from revet.embedded.call import Json

_REFERENCE = re.compile(r"\{\{\s*([\w.:-]+)\s*\}\}")
OPENS = "{{"
"""How a reference begins."""


def resolved(value: Json, known: Mapping[str, Json]) -> Json:
    """A value with its references replaced.

    A text that is nothing but a reference becomes what it refers to, of whatever type.

    Args:
        value: as written.
        known: what can be referred to.

    Raises:
        LookupError: something is referred to that is not known, or not as modelled here.
    """
    if isinstance(value, Mapping):
        return {key: resolved(one, known) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, known) for one in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value.strip())
    if whole:
        return _known(whole[1], known)
    if OPENS in _REFERENCE.sub("", value):
        raise LookupError(f"`{value}` has a reference that is not modelled")
    return _REFERENCE.sub(lambda found: as_text(_known(found[1], known)), value)


def _known(name: str, known: Mapping[str, Any]) -> Json:
    if name not in known:
        raise LookupError(f"`{name}` is not known")
    return known[name]


def as_text(value: Json) -> str:
    """A value as answers and texts show it."""
    if value is None or isinstance(value, (bool, int, float, Mapping, list)):
        return json.dumps(value, default=str)
    return str(value)


def as_texts(value: Json) -> list[str]:
    """A value as outputs show it: a list of texts, of one where it is not a list."""
    return [as_text(one) for one in value] if isinstance(value, list) else [as_text(value)]
