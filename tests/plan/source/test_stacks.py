"""Stacks in the forms that foreign modules use: what the sources tell, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

import sources as measuring
from revet.model.finding import Status

STACKS = measuring.stacks()
MOST_UNKNOWN = 0.02


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
def test_every_module_matches_and_every_failure_is_a_true_one(stack: Path) -> None:
    after = measuring.measure(stack, sources=True)
    assert after.ignored == ()
    assert after.false_failures == ()
    assert after.missed == ()


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
def test_sources_only_make_unknown_answers_known(stack: Path) -> None:
    before = measuring.measure(stack, sources=False)
    after = measuring.measure(stack, sources=True)
    answers = {(item.control, item.address): item.status for item in after.findings}
    for item in before.findings:
        if item.status is Status.PASS:
            assert answers[item.control, item.address] is Status.PASS
        if (item.control, item.address) in before.expected and item.status is Status.FAIL:
            assert answers[item.control, item.address] is Status.FAIL


def test_hardly_anything_is_unknown() -> None:
    measured = [measuring.measure(stack, sources=True) for stack in STACKS]
    pairs = sum(len(item.findings) for item in measured)
    unknown = sum(len(item.with_status(Status.UNKNOWN)) for item in measured)
    assert pairs > 400  # the stacks are all there
    assert unknown <= MOST_UNKNOWN * pairs


def test_every_finding_names_its_file_and_line() -> None:
    for stack in STACKS:
        for item in measuring.measure(stack, sources=True).findings:
            if "." in item.address and item.address != stack.name:
                assert item.source is not None, item
                lines = Path(item.source.file).read_text().splitlines()
                assert item.source.line <= len(lines)
