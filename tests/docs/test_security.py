"""The threat model names, for each attack, a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = ["attacker", "attack", "what stops it", "test"]
TEST = re.compile(r"`(tests/[\w./-]+\.py)(?:::(test_\w+))?`")


def rows() -> list[list[str]]:
    lines = (ROOT / "docs/security.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line[:1] == "|"]
    assert cells[0] == HEAD
    return cells[2:]


def test_everybody_who_could_attack_is_among_them() -> None:
    attackers = "\n".join(row[0] for row in rows())
    for who in (
        "plan", "policy", "state file", "cloned repository", "local user", "on loopback",
        "provider", "provisioner", "module", "network", "dependency", "edited verdict",
    ):  # fmt: skip
        assert who in attackers


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {row[1]}"[:60])
def test_each_attack_has_a_test_that_exists(row: list[str]) -> None:
    assert len(row) == len(HEAD)
    assert all(row), "an empty cell"
    named = TEST.findall(row[3])
    assert named, "no test"
    assert TEST.sub("", row[3]).strip() == "", "something that is not the path of a test"
    for path, function in named:
        text = (ROOT / path).read_text("utf-8")
        assert re.search(rf"^def {function or 'test_'}", text, re.MULTILINE), path
