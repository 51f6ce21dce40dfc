"""A plan that Terraform did not write so is refused before anything in it is judged."""

from __future__ import annotations

import copy
import datetime as dt
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.malformed import FOLDER, GONE, Malformed, changed, malformed, places

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.errors import InputError
from revet.model.finding import Status
from revet.model.verdict import Decision, Verdict
from revet.plan import load_plan

CASES = malformed()
NAMES = ("everything", "hostile", "hcl", "dynamic", "template", "changes")
PLANS: dict[str, dict[str, Any]] = {
    name: json.loads((FOLDER / "data" / f"{name}.json").read_bytes()) for name in NAMES
}
CATALOG = load_catalog()
OTHERS = (
    "null", "true", "false", "0", "1", "1.5", '""', '"x"', '"true"', "[]", "[null]", "[false]",
    '["x"]', "[[]]", "{}", '{"x": 1}', '{"x": {"y": true}}', GONE,
)  # fmt: skip


def verdict(plan: dict[str, Any]) -> Verdict:
    return judge(load_plan(plan), CATALOG, today=dt.date(2026, 11, 22), stack="s")


def failures(found: Verdict) -> set[tuple[str, str]]:
    return {
        (finding.control, finding.address)
        for finding in found.findings
        if finding.status in (Status.FAIL, Status.UNKNOWN)
    }


BEFORE = {name: failures(verdict(plan)) for name, plan in PLANS.items()}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_no_plan_has_is_refused(case: Malformed) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(changed(PLANS["everything"], case))
    error = caught.value
    assert case.said in f"{error.where} {error.got} {error.expected}"
    assert all((error.where, error.got, error.expected, error.do))


def test_there_are_enough_cases_and_no_two_are_the_same() -> None:
    assert len(CASES) == len({(case.at, case.value) for case in CASES})
    assert len(CASES) >= 100


@pytest.mark.parametrize("name", NAMES)
def test_real_plans_are_read(name: str) -> None:
    load_plan(PLANS[name])


def test_everything_a_plan_may_have_is_among_them() -> None:
    changes = PLANS["everything"]["resource_changes"]
    actions = {tuple(change["change"]["actions"]) for change in changes}
    assert actions == {
        ("no-op",), ("create",), ("read",), ("update",), ("delete",), ("forget",),
        ("delete", "create"), ("create", "delete"),
    }  # fmt: skip
    assert any("deposed" in change for change in changes)
    assert any("previous_address" in change for change in changes)
    assert any("importing" in change["change"] for change in changes)


@st.composite
def one_other_value(draw: st.DrawFn) -> tuple[str, Malformed]:
    name = draw(st.sampled_from(NAMES))
    steps = draw(st.sampled_from(PLACES[name]))
    value = draw(st.sampled_from([other for other in OTHERS if _is_other(name, steps, other)]))
    return name, Malformed(steps, value, "")


def _at(plan: Any, steps: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - JSON
    for step in steps:
        plan = plan[step]
    return plan


def _is_other(name: str, steps: tuple[str | int, ...], other: str) -> bool:
    if other == GONE:
        return True
    kinds = {bool: "b", int: "n", float: "n", str: "s", list: "l", dict: "d", type(None): "0"}
    old = _at(PLANS[name], steps)
    return kinds[type(old)] != kinds[type(json.loads(other))]


PLACES = {
    name: [steps for steps in places(plan) if steps[0] != "relevant_attributes"]
    for name, plan in PLANS.items()
}


@settings(max_examples=60, deadline=None)
@given(one_other_value())
def test_a_value_of_another_kind_is_refused_or_changes_nothing_for_the_better(
    found: tuple[str, Malformed],
) -> None:
    name, case = found
    try:
        after = verdict(changed(PLANS[name], case))
    except InputError:
        return
    assert after.decision is not Decision.ALLOWED
    assert BEFORE[name] <= failures(after)


@pytest.mark.parametrize(
    ("text", "what", "got"),
    [
        ('{"a": NaN}', "the plan has a number that JSON does not have", "NaN"),
        ('{"a": -Infinity}', "the plan has a number that JSON does not have", "-Infinity"),
        ('{"a": 1e999}', "the plan has a number that is too large", "1e999"),
        ('{"a": ' + "7" * 5000 + "}", "the plan has a number that is too large", "5000 digits"),
        ('{"a": {"b": [1, {"c": 1, "c": 2}]}}', "the plan has a name twice", "$.a.b[1].c"),
        ('{"a": 1, "\\u0061": 2}', "the plan has a name twice", "$.a"),
        ('{"a": "\\ud800"}', "the plan is not Unicode text", "surrogate"),
        ('{"a": ' + "[" * 250 + "]" * 250 + "}", "the plan is nested too deeply", "200 levels"),
    ],
)
def test_json_that_can_be_read_in_two_ways_is_refused(text: str, what: str, got: str) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(text.encode())
    assert caught.value.what.startswith(what)
    assert got in caught.value.got


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig"]
)
def test_only_plain_utf_8_is_read(encoding: str) -> None:
    text = json.dumps(PLANS["hostile"])
    with pytest.raises(InputError, match="UTF-8"):
        load_plan(text.encode(encoding))
    load_plan(text.encode())


@pytest.mark.parametrize("member", ["resource_changes", "after", "actions"])
def test_a_name_twice_is_refused_wherever_it_stands(member: str, tmp_path: Path) -> None:
    text = json.dumps(PLANS["hostile"])
    path = tmp_path / "plan.json"
    path.write_text(text.replace(f'"{member}": ', f'"{member}": null, "{member}": ', 1))
    with pytest.raises(InputError) as caught:
        load_plan(path)
    assert caught.value.what == "the plan has a name twice in one object"
    assert f"{member}` twice" in caught.value.got


def test_a_fault_of_our_own_is_not_called_the_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr("revet.plan.load._Loader.resource", broken)
    with pytest.raises(KeyError, match="ours"):
        load_plan(PLANS["hostile"])


@pytest.mark.parametrize("odd", [[["x"]], [{"references": ["x"]}], ["x"], [[{}]], [{"x": ["y"]}]])
def test_odd_expressions_below_blocks_break_nothing(odd: list[object]) -> None:
    plan = copy.deepcopy(PLANS["everything"])
    address = "aws_s3_bucket_server_side_encryption_configuration.e"
    resources = plan["configuration"]["root_module"]["resources"]
    [node] = [one for one in resources if one["address"] == address]
    [rule] = node["expressions"]["rule"]
    [default] = rule["apply_server_side_encryption_by_default"]
    for place, name in ((default, "kms_master_key_id"), (rule, "bucket_key_enabled")):
        place[name] = odd
        with suppress(InputError):
            load_plan(plan)
