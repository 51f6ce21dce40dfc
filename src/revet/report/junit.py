"""The verdict as JUnit XML, for the test tabs of build servers.

There is no standard; source: the schema that Jenkins' xUnit plug-in publishes for what Ant's JUnit
task writes, and what GitLab and Azure DevOps say they read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from revet.model.finding import Change, Finding, Status
from revet.model.requirement import Cell, MatrixRow
from revet.model.verdict import Verdict
from revet.report.accounts import HEADINGS, account_rows
from revet.report.changes import LISTED, change_of, earlier, key_of, rule_of, step
from revet.report.claims import CLAIMS, basis
from revet.report.words import (
    block,
    counted_changes,
    in_order,
    one_line,
    place,
    reason,
    seen,
    waiver_line,
    waivers_to_look_at,
)

_NOT_OK = (Status.FAIL, Status.UNKNOWN)


def render_junit(verdict: Verdict) -> str:
    """Render a verdict as JUnit XML.

    A test case is one control at one address: a failure says how bad it is in its type, or
    `unknown`; what is waived or had nothing in scope is skipped, with the reason. Then come the
    requirements, one case for each way of judging; a problem is an error. A failure that does not
    block is still a failure, and says so: build servers know nothing between.

    Args:
        verdict: what was found out.

    Returns:
        XML 1.0 in ASCII; characters that XML does not allow are made visible.
    """
    page = _Page(verdict)
    root = Element("testsuites", name=f"revet {one_line(verdict.provenance.stage)}")
    suites = [*page.problems(), *page.controls(), *page.requirements()]
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for key, number in _count(suite).items():
            suite.set(key, str(number))
            total[key] += number
        root.append(suite)
    for key, number in total.items():
        root.set(key, str(number))
    indent(root)
    return '<?xml version="1.0" encoding="US-ASCII"?>\n' + tostring(root).decode("ascii") + "\n"


class _Page:
    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.blocking = frozenset(verdict.blocking)
        self.changes = change_of(verdict)

    def suite(self, name: str) -> Element:
        suite = Element("testsuite", name=one_line(name))
        if self.verdict.provenance.time:
            suite.set("timestamp", one_line(self.verdict.provenance.time.removesuffix("Z")))
        return suite

    def problems(self) -> Iterator[Element]:
        """The run itself: one case that says what it rests on, with an error a problem."""
        suite = self.suite("revet")
        p = self.verdict.provenance
        values = {
            "decision": self.verdict.decision.value,
            "reason": reason(self.verdict),
            "stack": p.stack,
            "stage": p.stage,
            "target": p.target,
            "account": p.account,
            "region": p.region,
            **{
                f"account {row.read.label}": ", ".join(
                    [
                        row.read.reach.value,
                        *(
                            f"{heading} {text}"
                            for heading, text in zip(HEADINGS[3:], row.cells[3:], strict=True)
                            if text
                        ),
                    ]
                )
                for row in account_rows(self.verdict)
            },
            f"{p.reading} sha256": p.plan_hash,
            "synthesis sha256": p.synthesis_hash,
            **{f"version of {name}": version for name, version in p.versions.items()},
            **p.notes,
        }
        properties = SubElement(suite, "properties")
        for name, value in values.items():
            if value:
                SubElement(properties, "property", name=one_line(name), value=one_line(value))
        for number, problem in enumerate(self.verdict.problems, start=1):
            case = SubElement(suite, "testcase", classname="revet", name=f"problem {number}")
            error = SubElement(case, "error", type="problem", message=one_line(problem))
            error.text = block(problem)
        if not self.verdict.problems:
            SubElement(suite, "testcase", classname="revet", name="it could be decided")
        if said := "\n".join(self.remarks()):
            SubElement(suite, "system-out").text = said
        yield suite

    def remarks(self) -> Iterator[str]:
        yield from (waiver_line(*item) for item in waivers_to_look_at(self.verdict))
        comparison = self.verdict.comparison
        if comparison is None:
            return
        yield one_line(f"compared with {earlier(comparison)}: {counted_changes(comparison)}")
        for change in LISTED:
            for item in comparison.of(change):
                yield one_line(f"{change.value}: {item.address} {item.control}: {step(item)}")
        yield from (one_line(note) for note in comparison.notes)
        if rule := rule_of(comparison):
            yield rule

    def controls(self) -> Iterator[Element]:
        ordered = sorted(in_order(self.verdict.findings), key=lambda item: item.control)
        for control, members in groupby(ordered, key=lambda item: item.control):
            suite = self.suite(control)
            for finding in members:
                self.finding(suite, finding)
            yield suite

    def finding(self, suite: Element, finding: Finding) -> None:
        case = SubElement(
            suite,
            "testcase",
            classname=one_line(finding.control),
            name=one_line(finding.address) + seen(finding.origin),
        )
        if finding.source:
            case.set("file", one_line(finding.source.file))
            case.set("line", str(finding.source.line))
        if finding.status is Status.WAIVED:
            SubElement(case, "skipped", message=one_line(f"waived: {finding.waiver}"))
        elif finding.status is Status.NOT_EXERCISED:
            why = one_line(finding.implemented) or "nothing in scope"
            SubElement(case, "skipped", message=f"not exercised: {why}")
        elif finding.status in _NOT_OK:
            unknown = finding.status is Status.UNKNOWN
            failure = SubElement(
                case,
                "failure",
                type="unknown" if unknown else finding.severity.value,
                message=one_line(self.message(finding)),
            )
            failure.text = "\n".join(_fields(finding))

    def message(self, finding: Finding) -> str:
        change = self.changes.get(key_of(finding))
        parts = (
            f"{change.value}: " if change in (Change.NEW, Change.REGRESSED) else "",
            "unknown: " if finding.status is Status.UNKNOWN else "",
            finding.implemented or finding.required,
            "" if finding in self.blocking else " (does not block)",
        )
        return "".join(parts)

    def requirements(self) -> Iterator[Element]:
        """One suite for all requirements, one case for each way in which one must be judged."""
        if not self.verdict.matrix:
            return
        suite = self.suite("requirements")
        for row in self.verdict.matrix:
            for cell in row.cells:
                self.cell(suite, row, cell)
        yield suite

    def cell(self, suite: Element, row: MatrixRow, cell: Cell) -> None:
        requirement = row.requirement
        case = SubElement(
            suite, "testcase", classname=one_line(requirement.id), name=cell.judged.label
        )
        expects = self.verdict.expects
        if cell.status is Status.NOT_EXERCISED and expects and cell.judged not in expects:
            SubElement(case, "skipped", message="not looked at in this stage")
        elif cell.status is Status.WAIVED:
            SubElement(case, "skipped", message="waived")
        elif cell.status is not Status.PASS:
            failure = SubElement(
                case,
                "failure",
                type=cell.status.value,
                message=one_line(f"{cell.status.value}: {requirement.text}"),
            )
            failure.text = "\n".join(_evidence(cell)) or (
                f"nothing in scope: no evidence by {cell.judged.label}"
            )
        if claims := _claims(cell):
            SubElement(case, "system-out").text = claims


def _claims(cell: Cell) -> str:
    """What became of each claim; a cell that passes shows its evidence nowhere else."""
    lines = (f"{item.source} ({item.origin.value}): {basis(item)}" for item in cell.evidence)
    return "\n".join(map(one_line, lines)) if cell.judged in CLAIMS else ""


def _fields(finding: Finding) -> Iterator[str]:
    fields = (
        ("required", finding.required),
        ("implemented", finding.implemented),
        ("impact", finding.impact),
        ("resolve", finding.resolve),
        ("where", place(finding)),
        ("looked at", ", ".join(finding.paths)),
        ("related", ", ".join(finding.related)),
        ("account", finding.account),
        ("region", finding.region),
        ("fingerprint", finding.fingerprint),
    )
    for label, text in fields:
        if text:
            yield f"{label}: {one_line(text)}"
    for label, code in (("fix", finding.fix), ("construct", finding.fix_construct)):
        if code:
            yield f"{label}:\n{block(code)}"


def _evidence(cell: Cell) -> Iterator[str]:
    for item in cell.evidence:
        if item.status not in (Status.PASS, Status.WAIVED):
            detail = f": {item.detail}" if item.detail else ""
            yield one_line(
                f"{item.status.value} ({item.origin.value}) {item.source} {item.subject}{detail}"
            )


def _count(suite: Element) -> dict[str, int]:
    """What a suite says about its cases; the bare ones have passed."""
    cases = suite.findall("testcase")
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {key: sum(case.find(tag) is not None for case in cases) for key, tag in tags.items()}
    return {"tests": len(cases), **numbers}
