"""The pages of the controls say what the catalogue and the case files say now."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_pages_are_current() -> None:
    """`make docs` writes them anew."""
    spec = importlib.util.spec_from_file_location(
        "revet_update_docs_controls", ROOT / "scripts" / "update_docs_controls.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = script.pages()

    written = {p.name: p.read_text("utf-8") for p in (ROOT / "docs" / "controls").glob("*.md")}

    assert sorted(written) == sorted(made)
    assert [name for name, text in made.items() if written[name] != text] == []
