"""Validation of 20-statement policies: milliseconds a policy, ours and parliament's.

Every policy is new to the validator, and reading it with places is part of the time. The figure is
the mean of the best of several rounds in time of the processor, for both, so that a busy machine
does not decide.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import peers
import policies

WARM_UP = 20
ROUNDS = 10
SIZE = 20
COUNT = ROUNDS * SIZE
_PROGRAM = """
import json, sys, time
{imports}
texts = json.load(open(sys.argv[1]))
taken = []
for text in texts:
    begun = time.process_time()
    {call}
    taken.append((time.process_time() - begun) * 1000)
print(json.dumps(taken))
"""


def ours(work: Path) -> float:
    """Milliseconds of a policy, in a process that does nothing else.

    Args:
        work: folder for the policies.
    """
    program = _PROGRAM.format(
        imports="from revet.iam.validate import validate_policy",
        call="validate_policy(text, 'identity')",
    )
    return _run(Path(sys.executable), program, work)


def parliament(tools: Path, work: Path) -> float:
    """Milliseconds of a policy, in its own environment.

    Args:
        tools: folder for tools of this project.
        work: folder for the policies.

    Raises:
        MissingPeerError: it cannot be installed.
    """
    program = _PROGRAM.format(
        imports="import parliament", call="parliament.analyze_policy_string(text)"
    )
    return _run(peers.python_of(tools, peers.PARLIAMENT), program, work)


def _run(python: Path, program: str, work: Path) -> float:
    work.mkdir(parents=True, exist_ok=True)
    file = work / "policies.json"
    file.write_text(json.dumps(policies.policies(WARM_UP + COUNT)), encoding="utf-8")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", program, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken: list[float] = json.loads(done.stdout)
    return _best(taken[WARM_UP:])


def _best(taken: list[float]) -> float:
    return min(statistics.mean(taken[start : start + SIZE]) for start in range(0, len(taken), SIZE))
