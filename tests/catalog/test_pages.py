"""The generated pages say what the catalogues, the case files and the source say now."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.update_docs import scripts

ROOT = Path(__file__).parents[2]
SCRIPTS = scripts()


@pytest.mark.parametrize("name", SCRIPTS)
def test_pages_are_current(name: str) -> None:
    """`make docs` writes them anew."""
    folder, made = SCRIPTS[name].PAGES, SCRIPTS[name].pages()

    written = {path.name: path.read_text("utf-8") for path in map(folder.joinpath, made)}

    assert [page for page, text in made.items() if written[page] != text] == []
    if folder != ROOT / "docs":
        assert sorted(path.name for path in folder.glob("*.md")) == sorted(made)
