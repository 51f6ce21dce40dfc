"""Run commands; report its wall time and the memory of all its processes together."""

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
        best: shortest wall time, which what else the machine does has least part in.
        spread: slowest minus fastest run, in seconds.
        mebibytes: highest sum of PSS over the process tree, in a run of its own.
        runs: how many runs.
        output: what the last run printed.
    """

    seconds: float
    best: float
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


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be measured.

    Args:
        words: program and arguments.
        directory: where it runs.
        environment: its whole environment.
        accept: exit codes that are no failure.
    """

    words: Sequence[str]
    directory: Path
    environment: Mapping[str, str]
    accept: Sequence[int] = (0,)


def measure(command: Command, *, runs: int = 5) -> Measurement:
    """Run a command several times for its time, and once more for its memory.

    Args:
        command: what to run.
        runs: how many times; a first run to warm caches is the caller's to make.

    Raises:
        RuntimeError: it ended with another exit code; carries what it printed.
    """
    [measured] = measure_beside([command], runs=runs)
    return measured


def measure_beside(commands: Sequence[Command], *, runs: int = 5) -> list[Measurement]:
    """Run commands in turns, so that what else the machine does meets all of them.

    Reading the memory of a process slows it down, so that the two are never measured together.

    Args:
        commands: what to run.
        runs: how many times each.

    Raises:
        RuntimeError: one ended with another exit code; carries what it printed.
    """
    seconds: list[list[float]] = [[] for _ in commands]
    for _ in range(runs):
        for taken, command in zip(seconds, commands, strict=True):
            begun = time.perf_counter()
            _run(command, [])
            taken.append(time.perf_counter() - begun)
    found = []
    for taken, command in zip(seconds, commands, strict=True):
        samples = [0.0]
        output = _run(command, samples, sampled=True)
        peak = max(samples) / MEBI
        spread = max(taken) - min(taken)
        found.append(Measurement(statistics.median(taken), min(taken), spread, peak, runs, output))
    return found


def _run(command: Command, samples: list[float], *, sampled: bool = False) -> str:
    process = psutil.Popen(
        list(command.words),
        cwd=command.directory,
        env=dict(command.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sampler = threading.Thread(target=_sample, args=(process, samples), daemon=True)
    if sampled:
        sampler.start()
    output, _ = process.communicate()
    if sampled:
        sampler.join()
    if process.returncode not in command.accept:
        message = f"{' '.join(command.words)} ended with {process.returncode}:\n{output[-2000:]}"
        raise RuntimeError(message)
    return str(output)


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
