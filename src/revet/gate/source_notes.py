"""Saying what was judged by the sources beside a plan.

A plan of HCL-syntax configuration does not keep what expressions look like. Whoever writes the
sources could write something else there, so each answer that rests on them names file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from revet.model.finding import Finding, Status
from revet.plan import Sources

_MOST = 20


def source_notes(sources: Sources) -> dict[str, str]:
    """What a verdict says of the sources, label to text.

    Args:
        sources: of the plan, after it was judged.
    """
    folder = sources.folder.root.as_posix()
    notes = {}
    if sources.used:
        told = [f"`{path}` by {place}" for path, place in sorted(sources.used.items())]
        notes["sources"] = (
            f"{len(told)} values that the plan does not show were read from `{folder}`, which "
            f"could say something else than what was planned: {_some(told, ', ')}"
        )
    elif sources.modules:
        notes["sources"] = f"`{folder}` matches the plan, which shows all that was asked for"
    if sources.ignored:
        notes["sources ignored"] = _some(sources.ignored, "; ")
    return notes


def with_sources(findings: Iterable[Finding], sources: Sources | None) -> tuple[Finding, ...]:
    """The findings, each saying which values of its resources were read from the sources.

    Args:
        findings: of the controls.
        sources: of the plan; `None` without them.
    """
    if sources is None or not sources.used:
        return tuple(findings)
    places: dict[str, list[str]] = {}
    for address, path, place in sources.places():
        places.setdefault(address, []).append(f"`{path}` by {place}")
    return tuple(_told(finding, places) for finding in findings)


def _told(finding: Finding, places: Mapping[str, list[str]]) -> Finding:
    if finding.status not in (Status.PASS, Status.FAIL):
        return finding
    told = [text for name in (finding.address, *finding.related) for text in places.get(name, ())]
    if not told:
        return finding
    text = f"sources: {_some(told, ', ')}"
    shown = f"{finding.implemented}; {text}" if finding.implemented else text
    return replace(finding, implemented=shown)


def _some(told: Iterable[str], between: str) -> str:
    texts = list(told)
    more = f"{between}and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return between.join(texts[:_MOST]) + more
