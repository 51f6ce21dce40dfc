"""Words for the comparison with an earlier verdict, the same in all formats."""

from __future__ import annotations

from revet.model.finding import Change, Compared, Comparison, Finding, Origin
from revet.model.verdict import Verdict
from revet.report.words import seen, short_hash

LISTED = (Change.NEW, Change.REGRESSED, Change.WAIVED, Change.FIXED, Change.GONE)
"""What is listed one by one; what is unchanged is counted, and listed among the findings."""


def earlier(comparison: Comparison) -> str:
    """Which verdict it was compared with."""
    parts = [f"{comparison.stack} at {comparison.stage}"]
    if comparison.time:
        parts.append(comparison.time)
    if comparison.plan_hash:
        parts.append(f"plan {short_hash(comparison.plan_hash)}")
    return ", ".join(parts)


def step(item: Compared) -> str:
    """From which status to which, and where it was seen unless that was the plan."""
    was = item.before.value if item.before else ""
    now = item.now.value if item.now else ""
    parts = (f"was {was}" if was else "", f"now {now}" if now else "")
    note = f"; {item.note}" if item.note else ""
    return ", ".join(part for part in parts if part) + seen(item.origin) + note


def rule_of(comparison: Comparison) -> str:
    """What blocks, where the comparison has a say in that; empty where it has none."""
    if not comparison.fail_on_new:
        return ""
    known = sum(item.known for item in comparison.changes)
    return (
        "only what is new or regressed blocks, and every unknown: "
        f"{known} known {'failure does' if known == 1 else 'failures do'} not block"
    )


def change_of(verdict: Verdict) -> dict[tuple[str, str, Origin], Change]:
    """Control, address and origin to what changed; empty without a comparison."""
    if verdict.comparison is None:
        return {}
    return {item.key: item.change for item in verdict.comparison.changes}


def key_of(finding: Finding) -> tuple[str, str, Origin]:
    """By what `change_of` is asked."""
    return (finding.control, finding.address, finding.origin)
