"""The stacks of the blueprints, and what is exported of them, are the golden files."""

from __future__ import annotations

import pytest
from scripts.update_golden_stacks import LIFECYCLES, STACKS


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
@pytest.mark.parametrize("stack", STACKS)
def test_the_synthesis_is_the_golden_file(stack: str, lifecycle: str) -> None:
    golden = STACKS[stack]
    expected = golden.path(lifecycle).read_text(encoding="utf-8")
    assert golden.text(lifecycle) == expected, "run `make golden`, read the difference"


@pytest.mark.parametrize("stack", STACKS)
def test_the_export_is_the_golden_file(stack: str) -> None:
    golden = STACKS[stack]
    expected = golden.hcl.read_text(encoding="utf-8")
    assert golden.exported() == expected, "run `make golden`, read the difference"
