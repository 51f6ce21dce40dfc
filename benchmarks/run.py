"""All benchmarks, beside their peers in one run.

`make bench`, or `python benchmarks/run.py NAME…`; exits 1 when a budget is missed. A budget is a
ratio within one run, to a peer or to ourselves on another input: absolute figures depend on the
machine, and are printed only. Where a peer is missing there is no ratio, and the budget is missed.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import evaluate
import large_plan
import lines
import peers
import prove
import scaling
import stack_properties
import validation
from measure import Command, Measurement, measure, measure_beside
from peers import MissingPeerError

ROOT = Path(__file__).parents[1]
WORK = ROOT / ".revet" / "bench"
TOOLS = ROOT / ".tools"
REVET = str(Path(sys.executable).parent / "revet")
REQUESTS, PEER_REQUESTS = 60_000, 6_000


@dataclass(frozen=True, slots=True)
class Line:
    """A command's wall time and memory; printed only.

    Args:
        name: what ran.
        measured: what it took.
    """

    name: str
    measured: Measurement

    def __str__(self) -> str:
        """The row."""
        return f"{self.name:<44} {self.measured}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is neither wall time nor memory of a command; printed only.

    Args:
        name: what was measured.
        value: how much.
        unit: of the value.
    """

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        """The row."""
        return f"{self.name:<44} {self.value:>10,.2f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Budget:
    """What must hold: a ratio to a peer in the same run, or to ourselves on another input.

    Args:
        name: of the benchmark.
        value: how many times; None when there was nothing to compare with, which never holds.
        what: of which the value tells.
        least: the value must be at least this; 0 for no such budget.
        most: and at most this; 0 for no such budget.
        why: why there is no value.
    """

    name: str
    value: float | None
    what: str
    least: float = 0
    most: float = 0
    why: str = ""

    @property
    def kept(self) -> bool:
        """Whether it holds."""
        if self.value is None:
            return False
        return self.value >= self.least and not (self.most and self.value > self.most)

    def __str__(self) -> str:
        """The row."""
        asked = f"at most {self.most:g}" if self.most else f"at least {self.least:g}"
        if self.value is None:
            return f"{'':<44} NOT COMPARED, {self.what} {asked}: {self.why}"
        told = "kept" if self.kept else "MISSED"
        return f"{'':<44} {self.value:>10,.2f} {self.what}, {asked}: {told}"


Rows = Iterator[Line | Figure | Budget]
GATE = ("gate", "times as fast as Checkov", 8.0)
SYNTHESIS = ("synthesis", "times as fast as with the package as shipped", 3.0)
VALIDATION = ("validation", "times as fast as parliament", 2.5)
DECISIONS = ("decisions", "times as many as iam-simulate", 20.0)
PROOFS = ("prove", "times as fast as z3", 50.0)
LINES = ("lines", "times as fast as iam-simulate", 5.0)


def budget(of: tuple[str, str, float], value: float | None, why: str = "") -> Budget:
    """A ratio to a peer.

    Args:
        of: name, what the value tells of, and the least that it must be.
        value: how many times; None when the peer is missing.
        why: why it is missing.
    """
    name, what, least = of
    return Budget(name, value, what, least=least, why=why)


def benchmark_help(environment: dict[str, str]) -> Rows:
    """The time to the first word."""
    yield Line("revet --help", measure(Command([REVET, "--help"], ROOT, environment), runs=9))


def benchmark_check(environment: dict[str, str]) -> Rows:
    """The gate on a plan of 1,000 resources, beside Checkov on the same file."""
    plan = large_plan.large_plan(WORK / "large")
    words = [REVET, "check", str(plan), "--format", "json", "--output", str(WORK / "check.json")]
    ours = Command(words, ROOT, environment, accept=(0, 1))
    try:
        program = peers.checkov(TOOLS)
    except MissingPeerError as error:
        yield Line("revet check, 1,000 resources", measure(ours))
        yield budget(GATE, None, str(error))
        return
    words = [str(program), "--file", str(plan), "--framework", "terraform_plan", "--quiet",
             "--compact", "--output", "json"]  # fmt: skip
    offline = {**environment, "BC_SKIP_MAPPING": "TRUE"}
    theirs = Command(words, WORK, offline, accept=(0, 1))
    first, second = measure_beside([ours, theirs], runs=3)
    yield Line("revet check, 1,000 resources", first)
    yield Line("checkov, the same plan", second)
    yield memory(first, second)
    yield budget(GATE, second.best / first.best)


def benchmark_synth(environment: dict[str, str]) -> Rows:
    """A warm synthesis of the tap stack, beside the same with the provider package as shipped."""
    words = [REVET, "synth", "tap", "--directory", str(WORK / "synth")]
    ours = Command(words, ROOT, environment)
    theirs = Command(words, ROOT, {**environment, "REVET_LAZY_LOAD": "off"})
    measure_beside([ours, theirs], runs=1)
    first, second = measure_beside([ours, theirs], runs=6)
    yield Line("revet synth tap, warm", first)
    yield Line("the same, provider package as shipped", second)
    yield memory(first, second)
    yield budget(SYNTHESIS, second.best / first.best)


def memory(ours: Measurement, theirs: Measurement) -> Figure:
    """How much more memory the peer takes."""
    return Figure("memory of the peer", theirs.mebibytes / ours.mebibytes, "times ours")


def benchmark_validate(_environment: dict[str, str]) -> Rows:
    """Validation of a 20-statement policy, beside parliament on the same policies."""
    ours = validation.ours(WORK)
    try:
        theirs = validation.parliament(TOOLS, WORK)
    except MissingPeerError as error:
        yield Figure("validate_policy, 20 statements", ours, "ms")
        yield budget(VALIDATION, None, str(error))
        return
    for _ in range(2):  # in turns, so that what else the machine does meets both
        ours = min(ours, validation.ours(WORK))
        theirs = min(theirs, validation.parliament(TOOLS, WORK))
    yield Figure("validate_policy, 20 statements", ours, "ms")
    yield Figure("parliament, the same policies", theirs, "ms")
    yield budget(VALIDATION, theirs / ours)


def benchmark_evaluate(_environment: dict[str, str]) -> Rows:
    """Requests a second of the evaluator, beside iam-simulate on the same requests."""
    cases = WORK / "evaluate.json"
    evaluate.write_cases(cases, REQUESTS)
    ours = evaluate.run_ours(cases)
    yield Figure("authorize, unique requests", ours["rate"], "requests/s")
    for name, share in sorted(ours["shares"].items()):
        yield Budget("decisions", share * 100, f"% are {name}", least=evaluate.LEAST_SHARE * 100)
    try:
        node, folder = peers.iam_simulate(TOOLS)
    except MissingPeerError as error:
        yield budget(DECISIONS, None, str(error))
        return
    evaluate.write_cases(cases, PEER_REQUESTS)
    theirs = evaluate.run_theirs(cases, folder, node)
    yield Figure("iam-simulate, the same requests", theirs["rate"], "requests/s")
    yield budget(DECISIONS, ours["rate"] / theirs["rate"])


def benchmark_lines(environment: dict[str, str]) -> Rows:
    """`revet iam authorize --cases`, beside iam-simulate on the same lines."""
    cases = WORK / "lines.jsonl"
    lines.write_lines(cases)
    answers = (WORK / "lines-ours.jsonl", WORK / "lines-theirs.jsonl")
    ours = lines.ours(cases, answers[0], environment)
    name = f"revet iam authorize, {lines.COUNT:,} lines"
    try:
        peer = peers.iam_simulate(TOOLS)
    except MissingPeerError as error:
        yield Line(name, measure(ours))
        yield budget(LINES, None, str(error))
        return
    first, second = measure_beside(
        [ours, lines.theirs(cases, answers[1], environment, peer)], runs=3
    )
    yield Line(name, first)
    yield Line("iam-simulate, the same lines", second)
    yield Figure("revet iam authorize", lines.COUNT / first.best, "lines/s")
    yield Figure("iam-simulate", lines.COUNT / second.best, "lines/s")
    yield Budget("lines", lines.agreement(*answers) * 100, "% decided alike", least=95)
    yield budget(LINES, second.best / first.best)


def benchmark_prove(_environment: dict[str, str]) -> Rows:
    """Whether one policy grants what another does not, beside z3 on the same pairs."""
    print("timed: from two parsed policies to the answer, models built and requests tried")
    for sample in prove.samples():
        found = prove.compare(sample)
        name = f"new access, {found.questions} {sample} pairs"
        for who, timed in (("", found.ours), (", z3", found.z3), (", z3 helped", found.helped)):
            yield Figure(f"{name}{who}: median", timed.median, "ms")
            yield Figure("99th percentile", timed.most, "ms")
            yield Figure("maximum", timed.longest, "ms")
        yield Figure("z3 answers", found.z3.answered / found.questions * 100, "%")
        yield Figure("z3 helped answers", found.helped.answered / found.questions * 100, "%")
        yield Budget("prove", found.unknown * 100, "% unknown", most=1)
        yield Budget("prove", found.agree * 100, "% alike where both answer", least=100)
        yield budget(PROOFS, found.z3.ratio)


def benchmark_properties(_environment: dict[str, str]) -> Rows:
    """All properties of the tap stack, in the time of the gate run over its plan at most."""
    found = stack_properties.rounds(WORK, 5)
    middle = sorted(found, key=lambda one: one.proofs / one.gate)[len(found) // 2]
    yield Figure("gate run of the tap stack", middle.gate, "s")
    yield Figure(f"its {middle.properties} properties, all layers", middle.proofs, "s")
    yield Figure("proofs with a certificate", middle.certified, f"of {middle.properties}")
    yield Budget("properties", middle.held / middle.properties * 100, "% hold", least=100)
    share = middle.proofs / middle.gate
    yield Budget("properties", share, "times the gate run beside them", most=1)


def benchmark_hostile(_environment: dict[str, str]) -> Rows:
    """Small inputs that ask for much work."""
    for name, seconds in scaling.hostile_seconds():
        yield Figure(name, seconds, "s")


def benchmark_scale(environment: dict[str, str]) -> Rows:
    """Time for a resource in plans of 5,000 and of 100,000, which must not differ much."""
    for shape in scaling.SHAPES:
        taken = []
        for resources in (scaling.FEW, scaling.MANY):
            plan = scaling.write(shape, resources, WORK)
            words = [REVET, "check", str(plan), "--format", "json", "--output",
                     str(WORK / "scale.json")]  # fmt: skip
            ours = measure(Command(words, ROOT, environment, accept=(0, 1)), runs=1)
            taken.append(ours.seconds / resources)
            yield Line(f"{resources:,} {shape}", ours)
        grown = taken[1] / taken[0]
        yield Budget("scale", grown, f"times as long for one of {shape}", most=1.5)


def main() -> int:
    """Run what was asked for, or all; the answer is the exit code."""
    known: dict[str, Callable[[dict[str, str]], Rows]] = {
        "help": benchmark_help,
        "check": benchmark_check,
        "synth": benchmark_synth,
        "validate": benchmark_validate,
        "evaluate": benchmark_evaluate,
        "lines": benchmark_lines,
        "prove": benchmark_prove,
        "properties": benchmark_properties,
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
    print("wall time: median, ratios of the best; memory: highest sum of PSS over all processes")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONDONTWRITEBYTECODE"  # warm means compiled
    }
    missed = []
    for name in names:
        for row in known[name](environment):
            print(row, flush=True)
            if isinstance(row, Budget) and not row.kept:
                missed.append(f"{row.name} ({row.what})")
    print(f"budgets missed: {', '.join(missed)}" if missed else "all budgets kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
