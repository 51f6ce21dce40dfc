"""The generated pages say what the catalogues, the case files and the source say now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", ["constructs", "controls", "findings"])
def test_pages_are_current(folder: str) -> None:
    """`make docs` writes them anew."""
    name = f"update_docs_{folder}"
    spec = importlib.util.spec_from_file_location(f"revet_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = script.pages()

    written = {p.name: p.read_text("utf-8") for p in (ROOT / "docs" / folder).glob("*.md")}

    assert sorted(written) == sorted(made)
    assert [page for page, text in made.items() if written[page] != text] == []
