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

ROOT = Path(__file__).parents[1]
RANDOM, AWS = "random", "aws"
_ANSWERS = ("none", "some")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many questions.

    Args:
        median: half of them took no longer.
        most: 99 of 100 took no longer.
        longest: what the longest took.
    """

    median: float
    most: float
    longest: float

    def __str__(self) -> str:
        """One line."""
        return (
            f"median {self.median:,.1f} ms, 99th percentile {self.most:,.0f} ms, "
            f"maximum {self.longest:,.0f} ms"
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """Both on the same questions.

    Args:
        questions: how many.
        answered: of how many of them z3 gave an answer.
        unknown: how many our prover did not answer.
        disagree: in how many both answered, and not the same.
        ours: our times.
        theirs: z3's times.
        ratio: z3's median by ours, on the questions that z3 answered.
    """

    questions: int
    answered: int
    unknown: int
    disagree: int
    ours: Times
    theirs: Times
    ratio: float


def samples() -> list[str]:
    """The samples that there are here."""
    return [RANDOM, AWS] if os.environ.get("REVET_ORACLES") else [RANDOM]


def compare(sample: str) -> Compared:
    """Ask both the questions of a sample, in a process that does nothing else.

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
    rows: list[tuple[str, float, str, float]] = json.loads(done.stdout)
    answered = [row for row in rows if row[2] in _ANSWERS]
    both = [row for row in answered if row[0] in _ANSWERS]
    return Compared(
        len(rows),
        len(answered),
        sum(row[0] not in _ANSWERS for row in rows),
        sum(row[0] != row[2] for row in both),
        _times([row[1] for row in rows]),
        _times([row[3] for row in rows]),
        statistics.median(row[3] for row in answered)
        / statistics.median(row[1] for row in answered),
    )


def _times(taken: list[float]) -> Times:
    return Times(statistics.median(taken), statistics.quantiles(taken, n=100)[98], max(taken))
