"""The page of the frameworks says what their data says now."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from typer.models import OptionInfo

from revet.cli.options import FrameworkIds
from revet.gate.frameworks import load_frameworks
from revet.model.framework import RowStatus

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "frameworks.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts" / "update_docs_frameworks.py"
    spec = importlib.util.spec_from_file_location("revet_update_docs_frameworks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(script: ModuleType) -> None:
    """`make docs` writes it anew."""
    written = PAGE.read_text(encoding="utf-8")
    assert script.page(written) == written


def test_a_page_without_its_mark_is_refused(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="lacks the line"):
        script.page("# Frameworks\n")


def test_help_and_the_schema_of_the_settings_name_every_framework() -> None:
    ids = [one.id for one in load_frameworks()]
    schema = json.loads((ROOT / "docs" / "schemas" / "revet.schema.json").read_text("utf-8"))
    assert schema["$defs"]["frameworks"]["items"]["enum"] == ids
    [option] = [item for item in get_args(FrameworkIds) if isinstance(item, OptionInfo)]
    assert all(f"`{name}`" in str(option.help) for name in ids)


def test_the_page_explains_every_status_and_names_every_framework() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert all(f"| {status.value} |" in written for status in RowStatus)
    assert all(f"`--framework {one.id}`" in written for one in load_frameworks())
