"""All benchmarks, beside their peers in one run. `make bench`; exits 1 when a budget is missed."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import evaluate
import large_plan
import peers
import scaling
import validation
from measure import Measurement, measure

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".revet" / "bench"
REVET = str(Path(sys.executable).parent / "revet")
REQUESTS, PEER_REQUESTS = 60_000, 6_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table.

    Args:
        name: what ran.
        measured: what it took.
        seconds: budget; 0 for none.
        mebibytes: budget; 0 for none.
    """

    name: str
    measured: Measurement
    seconds: float = 0
    mebibytes: float = 0

    @property
    def kept(self) -> bool:
        """Whether both budgets hold."""
        slow = self.seconds and self.measured.seconds > self.seconds
        large = self.mebibytes and self.measured.mebibytes > self.mebibytes
        return not (slow or large)

    def __str__(self) -> str:
        """The row."""
        parts = []
        if self.seconds:
            parts.append(f"{self.seconds:g} s")
        if self.mebibytes:
            parts.append(f"{self.mebibytes:g} MiB")
        budget = (
            f"  budget {', '.join(parts)}: {'kept' if self.kept else 'MISSED'}" if parts else ""
        )
        return f"{self.name:<40} {self.measured}{budget}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table that is neither wall time nor memory of a command.

    Args:
        name: what was measured.
        value: how much.
        unit: of the value.
        most: budget, 0 for none.
        least: the value must be at least this, 0 for no such budget.
    """

    name: str
    value: float
    unit: str
    most: float = 0
    least: float = 0

    @property
    def kept(self) -> bool:
        """Whether the budget holds."""
        return not (self.most and self.value > self.most) and self.value >= self.least

    def __str__(self) -> str:
        """The row."""
        budget = f"at most {self.most:g}" if self.most else f"at least {self.least:g}"
        told = f"  budget {budget} {self.unit}: {'kept' if self.kept else 'MISSED'}"
        has = self.most or self.least
        return f"{self.name:<40} {self.value:>8,.2f} {self.unit}{told if has else ''}"


def ratio(ours: Measurement, theirs: Measurement) -> str:
    """How much more the peer takes."""
    return (
        f"{'':<40} the peer takes {theirs.seconds / ours.seconds:.1f} times as long, "
        f"{theirs.mebibytes / ours.mebibytes:.1f} times the memory"
    )


def benchmark_help(environment: dict[str, str]) -> list[Line]:
    """The time to the first word."""
    measured = measure([REVET, "--help"], directory=ROOT, environment=environment, runs=9)
    return [Line("revet --help", measured, seconds=0.3)]


def benchmark_check(environment: dict[str, str]) -> list[Line]:
    """The gate on a plan of 1,000 resources, beside Checkov on the same file."""
    plan = large_plan.large_plan(WORK / "large")
    command = [REVET, "check", str(plan), "--format", "json", "--output", str(WORK / "check.json")]
    ours = measure(command, directory=ROOT, environment=environment, accept=(0, 1))
    line = Line("revet check, 1,000 resources", ours, seconds=1, mebibytes=120)
    print(line, flush=True)
    program = peers.checkov(ROOT / ".tools")
    command = [str(program), "--file", str(plan), "--framework", "terraform_plan", "--quiet",
               "--compact", "--output", "json"]  # fmt: skip
    offline = {**environment, "BC_SKIP_MAPPING": "TRUE"}
    theirs = measure(command, directory=WORK, environment=offline, runs=2, accept=(0, 1))
    print(Line("checkov, the same plan", theirs), ratio(ours, theirs), sep="\n", flush=True)
    return [line]


def benchmark_synth(environment: dict[str, str]) -> list[Line]:
    """A warm synthesis of the tap stack, beside the same with the provider package as shipped."""
    out = str(WORK / "synth")
    command = [REVET, "synth", "tap", "--directory", out]
    eager = {**environment, "REVET_LAZY_LOAD": "off"}
    for prepared in (environment, eager):
        measure(command, directory=ROOT, environment=prepared, runs=1)
    ours = measure(command, directory=ROOT, environment=environment)
    theirs = measure(command, directory=ROOT, environment=eager, runs=3)
    line = Line("revet synth tap, warm", ours, seconds=1.5, mebibytes=320)
    shipped = Line("the same, provider package as shipped", theirs)
    print(line, shipped, ratio(ours, theirs), sep="\n", flush=True)
    return [line]


def benchmark_validate(_environment: dict[str, str]) -> list[Figure]:
    """Validation of a 20-statement policy, beside parliament on the same policies."""
    ours = validation.ours()
    theirs = validation.parliament(ROOT / ".tools", WORK)
    figure = Figure("validate_policy, 20 statements", ours, "ms", most=5)
    print(figure, Figure("parliament, the same policies", theirs, "ms"), sep="\n")
    print(f"{'':<40} the peer takes {theirs / ours:.1f} times as long", flush=True)
    return [figure]


def benchmark_evaluate(_environment: dict[str, str]) -> list[Figure]:
    """Requests a second of the evaluator, beside iam-simulate on the same requests."""
    cases = WORK / "evaluate.json"
    evaluate.write_cases(cases, REQUESTS)
    ours = evaluate.run_ours(cases)
    shares = {f"share of {name}": share * 100 for name, share in ours["shares"].items()}
    figures = [
        Figure("authorize, unique requests", ours["rate"], "requests/s", least=20_000),
        *(Figure(name, share, "%", least=15) for name, share in sorted(shares.items())),
    ]
    print(*figures, sep="\n", flush=True)
    peer = peers.iam_simulate(ROOT / ".tools")
    if peer is None:
        print(f"{'':<40} no Node with npm: not measured beside iam-simulate", flush=True)
        return figures
    node, folder = peer
    evaluate.write_cases(cases, PEER_REQUESTS)
    theirs = evaluate.run_theirs(cases, folder, node)
    print(Figure("iam-simulate, the same requests", theirs["rate"], "requests/s"))
    print(f"{'':<40} we decide {ours['rate'] / theirs['rate']:.1f} times as many", flush=True)
    return figures


def benchmark_hostile(_environment: dict[str, str]) -> list[Figure]:
    """Small inputs that ask for much work."""
    figures = []
    for name, seconds in scaling.hostile_seconds():
        figures.append(Figure(name, seconds, "s", most=10))
        print(figures[-1], flush=True)
    return figures


def benchmark_scale(environment: dict[str, str]) -> list[Line | Figure]:
    """Time for a resource in plans of 5,000 and of 100,000, which must not differ much."""
    rows: list[Line | Figure] = []
    for shape in scaling.SHAPES:
        taken = []
        for resources in (scaling.FEW, scaling.MANY):
            plan = scaling.write(shape, resources, WORK)
            command = [REVET, "check", str(plan), "--format", "json", "--output",
                       str(WORK / "scale.json")]  # fmt: skip
            ours = measure(command, directory=ROOT, environment=environment, runs=1, accept=(0, 1))
            taken.append(ours.seconds / resources)
            print(Line(f"{resources:,} {shape}", ours), flush=True)
        figure = Figure(f"time for one of {shape}", taken[1] / taken[0], "times as long", most=1.5)
        print(figure, flush=True)
        rows.append(figure)
    return rows


def main() -> int:
    """Run what was asked for, or all; the answer is the exit code."""
    known: dict[str, Callable[[dict[str, str]], Sequence[Line | Figure]]] = {
        "help": benchmark_help,
        "check": benchmark_check,
        "synth": benchmark_synth,
        "validate": benchmark_validate,
        "evaluate": benchmark_evaluate,
        "hostile": benchmark_hostile,
        "scale": benchmark_scale,
    }
    names = sys.argv[1:] or list(known)
    wrong = [name for name in names if name not in known]
    if wrong:
        print(f"unknown benchmark: {', '.join(wrong)}; expected {', '.join(known)}")
        return 3
    WORK.mkdir(parents=True, exist_ok=True)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print("wall time: median; memory: highest sum of PSS over all processes")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONDONTWRITEBYTECODE"  # warm means compiled
    }
    lines: list[Line | Figure] = []
    for name in names:
        found = known[name](environment)
        if name == "help":
            print(*found, sep="\n", flush=True)
        lines.extend(found)
    missed = [line.name for line in lines if not line.kept]
    print(f"budgets missed: {', '.join(missed)}" if missed else "all budgets kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
