"""JSON that commands print, one shape for all; `docs/schemas/output.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from revet.model.verdict import Verdict

VERSION = "1"
"""Of every kind but the verdict, whose version `model.verdict` keeps; it changes when a reader
must."""


def document(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a command prints: the version of its form and its kind before the content.

    Args:
        kind: one that the schema lists.
        content: JSON data; values in AWS's form stay in that form.
    """
    return {"schema": VERSION, "kind": kind, **content}


def render_document(kind: str, content: Mapping[str, Any]) -> str:
    """The same as text, indented by two, ASCII only, with a line feed at the end."""
    return _text(document(kind, content))


def render_json(verdict: Verdict) -> str:
    """Render a verdict in the same layout.

    The same verdict gives the same text, and `Verdict.from_dict` reads it back.

    Args:
        verdict: what was found out.
    """
    return _text(verdict.as_dict())


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
