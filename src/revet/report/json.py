"""The verdict as JSON; `docs/schemas/verdict.schema.json` describes it."""

from __future__ import annotations

import json

from revet.model.verdict import Verdict


def render_json(verdict: Verdict) -> str:
    """Render a verdict as JSON, indented by two, ASCII only, with a line feed at the end.

    The same verdict gives the same text, and `Verdict.from_dict` reads it back.

    Args:
        verdict: what was found out.
    """
    return json.dumps(verdict.as_dict(), indent=2, allow_nan=False) + "\n"
