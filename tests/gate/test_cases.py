"""Every control gives the answers that its cases state."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.gate.case_file import Case, load_cases, run_case

from revet.gate.catalog import load_catalog

CASES = Path(__file__).parent / "cases"
CATALOG = load_catalog()
ALL = [case for path in sorted(CASES.glob("*/*.toml")) for case in load_cases(path).cases]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.control}: {case.name}")
def test_case(case: Case) -> None:
    assert run_case(CATALOG[case.control], case) == ()
