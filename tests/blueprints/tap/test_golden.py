from __future__ import annotations

import pytest
from scripts.update_golden_tap import GOLDEN, HCL, LIFECYCLES, golden_hcl, golden_text


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_the_synthesis_is_the_golden_file(lifecycle: str) -> None:
    expected = (GOLDEN / f"{lifecycle.lower()}.json").read_text(encoding="utf-8")
    assert golden_text(lifecycle) == expected, "run `make golden`, read the difference"


def test_the_export_is_the_golden_file() -> None:
    expected = (GOLDEN / HCL).read_text(encoding="utf-8")
    assert golden_hcl() == expected, "run `make golden`, read the difference"
