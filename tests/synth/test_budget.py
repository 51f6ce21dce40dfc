"""What a synthesis may cost: 1.5 s and 320 MB over all its processes, with a warm cache."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from revet.synth import warm_up

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from revet.synth import run_program
run_program(["tap.py"], Path(sys.argv[1]))
"""
SECONDS = 1.5
MEGABYTES = 320
PERIOD = 0.05
BUSY = 0.8


def measure(directory: Path) -> tuple[float, int]:
    """Seconds, and the highest sum of the proportional set sizes in megabytes."""
    start = time.monotonic()
    process = psutil.Popen([sys.executable, "-c", PROGRAM, str(directory)], cwd=ROOT)
    highest = 0
    while True:
        total = 0
        for part in [process, *process.children(recursive=True)]:
            try:
                total += part.memory_full_info().pss
            except psutil.Error:
                continue  # it ended meanwhile
        highest = max(highest, total)
        try:
            code = process.wait(timeout=PERIOD)
        except psutil.TimeoutExpired:
            continue
        assert code == 0
        return time.monotonic() - start, highest >> 20


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PSS is Linux's")
def test_the_tap_stack_stays_within_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ENVIRONMENT_SUFFIX", "AWS_REGION", "LIFECYCLE", "REVET_LAZY_LOAD"):
        monkeypatch.delenv(name, raising=False)
    assert "REVET_LAZY_LOAD" not in os.environ
    warm_up()
    runs = [measure(tmp_path / str(number)) for number in range(3)]
    assert max(megabytes for _, megabytes in runs) <= MEGABYTES, runs
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    if busy > BUSY:
        pytest.skip(f"memory measured; time not, the machine is busy ({busy:.1f} a core)")
    assert min(seconds for seconds, _ in runs) <= SECONDS, runs
