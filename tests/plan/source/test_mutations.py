"""Whatever is written in the files: nothing crashes, and no failure that the plan shows is lost."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

import sources as measuring
from revet.model.finding import Status

TOKEN = re.compile(r'[A-Za-z_]\w*|"[^"\n]*"|\d+|[^\s\w]')
ODD = (
    "null",
    "[]",
    "{}",
    "local.x",
    "each.value",
    "...",
    "[*]",
    ".0",
    "try(",
    '"${',
    "-",
    "self.x",
)
ROUNDS = 4


def mutated(text: str, rng: random.Random) -> str:
    """The text with one to three tokens taken out, doubled, or put in the place of others."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = [match.span() for match in TOKEN.finditer(text)]
        (start, end), (other, behind) = rng.choice(found), rng.choice(found)
        new = rng.choice(("", text[other:behind], f"{text[start:end]} {text[start:end]}", *ODD))
        text = text[:start] + new + text[end:]
    return text


@pytest.mark.parametrize("stack", measuring.stacks(), ids=lambda path: path.name)
def test_mutated_sources_lose_no_failure(stack: Path, tmp_path: Path) -> None:
    rng = random.Random(stack.name)  # noqa: S311 - the same in every run
    alone = measuring.measure(stack, sources=False)
    lost = {(item.control, item.address) for item in alone.with_status(Status.FAIL)}
    files = sorted(path.relative_to(stack) for path in stack.rglob("*.tf*"))
    for number in range(ROUNDS):
        copy = tmp_path / str(number)
        shutil.copytree(stack, copy)
        file = copy / rng.choice(files)
        file.write_text(mutated(file.read_text(), rng))
        after = measuring.measure(copy, sources=True)
        found = {(item.control, item.address) for item in after.with_status(Status.FAIL)}
        assert (lost & alone.expected) <= found
