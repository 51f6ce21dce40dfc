"""Both evaluators on what AWS's documentation states: they could agree and be wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.iam.differential.comparison import decision
from tests.iam.differential.naive import evaluate

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "documented.toml").read_text()
)["case"]


@pytest.mark.parametrize("item", CASES, ids=lambda item: item["name"])
def test_naive_evaluator_agrees_with_the_page(item: dict[str, Any]) -> None:
    assert item["source"]
    assert evaluate(item) == item["expected"]


@pytest.mark.parametrize("item", CASES, ids=lambda item: item["name"])
def test_product_agrees_with_the_page(item: dict[str, Any]) -> None:
    assert decision(item) == item["expected"]
