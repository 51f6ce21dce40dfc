"""The plans that the real Terraform made from the sources beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from revet.plan import Inventory, load_plan

FOLDER = Path(__file__).parent


@cache
def _load(name: str) -> Inventory:
    synthesis = FOLDER / "sources" / name / "main.tf.json"
    return load_plan(FOLDER / "data" / f"{name}.json", synthesis if synthesis.exists() else None)


@pytest.fixture
def plan_of() -> Callable[[str], Inventory]:
    return _load
