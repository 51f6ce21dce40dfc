"""The published schemas say of the users' files what the program says of them."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import revet.blueprints
import revet.gate
from revet.gate.attack_file import read_attacks
from revet.gate.baseline import load_baseline
from revet.gate.property_file import read_properties
from revet.gate.requirements import load_requirements
from revet.gate.waivers import load_waivers
from revet.model.errors import ConfigError

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CASES = tomllib.loads((Path(__file__).parent / "files.toml").read_text(encoding="utf-8"))["case"]
LOADERS: Mapping[str, Callable[[Path], object]] = {
    "requirements": load_requirements,
    "waivers": load_waivers,
    "baseline": load_baseline,
    "properties": read_properties,
    "attacks": read_attacks,
}


def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _as_json(value: object) -> object:
    """TOML dates as text, which is how JSON Schema tools for TOML see them."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['name']}")
def test_schema_and_program_judge_a_file(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text(case["text"], encoding="utf-8")
    data = _as_json(tomllib.loads(case["text"]))
    assert _validator(case["kind"]).is_valid(data) is case.get("schema", True)
    if case.get("loads", True):
        LOADERS[case["kind"]](path)
    else:
        with pytest.raises(ConfigError):
            LOADERS[case["kind"]](path)


def _shipped() -> list[tuple[str, Path]]:
    blueprints, gate = Path(revet.blueprints.__path__[0]), Path(revet.gate.__path__[0])
    return [
        *(("requirements", path) for path in sorted(blueprints.glob("*/requirements.toml"))),
        *(("baseline", path) for path in sorted(gate.glob("baselines/*.toml"))),
        *(("properties", path) for path in sorted(blueprints.glob("*/properties.toml"))),
        *(("attacks", path) for path in sorted(blueprints.glob("*/attacks.toml"))),
    ]


def test_the_files_that_we_ship_fit_their_schemas() -> None:
    shipped = _shipped()
    assert {kind for kind, _ in shipped} == {"requirements", "baseline", "properties", "attacks"}
    for kind, path in shipped:
        data = _as_json(tomllib.loads(path.read_text(encoding="utf-8")))
        assert list(_validator(kind).iter_errors(data)) == [], path
