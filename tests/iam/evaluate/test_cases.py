"""The one runner of all authorization cases.

A file under `tests/iam/cases` holds groups; a group has a `source` (the AWS documentation page that
decides its cases), may have `defaults`, and has `cases`. `[names]` of a file are texts that may
stand for `@name`, `[policies]` are lists of statements that the layers of a case name.

A case with `holds` is about one condition: a statement that allows everything under it. The others
have the layers `identity`, `resource`, `boundary`, `session`, `scps`, `rcps`, `endpoint`.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.iam.evaluate import run_cases

Table = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "cases"
FILES = sorted(FOLDER.glob("*.toml"))
HOLDS = {True: "allowed", False: "implicitly_denied", "unknown": "unknown"}
USER = "arn:aws:iam::111122223333:user/team/ana"
LAYERS = {
    "identity": "identity_policies",
    "resource": "resource_policy",
    "boundary": "permissions_boundary",
    "session": "session_policies",
    "scps": "service_control_policies",
    "rcps": "resource_control_policies",
    "endpoint": "vpc_endpoint_policy",
}


def load() -> list[tuple[Table, Table]]:
    found = []
    for path in FILES:
        data = tomllib.loads(path.read_text())
        for group in data["group"]:
            for case in group["cases"]:
                shown = {**group.get("defaults", {}), **case}
                shown["id"] = f"{path.stem}: {shown['name']}"
                shown["source"] = case.get("source", group["source"])
                found.append((shown, data))
    return found


CASES = load()


Policy = Table | list["Policy"]


def policy(name: str | list[Any], data: Table, version: str) -> Policy:
    if isinstance(name, list):
        return [policy(each, data, version) for each in name]
    statements = json.loads(data["policies"][name])
    return {"Version": version, "Statement": statements}


def named(text: str, data: Table) -> str:
    return str(data["names"][text[1:]]) if text.startswith("@") else text


def condition_case(case: Table) -> Table:
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": case.get("resource_pattern", "*"),
        "Condition": case["condition"],
    }
    if not case["condition"]:
        del statement["Condition"]
    version = case.get("version", "2012-10-17")
    document = {"Version": version, "Statement": [statement]}
    return {
        "name": case["name"],
        "request": {
            "principal": case.get("principal", USER),
            "action": "s3:GetObject",
            "resource": case.get("resource", "arn:aws:s3:::bucket/key"),
            "context": case.get("context", {}),
        },
        "resource_account": "111122223333",
        "identity_policies": [document],
    }


def layer_case(case: Table, data: Table) -> Table:
    version = case.get("version", "2012-10-17")
    given: Table = {
        "name": case["name"],
        "request": {
            "principal": named(case["principal"], data),
            "action": case["action"],
            "resource": named(case["on"], data),
            "context": case.get("context", {}),
        },
    }
    for key in ("principal_account", "resource_account", "kms_grants", "block_public_access"):
        if key in case:
            given[key] = case[key]
    for short, layer in LAYERS.items():
        if short in case:
            given[layer] = policy(case[short], data, version)
    return given


@pytest.mark.parametrize(
    ("case", "data"), [pytest.param(*pair, id=pair[0]["id"]) for pair in CASES]
)
def test_case(case: Table, data: Table) -> None:
    one_condition = "holds" in case
    given = condition_case(case) if one_condition else layer_case(case, data)
    (answer,) = run_cases([json.dumps(given)])
    expected = HOLDS[case["holds"]] if one_condition else case["decision"]
    assert answer["decision"] == expected, answer
    if "by" in case:
        shown = [f"{item['layer']} {item['policy']}.{item['statement']}" for item in answer["by"]]
        assert shown == case["by"]
    if "blocked_by" in case:
        assert [item["layer"] for item in answer["blocked_by"]] == case["blocked_by"]
    if "missing" in case:
        assert answer["missing_keys"] == case["missing"]
    assert bool(answer["reasons"]) is (expected == "unknown")


def test_the_cases_are_many_and_each_names_its_source() -> None:
    assert len(CASES) >= 250
    assert all(len(case["source"]) > 20 for case, _ in CASES)
    names = [case["id"] for case, _ in CASES]
    assert len(names) == len(set(names))
