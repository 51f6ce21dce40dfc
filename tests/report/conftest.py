"""The fixed verdict of the golden files: every status, hostile names, all kinds of evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from revet.model.verdict import Verdict

GOLDEN = Path(__file__).parents[1] / "golden" / "report"


@pytest.fixture(scope="session")
def golden() -> Path:
    return GOLDEN


@pytest.fixture(scope="session")
def verdict() -> Verdict:
    return _read("verdict")


@pytest.fixture(scope="session")
def audit() -> Verdict:
    """A verdict over several accounts: two that were read, one that was not, one that is closed."""
    return _read("audit")


def _read(name: str) -> Verdict:
    return Verdict.from_dict(json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8")))
