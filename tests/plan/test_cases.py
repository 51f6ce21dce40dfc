"""The cases of cases.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.iam.document import render
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Symbolic, Undecided

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text())
PlanOf = Callable[[str], Inventory]


def name(case: dict[str, Any]) -> str:
    return " ".join(str(case.get(part, "")) for part in ("plan", "at", "path", "type", "text"))[:80]


@pytest.mark.parametrize("case", CASES["get"], ids=name)
def test_get_and_is_set(plan_of: PlanOf, case: dict[str, Any]) -> None:
    resource = plan_of(case["plan"]).resources[case["at"]]
    value = resource.get(case["path"])
    if "value" in case:
        assert value == case["value"]
        assert type(value) is type(case["value"])
    else:
        assert type(value).__name__ == case["kind"]
    if isinstance(value, Symbolic):
        assert list(value.references) == case.get("references", list(value.references))
        assert value.template == case.get("template", value.template)
    if isinstance(value, Undecided):
        assert value.path == f"{case['at']}.{case['path']}"
        assert value.why
        assert value.resolve
    if "raises" in case:
        with pytest.raises(UnknownValueError, match=case["raises"]):
            resource.is_set(case["path"])
    else:
        assert resource.is_set(case["path"]) is case["set"]


@pytest.mark.parametrize("case", CASES["target"], ids=name)
def test_target(plan_of: PlanOf, case: dict[str, Any]) -> None:
    plan = plan_of(case["plan"])
    resource = plan.resources[case["at"]]
    if "raises" in case:
        for ask in (plan.target, plan.targets):
            with pytest.raises(UnknownValueError, match=case["raises"]):
                ask(resource, case["path"])
        return
    assert [item.address for item in plan.targets(resource, case["path"])] == case["found"]
    if len(case["found"]) == 1:
        assert plan.target(resource, case["path"]) is plan.resources[case["found"][0]]


@pytest.mark.parametrize("case", CASES["attached"], ids=name)
def test_attached(plan_of: PlanOf, case: dict[str, Any]) -> None:
    plan = plan_of(case["plan"])
    resource = plan.resources[case["at"]]
    if "raises" in case:
        with pytest.raises(UnknownValueError, match=case["raises"]):
            plan.attached(resource, case["type"], via="bucket")
        return
    found = plan.attached(resource, case["type"], via="bucket")
    assert [item.address for item in found] == case["found"]


@pytest.mark.parametrize("case", CASES["policy"], ids=name)
def test_policy(plan_of: PlanOf, case: dict[str, Any]) -> None:
    resource = plan_of(case["plan"]).resources[case["at"]]
    path = case.get("path", "policy")
    if "raises" in case:
        for _ in range(2):  # the answer is kept, and stays the same
            with pytest.raises(UnknownValueError, match=case["raises"]):
                resource.policy(path)
        return
    document = resource.policy(path)
    if case.get("none"):
        assert document is None
        return
    assert document is not None
    assert render(document) == case["text"]
    assert resource.policy(path) is document


@pytest.mark.parametrize("case", CASES["symbol"], ids=name)
def test_symbol(plan_of: PlanOf, case: dict[str, Any]) -> None:
    plan = plan_of(case["plan"])
    if "raises" in case:
        with pytest.raises(UnknownValueError, match=case["raises"]):
            plan.symbol(case["text"])
        return
    found = plan.symbol(case["text"])
    assert (found.address if found else None) == case.get("found")
