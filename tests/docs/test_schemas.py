"""Every TOML file of ours fits its published schema, and the schema knows what the loader knows."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.gate import case_file

from revet.cli.scaffold import project_files, starters
from revet.gate import baseline, waivers
from revet.model import requirement
from revet.plan import terraform_types

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
FILES = [
    (schema, path)
    for schema, pattern in (
        ("requirements", "src/revet/blueprints/*/requirements.toml"),
        ("properties", "src/revet/blueprints/*/properties.toml"),
        ("attacks", "src/revet/blueprints/*/attacks.toml"),
        ("flow", "src/revet/blueprints/*/flow.toml"),
        ("baseline", "src/revet/gate/baselines/*.toml"),
        ("baseline", "src/revet/blueprints/*/baseline.toml"),
        ("framework", "src/revet/gate/frameworks/*.toml"),
        ("cases", "tests/gate/cases/*/*.toml"),
        ("types", "src/revet/plan/types/*.toml"),
    )
    for path in sorted(ROOT.glob(pattern))
]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return found


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda p: p.name)
def test_schema_is_a_schema(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_there_are_files_for_the_schemas() -> None:
    assert {name for name, _ in FILES} >= {
        "requirements",
        "baseline",
        "framework",
        "cases",
        "types",
    }


@pytest.mark.parametrize(
    ("name", "path"), FILES, ids=lambda v: v.stem if isinstance(v, Path) else v
)
def test_file_fits_its_schema(name: str, path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text()), schema(name))


@pytest.mark.parametrize("blueprint", sorted(starters()))
def test_the_configuration_of_a_new_project_fits_its_schema(blueprint: str) -> None:
    jsonschema.validate(tomllib.loads(project_files(blueprint)["revet.toml"]), schema("revet"))


@pytest.mark.parametrize(
    ("found", "loader"),
    [
        (schema("requirements")["properties"]["requirement"], requirement._FIELDS),
        (schema("waivers")["properties"]["waiver"], waivers._FIELDS),
        (schema("cases")["properties"]["case"], case_file._FIELDS),
    ],
)
def test_schema_and_loader_know_the_same_fields(
    found: dict[str, Any], loader: dict[str, type]
) -> None:
    assert set(found["items"]["properties"]) == set(loader)


def test_schema_and_loader_of_a_baseline_know_the_same_fields() -> None:
    assert set(schema("baseline")["properties"]) == set(baseline._FIELDS)


def test_schema_and_loader_of_terraform_types_know_the_same_fields() -> None:
    assert set(schema("types")["$defs"]["row"]["properties"]) == set(terraform_types.FIELDS)


def test_what_the_waiver_schema_accepts_the_loader_takes(tmp_path: Path) -> None:
    row = {
        "control": "s3-bucket-versioning",
        "address": "*",
        "reason": "r",
        "owner": "o",
        "expires": "2030-12-31",
    }
    jsonschema.validate({"waiver": [row]}, schema("waivers"))
    path = tmp_path / "waivers.toml"
    path.write_text("[[waiver]]\n" + "".join(f'{key} = "{value}"\n' for key, value in row.items()))
    [waiver] = waivers.load_waivers(path)
    assert (waiver.expires, waiver.flaw) == (dt.date(2030, 12, 31), "")
