"""Proofs that a policy grants nothing new: milliseconds a question, ours and z3's.

Questions and z3's model are those of the tests. A question that z3 gives up on counts for our
figures and not for the ratio.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
RANDOM, LARGE, AWS = "random", "large", "aws"
_ANSWERS = ("none", "some")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many questions.

    Args:
        median: half of them took no longer.
        most: 99 of 100 took no longer.
        longest: what the longest took.
        answered: how many were answered.
        ratio: the median by ours, on the questions answered.
    """

    median: float
    most: float
    longest: float
    answered: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Compared:
    """All on the same questions.

    Args:
        questions: how many.
        unknown: the share that our prover did not answer.
        agree: the share of the same answer, where both answered.
        ours: our times.
        z3: the times of z3 as it is, asked one question.
        helped: those of z3 when it is asked about one kind of action after the other.
    """

    questions: int
    unknown: float
    agree: float
    ours: Times
    z3: Times
    helped: Times


def samples() -> list[str]:
    """The samples that there are here."""
    return [RANDOM, LARGE, *([AWS] if os.environ.get("REVET_ORACLES") else [])]


def compare(sample: str) -> Compared:
    """Ask all of them the questions of a sample, in a process that does nothing else.

    Args:
        sample: see `samples`.
    """
    program = ROOT / "benchmarks" / "prove_pairs.py"
    done = subprocess.run(
        [sys.executable, str(program), sample],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = [Row(*row) for row in json.loads(done.stdout)]
    pairs = [(row.ours, said) for row in rows for said in (row.z3, row.helped)]
    both = [pair for pair in pairs if set(pair) <= set(_ANSWERS)]
    return Compared(
        len(rows),
        sum(row.ours not in _ANSWERS for row in rows) / len(rows),
        sum(ours == said for ours, said in both) / len(both),
        _times([(row.ours, row.ours_ms, row.ours_ms) for row in rows]),
        _times([(row.z3, row.z3_ms, row.ours_ms) for row in rows]),
        _times([(row.helped, row.helped_ms, row.ours_ms) for row in rows]),
    )


class Row(NamedTuple):
    """The answers to one question, each with its milliseconds."""

    ours: str
    ours_ms: float
    z3: str
    z3_ms: float
    helped: str
    helped_ms: float


def _times(taken: list[tuple[str, float, float]]) -> Times:
    """From answers, their milliseconds, and ours on the same questions."""
    all_of_them = [milliseconds for _, milliseconds, _ in taken]
    answered = [one for one in taken if one[0] in _ANSWERS]
    theirs = statistics.median(milliseconds for _, milliseconds, _ in answered)
    ours = statistics.median(milliseconds for _, _, milliseconds in answered)
    return Times(
        statistics.median(all_of_them),
        statistics.quantiles(all_of_them, n=100, method="inclusive")[98],
        max(all_of_them),
        len(answered),
        theirs / ours,
    )
