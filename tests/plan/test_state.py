"""A state is checked as strictly as a plan, and read as one that changes nothing."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from revet.model.errors import InputError, UnknownValueError
from revet.plan.state import addresses_in, load_state, shown_outputs
from revet.plan.values import Sensitive

NODE = {
    "address": "aws_kms_key.a", "mode": "managed", "type": "aws_kms_key", "name": "a",
    "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
    "values": {"enable_key_rotation": True, "tags": {"a": "b"}}, "sensitive_values": {"tags": {}},
}  # fmt: skip
OLD = {**NODE, "deposed_key": "0a1b2c3d"}
CHILD = {"address": "module.m[0]", "resources": [{**NODE, "address": "module.m[0].aws_kms_key.a"}]}
STATE: dict[str, Any] = {
    "format_version": "1.0",
    "terraform_version": "1.11.4",
    "values": {
        "outputs": {"key": {"sensitive": False, "value": "x", "type": "string"}},
        "root_module": {"resources": [NODE, OLD], "child_modules": [CHILD]},
    },
    "checks": [{"address": {"kind": "check"}, "status": "pass", "instances": []}],
}


def test_a_state_is_a_plan_that_changes_nothing() -> None:
    plan = load_state(STATE)
    assert list(plan.resources) == ["aws_kms_key.a", "module.m[0].aws_kms_key.a"]
    assert {resource.actions for resource in plan.resources.values()} == {("no-op",)}
    assert plan.resources["aws_kms_key.a"].get("enable_key_rotation") is True


def test_a_policy_that_a_state_does_not_show_is_missing_there() -> None:
    plan = load_state(STATE)
    with pytest.raises(UnknownValueError, match="a state has every attribute"):
        plan.resources["aws_kms_key.a"].policy("policy")


@pytest.mark.parametrize(
    ("steps", "value", "said"),
    [
        (["values"], None, "values.root_module"),
        (["values"], [], "values.root_module"),
        (["values", "root_module"], [], "an object"),
        (["values", "root_module", "resources"], {}, "a list"),
        (["values", "root_module", "resources", 0], "x", "an object"),
        (["values", "root_module", "resources", 0, "address"], "aws_kms_key.b", "`aws_kms_key.a`"),
        (["values", "root_module", "resources", 0, "mode"], "data", "data.aws_kms_key.a"),
        (["values", "root_module", "resources", 0, "mode"], None, "`managed` or `data`"),
        (["values", "root_module", "resources", 0, "type"], True, "a name"),
        (["values", "root_module", "resources", 0, "index"], 0, "aws_kms_key.a[0]"),
        (["values", "root_module", "resources", 0, "deposed_key"], "", "not empty"),
        (["values", "root_module", "resources", 1, "deposed_key"], None, "not empty"),
        (["values", "root_module", "resources", 0, "values"], "true", "an object"),
        (["values", "root_module", "resources", 0, "values", "enable_key_rotation"], "x", "truth"),
        (["values", "root_module", "resources", 0, "values", "tags"], ["a"], "an object"),
        (["values", "root_module", "resources", 0, "sensitive_values"], 1, "marks"),
        (["values", "root_module", "child_modules", 0, "address"], "m", "a module in its parent"),
        (["values", "outputs"], [], "an object"),
        (["values", "outputs", "key", "sensitive"], "no", "a truth value"),
        (["checks"], {}, "a list"),
        (["checks", 0, "status"], 1, "text"),
        (["format_version"], 1, "text"),
    ],
)
def test_what_no_state_has_is_refused(steps: list[str | int], value: object, said: str) -> None:
    state: Any = copy.deepcopy(STATE)
    place = state
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    with pytest.raises(InputError) as caught:
        load_state(state)
    assert said in f"{caught.value.where} {caught.value.got} {caught.value.expected}"


def test_an_address_twice_is_refused() -> None:
    state = copy.deepcopy(STATE)
    state["values"]["root_module"]["resources"].append({**NODE, "values": {}})
    with pytest.raises(InputError) as caught:
        load_state(state)
    assert caught.value.expected == "every address once"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the state is cut off"),
        (b"{", "the state is cut off"),
        (b"[]", "the state is not an object"),
        (json.dumps(STATE).encode("utf-16"), "the state is not UTF-8"),
        (b'{"values": {}, "values": {}}', "the state has a name twice"),
        (b'{"values": NaN}', "the state has a number"),
        (b"[" * 100_000, "the state is nested too deeply"),
    ],
)
def test_what_is_not_plain_json_is_refused(data: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        load_state(path)
    assert caught.value.what.startswith(what)
    assert str(path) in caught.value.where


def test_addresses_of_child_modules_and_of_deposed_instances() -> None:
    data = {**NODE, "address": "data.aws_kms_key.b", "mode": "data", "name": "b"}
    state = copy.deepcopy(STATE)
    state["values"]["root_module"]["resources"].append(data)
    old = "aws_kms_key.a (deposed 0a1b2c3d)"
    assert addresses_in(state) == ("aws_kms_key.a", old, "module.m[0].aws_kms_key.a")
    assert addresses_in(state, deposed=True) == (old,)


def test_an_empty_state_has_no_addresses() -> None:
    assert addresses_in({"format_version": "1.0"}) == ()


@pytest.mark.parametrize("state", [{}, {"format_version": "2.0"}, {"version": 4}])
def test_what_is_no_state_holds_not_nothing(state: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="terraform show -json"):
        addresses_in(state)


def test_secrets_are_not_shown() -> None:
    state = copy.deepcopy(STATE)
    state["values"]["outputs"]["password"] = {"value": "y", "sensitive": True}
    assert shown_outputs(state) == {"key": "x"}
    assert shown_outputs({"format_version": "1.0"}) == {}


@pytest.mark.parametrize(
    ("output", "there"),
    [
        ({"value": "y", "sensitive": True}, True),
        ({"sensitive": True}, True),
        ({"value": "", "sensitive": True}, False),
        ({"value": None, "sensitive": True}, False),
        ({"value": [], "sensitive": True}, False),
    ],
)
def test_a_secret_without_a_value_is_none(output: dict[str, Any], there: bool) -> None:  # noqa: FBT001 - a case
    state = copy.deepcopy(STATE)
    state["values"]["outputs"] = {"password": output}
    assert isinstance(load_state(state).outputs["password"], Sensitive) is there
