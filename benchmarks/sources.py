"""How much of foreign forms can be told from a plan alone, and with the sources beside it.

    python benchmarks/sources.py [--all]

Judges each stack of tests/plan/source/stacks twice with the whole catalogue, and prints how many
(resource, control) pairs in scope are unknown, and which failures are not in its `expected.toml`.
`--all` names each unknown and failure that is left.
"""

from __future__ import annotations

import datetime as dt
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Finding, Status
from revet.plan import load_plan

STACKS = Path(__file__).resolve().parents[1] / "tests" / "plan" / "source" / "stacks"
_JUDGED = (Status.PASS, Status.FAIL, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Measured:
    """The answers for one stack.

    Args:
        findings: for each resource and control in scope.
        expected: control and address of each true failure.
        ignored: modules whose sources did not match.
    """

    findings: tuple[Finding, ...]
    expected: frozenset[tuple[str, str]]
    ignored: tuple[str, ...] = ()

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        """The findings with one answer."""
        return tuple(item for item in self.findings if item.status is status)

    @property
    def false_failures(self) -> tuple[Finding, ...]:
        """Failures that are none."""
        failures = self.with_status(Status.FAIL)
        return tuple(item for item in failures if (item.control, item.address) not in self.expected)

    @property
    def missed(self) -> tuple[tuple[str, str], ...]:
        """True failures that were not found."""
        found = {(item.control, item.address) for item in self.with_status(Status.FAIL)}
        return tuple(sorted(self.expected - found))


_BASELINE = Baseline("stacks", settings={"iam-foreign-access": {"accounts": ["111122223333"]}})
"""The account that the stacks write out; their plans were made without asking which it is."""


def measure(stack: Path, *, sources: bool) -> Measured:
    """Judge one stack.

    Args:
        stack: its folder.
        sources: whether the sources are read.
    """
    plan = load_plan(stack / "plan.json", sources=stack if sources else None)
    today = dt.date(2026, 1, 1)
    verdict = judge(plan, load_catalog(), baseline=_BASELINE, today=today, stack=stack.name)
    if verdict.problems:
        raise SystemExit(f"{stack.name}: {verdict.problems}")
    listed = tomllib.loads((stack / "expected.toml").read_text())
    expected = {(control, address) for control in listed for address in listed[control]}
    findings = tuple(item for item in verdict.findings if item.status in _JUDGED)
    return Measured(findings, frozenset(expected), plan.sources.ignored if plan.sources else ())


def stacks() -> list[Path]:
    """The folders of all stacks."""
    return sorted(path.parent for path in STACKS.glob("*/plan.json"))


def main() -> None:
    """Print the table."""
    print(f"{'':12}{'':>7}{'unknown':>18}{'false failures':>18}{'true ones missed':>18}")
    print(f"{'stack':12}{'pairs':>7}" + f"{'plan':>9}{'sources':>9}" * 3)
    total = [0] * 7
    for stack in stacks():
        before, after = measure(stack, sources=False), measure(stack, sources=True)
        row = [len(after.findings)]
        for count in (_unknown, _false, _missed):
            row += [count(before), count(after)]
        total = [one + other for one, other in zip(total, row, strict=True)]
        _print(stack.name, row)
        if "--all" in sys.argv:
            _explain(after)
    _print("all", total)
    shares = [100 * number / total[0] for number in total[1:3]]
    print(f"unknown: {shares[0]:.1f} % from the plan alone, {shares[1]:.1f} % with sources")


def _unknown(measured: Measured) -> int:
    return len(measured.with_status(Status.UNKNOWN))


def _false(measured: Measured) -> int:
    return len(measured.false_failures)


def _missed(measured: Measured) -> int:
    return len(measured.missed)


def _print(name: str, row: list[int]) -> None:
    print(f"{name:12}{row[0]:7}" + "".join(f"{number:9}" for number in row[1:]))


def _explain(measured: Measured) -> None:
    for text in measured.ignored:
        print(f"    ignored: {text}")
    for item in (*measured.with_status(Status.UNKNOWN), *measured.false_failures):
        print(f"    {item.status.value} {item.control} {item.address}: {item.implemented}")
    for control, address in measured.missed:
        print(f"    missed {control} {address}")


if __name__ == "__main__":
    main()
