"""The pages tell the truth: their code runs, their commands exist, their links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from revet.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^\$ |`)revet((?: [a-z]+(?:-[a-z]+)*(?![a-z-]))+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def with_code() -> list[Path]:
    return [page for page in PAGES if BLOCK.search(page.read_text())]


def test_some_page_has_code() -> None:
    assert with_code()


@pytest.mark.parametrize("page", with_code(), ids=name)
def test_code_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    code = "\n".join(BLOCK.findall(page.read_text()))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True,
        check=False, env={**os.environ, "REVET_ROOT": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_that_a_page_names_exist(page: Path) -> None:
    root = get_command(app)
    for words in COMMAND.findall(page.read_text()):
        command = root
        for word in words.split():
            if not isinstance(command, TyperGroup):
                break  # an argument, such as the name of a stack
            found = command.get_command(Context(command), word)
            assert found is not None, f"`revet{words}`"
            command = found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
