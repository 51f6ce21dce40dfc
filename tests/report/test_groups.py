"""Each thing is said once, and of everything: requirement, impact, fix, cause and address."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.gate.case_plan import plan_json

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Finding, Severity, Status
from revet.model.verdict import Provenance, Verdict
from revet.plan import load_plan
from revet.report import render_html, render_json, render_markdown, render_text
from revet.report.groups import by_cause, by_control

SHOP = Path(__file__).parent / "data" / "shop.toml"
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "verdict.schema.json"
MOST_LINES_A_FINDING = 5.5


@pytest.fixture(scope="module")
def shop() -> Verdict:
    """A stack on its defaults: two thirds of all controls have something to say."""
    plan = load_plan(plan_json(tomllib.loads(SHOP.read_text()), "shop"))
    return judge(plan, load_catalog(), today=dt.date(2026, 1, 1), stack="shop")


def acted_on(verdict: Verdict) -> list[Finding]:
    return [item for item in verdict.findings if item.status in (Status.FAIL, Status.UNKNOWN)]


def flat(text: str) -> str:
    """Without line breaks and indentation."""
    return " ".join(text.split())


def test_text_says_each_thing_once_and_loses_nothing(shop: Verdict) -> None:
    text = flat(render_text(shop))
    found = acted_on(shop)
    assert len(found) > 60
    for finding in found:
        of_that_kind = {item.control for item in found if item.required == finding.required}
        assert text.count(f"required {finding.required} impact") == len(of_that_kind)
        assert text.count(f"impact {finding.impact} fix") == 1, finding.control
        assert text.count(f"{finding.fingerprint}") == 1, finding.address
        assert flat(finding.implemented) in text
        assert flat(finding.fix) in text
        assert finding.fix_construct in text
        assert finding.resolve in text
        assert f" {finding.address}" in text
        assert all(name in text for name in finding.related)
    assert len(render_text(shop).splitlines()) < MOST_LINES_A_FINDING * len(found)


def test_markdown_says_each_thing_once_and_loses_nothing(shop: Verdict) -> None:
    text = render_markdown(shop)
    controls = {finding.control for finding in acted_on(shop)}
    assert text.count("- **required** ") == text.count("- **impact** ") == len(controls)
    for finding in acted_on(shop):
        assert text.count(finding.fingerprint) == 1, finding.address
        assert f"`{finding.address}`" in text
        assert all(name in text for name in finding.related)


def test_an_unknown_is_said_once_by_its_cause(shop: Verdict) -> None:
    [unknown] = by_cause(shop.findings)
    assert len(unknown.subjects) == 7
    for text in (render_text(shop), render_markdown(shop)):
        assert text.count("made of `terraform_data.later.output`") == 1


def _unknown(control: str, address: str, path: str, why: str, resolve: str = "do") -> Finding:
    said = f"`{path}` is not known: {why}"
    return Finding(
        *(control, address, Status.UNKNOWN, Severity.HIGH),
        implemented=said,
        paths=(path,),
        resolve=resolve,
    )


@pytest.mark.parametrize(
    ("findings", "sizes"),
    [
        pytest.param(
            [_unknown("a", "x.y", "x.y.policy", "w"), _unknown("b", "z", "x.y.policy", "w")],
            [2],
            id="one value, two controls",
        ),
        pytest.param(
            [_unknown("a", "x.y", "x.y.key", "w"), _unknown("a", "x.z", "x.z.key", "w")],
            [2],
            id="two values, one reason",
        ),
        pytest.param(
            [_unknown("a", "x.y", "x.y.key", "w"), _unknown("a", "x.z", "x.z.key", "v")],
            [1, 1],
            id="two reasons",
        ),
        pytest.param(
            [_unknown("a", "x.y", "x.y.key", "w", "do"), _unknown("a", "x.z", "x.z.key", "w", "c")],
            [1, 1],
            id="one reason, two ways out",
        ),
        pytest.param(
            [replace(_unknown("a", f"x.{n}", "p", "w"), paths=()) for n in range(9)],
            [9],
            id="without a path",
        ),
    ],
)
def test_causes(findings: list[Finding], sizes: list[int]) -> None:
    causes = by_cause(findings)
    assert [len(cause.subjects) for cause in causes] == sizes
    text = render_text(Verdict(Provenance("t", "check"), tuple(findings)))
    assert text.count("UNKNOWN ") == len(sizes)
    for finding in findings:
        assert f"    {finding.address}" in text


def test_one_control_with_two_fixes_is_one_group_with_two_remedies(shop: Verdict) -> None:
    [group] = [
        group
        for group in by_control(shop.findings, Status.FAIL)
        if group.control == "ec2-security-group-open"
    ]
    assert len(group.remedies) == 2
    for remedy in group.remedies:
        for subject in remedy.causes[0].subjects:
            way = "ingress" if "lets in" in subject.finding.implemented else "egress"
            assert f'"aws_vpc_security_group_{way}_rule"' in remedy.fix


LEFT = {
    "aws_ecs_cluster": 1,
    "aws_internet_gateway": 1,
    "aws_sagemaker_notebook_instance": 3,
    "aws_sns_topic": 1,
    "aws_sqs_queue": 2,
    "terraform_data": 1,
}


def test_every_format_says_what_was_not_looked_at(shop: Verdict) -> None:
    text, markdown, page = render_text(shop), render_markdown(shop), render_html(shop)
    data = json.loads(render_json(shop))
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert data["not_looked_at"]["counts"] == LEFT
    assert Verdict.from_dict(data).not_looked_at == shop.not_looked_at
    for kind, number in LEFT.items():
        assert f"{kind} {number}" in text
        assert f"- `{kind}` {number}" in markdown
        assert f'<code>{kind}</code> <span class="number">{number}</span>' in page
        for address in data["not_looked_at"]["addresses"][kind]:
            assert f"<li><code>{address}</code></li>" in page


def test_a_verdict_that_does_not_say_it_stays_as_it_is(shop: Verdict) -> None:
    older = replace(shop, not_looked_at=None)
    data = json.loads(render_json(older))
    assert "not_looked_at" not in data
    assert json.loads(render_json(Verdict.from_dict(data))) == data
