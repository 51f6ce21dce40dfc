"""Validation of 20-statement policies: milliseconds a policy, ours and parliament's.

Every policy is new to the validator, and reading it with places is part of the time. The figure is
the mean of the best of several rounds, for both, so that a busy machine does not decide.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from pathlib import Path

import peers
import policies

WARM_UP = 20
ROUNDS = 10
SIZE = 20
COUNT = ROUNDS * SIZE
_THEIRS = """
import json, sys, time
import parliament
texts = json.load(open(sys.argv[1]))
taken = []
for text in texts:
    begun = time.perf_counter()
    parliament.analyze_policy_string(text)
    taken.append((time.perf_counter() - begun) * 1000)
print(json.dumps(taken))
"""


def ours() -> float:
    """Milliseconds of a policy."""
    from revet.iam.validate import validate_policy  # noqa: PLC0415 - the import is not measured

    texts = policies.policies(WARM_UP + COUNT)
    taken = []
    for text in texts:
        begun = time.perf_counter()
        validate_policy(text, "identity")
        taken.append((time.perf_counter() - begun) * 1000)
    return _best(taken[WARM_UP:])


def parliament(tools: Path, work: Path) -> float:
    """Milliseconds of a policy, in its own environment."""
    python = peers.python_of(tools, peers.PARLIAMENT)
    work.mkdir(parents=True, exist_ok=True)
    file = work / "policies.json"
    file.write_text(json.dumps(policies.policies(WARM_UP + COUNT)), encoding="utf-8")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", _THEIRS, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken: list[float] = json.loads(done.stdout)
    return _best(taken[WARM_UP:])


def _best(taken: list[float]) -> float:
    return min(statistics.mean(taken[start : start + SIZE]) for start in range(0, len(taken), SIZE))
