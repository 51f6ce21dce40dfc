"""Messages and help are in plain, active English: the patterns that are not stay out of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[2] / "src").rglob("*.py"))
SHUNNED = {
    "is no …: `is not a …`": r"(?<!here )\b(?:is|are) no (?!longer\b|more\b)\w",
    "anew: `again`, `a new …`": r"\banew\b",
    "belongs to an option: `requires`": r"` belongs to `?-",
    "cannot be told: `is not known`": r"\bcannot be told\b(?! from\b| apart\b)",
    "stands: `appears`, `is`": r"\bstands\b(?! for\b)",
    "one a line: `one per line`": r"\bone a (?:line|region|file|day|call)\b",
    "it says all: `it reports all`": r"\bit says all\b",
}


def texts(source: Path) -> Iterator[tuple[int, str]]:
    """Line and text of the strings that are neither docstrings nor remarks on a constant."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def helps() -> Iterator[str]:
    """What help says of each command: the first lines of its docstring."""
    for source in SOURCES:
        if "cli" in (source.parent.name, source.parent.parent.name):
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("name", SHUNNED)
def test_messages_keep_out_of(name: str) -> None:
    pattern = re.compile(SHUNNED[name])
    found = [
        f"{source.name}:{line}: {text}"
        for source in SOURCES
        for line, text in texts(source)
        if pattern.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", SHUNNED)
def test_help_keeps_out_of(name: str) -> None:
    assert [text for text in helps() if re.search(SHUNNED[name], text.split("\n\n")[0])] == []


def test_the_patterns_find_what_they_are_about() -> None:
    """The scan is not empty, and each pattern meets the example in its name."""
    assert sum(1 for source in SOURCES for _ in texts(source)) > len(SOURCES)
    examples = ("x is no list", "begin anew", "`--a` belongs to `--b`", "it cannot be told")
    others = ("it stands twice", "one a line", "it says all")
    for pattern, example in zip(SHUNNED.values(), (*examples, *others), strict=True):
        assert re.search(pattern, example)
