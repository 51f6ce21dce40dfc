"""The verdict as annotations of a GitHub Actions log: the worst few, where the user changes them.

Source: GitHub, "Workflow commands for GitHub Actions". A step shows ten errors and ten warnings;
`render_markdown` is for the summary that holds the rest.
"""

from __future__ import annotations

from revet.model.finding import Change, Finding, Status
from revet.model.verdict import Decision, Verdict
from revet.report.changes import change_of, key_of
from revet.report.words import in_order, one_line, placed, reason, seen

MOST = 10
"""GitHub shows no more annotations of one kind of a step."""

_LONGEST = 1_000
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render_github(verdict: Verdict) -> str:
    """Render a verdict as workflow commands, one per line.

    The first line is the decision, as an error unless it is allowed, and says how many lines of
    each kind are left out. Errors are the problems, then the findings that block, worst first,
    then the requirements that do; warnings are findings that do not block, and waivers that have
    expired. Nothing that comes from the verdict can start or end a command.

    Args:
        verdict: what was found out.
    """
    changes = change_of(verdict)
    known = verdict.known
    errors = [_command("error", "problem", problem) for problem in verdict.problems]
    warnings: list[str] = []
    for finding in in_order(placed(verdict.findings)):
        if finding.status not in (Status.FAIL, Status.UNKNOWN):
            continue
        blocks = finding.severity in verdict.fail_on and not (
            finding.status is Status.FAIL and key_of(finding) in known
        )
        change = changes.get(key_of(finding))
        line = _finding(finding, "error" if blocks else "warning", change)
        (errors if blocks else warnings).append(line)
    errors += [
        _command("error", "requirement", line) for line in verdict.blockers[len(verdict.blocking) :]
    ]
    warnings += [
        _command("warning", waiver.control, f"expired waiver of {waiver.address}: {waiver.reason}")
        for waiver in verdict.expired
    ]
    shown = errors[: MOST - 1], warnings[:MOST]
    hidden = (
        (len(errors) - len(shown[0]), "errors"),
        (len(warnings) - len(shown[1]), "warnings"),
    )
    more = ", ".join(f"{number} more {what}" for number, what in hidden if number)
    p = verdict.provenance
    decision = _command(
        "notice" if verdict.decision is Decision.ALLOWED else "error",
        f"{verdict.decision.value}: {p.stack} at {p.stage}",
        reason(verdict) + (f"; not shown here: {more}" if more else ""),
    )
    return "".join(f"{line}\n" for line in (decision, *shown[0], *shown[1]))


def _finding(finding: Finding, level: str, change: Change | None) -> str:
    said = f"{finding.address}: {finding.implemented or finding.required}{seen(finding.origin)}"
    words = [finding.status.value, finding.severity.value]
    if change in (Change.NEW, Change.REGRESSED):
        words.append(change.value)
    if level == "warning":
        words.append("does not block")
    lines = [said, f"required: {finding.required}" if finding.required else ""]
    lines.append(f"resolve: {finding.resolve}" if finding.resolve else "")
    text = "\n".join(one_line(line) for line in lines if line)
    title = f"{finding.control} ({', '.join(words)})"
    source = finding.source
    if source is None:
        return _command(level, title, text, lines=True)
    return _command(level, title, text, file=source.file, line=source.line, lines=True)


def _command(
    level: str, title: str, text: str, *, file: str = "", line: int = 0, lines: bool = False
) -> str:
    """One workflow command; `lines` says that the text is made of lines that are safe already."""
    place = f"file={_property(file)},line={line}," if file else ""
    shown = text if lines else one_line(text)
    return f"::{level} {place}title={_property(title)}::{shown[:_LONGEST].translate(_DATA)}"


def _property(text: str) -> str:
    return one_line(text)[:_LONGEST].translate(_PROPERTY)
