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


def measure(stack: Path, *, sources: bool) -> Measured:
    """Judge one stack.

    Args:
        stack: its folder.
        sources: whether the sources are read.
    """
    plan = load_plan(stack / "plan.json", sources=stack if sources else None)
    today = dt.date(2026, 1, 1)
    verdict = judge(plan, load_catalog(), today=today, stack=stack.name)
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
    print(f"{'':14}{'':7}{'unknown':>14}{'unknown':>14}{'false':>10}{'true ones':>11}")
    print(f"{'stack':14}{'pairs':>7}{'plan':>14}{'sources':>14}{'failures':>10}{'missed':>11}")
    total = [0] * 5
    for stack in stacks():
        before, after = measure(stack, sources=False), measure(stack, sources=True)
        row = (
            len(after.findings),
            len(before.with_status(Status.UNKNOWN)),
            len(after.with_status(Status.UNKNOWN)),
            len(after.false_failures),
            len(after.missed),
        )
        total = [one + other for one, other in zip(total, row, strict=True)]
        print(f"{stack.name:14}{row[0]:7}{row[1]:14}{row[2]:14}{row[3]:10}{row[4]:11}")
        for text in after.ignored:
            print(f"    ignored: {text}")
        if "--all" in sys.argv:
            for item in (*after.with_status(Status.UNKNOWN), *after.false_failures):
                print(f"    {item.status.value} {item.control} {item.address}: {item.implemented}")
            for control, address in after.missed:
                print(f"    missed {control} {address}")
    shares = [100 * number / total[0] for number in total[1:3]]
    print(f"{'all':14}{total[0]:7}{total[1]:14}{total[2]:14}{total[3]:10}{total[4]:11}")
    print(f"unknown: {shares[0]:.1f} % from the plan alone, {shares[1]:.1f} % with sources")


if __name__ == "__main__":
    main()
