"""The data in `reference/data`: facts of AWS's documentation, each file with its source."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def frozen(name: str) -> dict[str, Any]:
    """One data file; has at least the keys `source` and `date`.

    Args:
        name: without the ending.
    """
    content: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_bytes())
    return content
