"""Run a command; report its wall time and the memory of all its processes together."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.02
MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """What some runs of one command took.

    Args:
        seconds: median wall time.
        spread: slowest minus fastest run, in seconds.
        mebibytes: highest sum of PSS over the process tree, in a run of its own.
        runs: how many runs.
        output: what the last run printed.
    """

    seconds: float
    spread: float
    mebibytes: float
    runs: int
    output: str

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.seconds:6.2f} s (±{self.spread / 2:.2f}, {self.runs} runs)  "
            f"{self.mebibytes:6.0f} MiB"
        )


def measure(
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    runs: int = 5,
    accept: Sequence[int] = (0,),
) -> Measurement:
    """Run a command several times for its time, and once more for its memory.

    Reading the memory of a process slows it down, so that the two are never measured together.

    Args:
        command: program and arguments.
        directory: where it runs.
        environment: its whole environment.
        runs: how many times; a first run to warm caches is the caller's to make.
        accept: exit codes that are no failure.

    Raises:
        RuntimeError: it ended with another exit code; carries what it printed.
    """
    seconds: list[float] = []
    peak = 0.0
    output = ""
    for number in range(runs + 1):
        begun = time.perf_counter()
        process = psutil.Popen(
            list(command), cwd=directory, env=dict(environment), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        samples: list[float] = []
        sampler = threading.Thread(target=_sample, args=(process, samples), daemon=True)
        if number == runs:
            sampler.start()
        output, _ = process.communicate()
        if number == runs:
            sampler.join()
        else:
            seconds.append(time.perf_counter() - begun)
        peak = max(peak, *samples, 0.0)
        if process.returncode not in accept:
            message = f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}"
            raise RuntimeError(message)
    return Measurement(
        statistics.median(seconds), max(seconds) - min(seconds), peak / MEBI, runs, output
    )


def _sample(process: psutil.Process, samples: list[float]) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            tree = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        total = 0.0
        for member in tree:
            try:
                total += member.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        samples.append(total)
        time.sleep(SAMPLE_SECONDS)
