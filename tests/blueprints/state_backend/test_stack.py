from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.blueprints.state_backend import StateBackendStack
from revet.gate.baseline import load_baseline
from revet.gate.catalog import load_catalog
from revet.gate.requirements import load_requirements
from revet.synth import new_app, synth

FOLDER = Path(__file__).parents[3] / "src/revet/blueprints/state_backend"


def made(folder: Path, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as the stack
    app = new_app(folder)
    StateBackendStack(app, "StateBackend", **arguments)
    return synth(app).stacks["StateBackend"].json


def one(configuration: Mapping[str, Any], kind: str, word: str) -> dict[str, Any]:
    [found] = [body for name, body in configuration["resource"][kind].items() if word in name]
    return dict(found)


def test_the_bucket_is_safe_before_the_first_state(tmp_path: Path) -> None:
    stack = made(tmp_path)
    bucket = one(stack, "aws_s3_bucket", "states_")
    assert bucket["force_destroy"] is False
    assert bucket["lifecycle"] == {"prevent_destroy": True}
    assert bucket["bucket"].startswith("terraform-states-dev-${")
    [rule] = one(stack, "aws_s3_bucket_lifecycle_configuration", "states_")["rule"]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 90}]
    encryption = one(stack, "aws_s3_bucket_server_side_encryption_configuration", "states_")
    [default] = [item["apply_server_side_encryption_by_default"] for item in encryption["rule"]]
    assert default["sse_algorithm"] == "aws:kms"
    assert default["kms_master_key_id"].startswith("${aws_kms_key.state-key_")
    assert "TlsOnly" in one(stack, "aws_s3_bucket_policy", "states_")["policy"]


def test_its_own_state_is_a_file_that_names_no_machine(tmp_path: Path) -> None:
    assert made(tmp_path)["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}


@pytest.mark.parametrize("lock", ["dynamodb", "both"])
@pytest.mark.parametrize("lifecycle", ["PROTECTED", "EPHEMERAL"])
def test_a_lock_table_when_asked(tmp_path: Path, lock: str, lifecycle: str) -> None:
    stack = made(tmp_path, lock=lock, environment_suffix="qa", lifecycle=lifecycle)
    table = one(stack, "aws_dynamodb_table", "state-lock")
    assert table["name"] == "terraform-state-lock-qa"
    assert table["hash_key"] == "LockID"
    assert table["billing_mode"] == "PAY_PER_REQUEST"
    assert table["point_in_time_recovery"] == {"enabled": True}
    assert table["server_side_encryption"]["kms_key_arn"].startswith("${aws_kms_key.")
    assert table["deletion_protection_enabled"] is (lifecycle == "PROTECTED")
    assert "lock_table_name" in stack["output"]


def test_no_table_without(tmp_path: Path) -> None:
    stack = made(tmp_path)
    assert "aws_dynamodb_table" not in stack["resource"]
    assert "lock_table_name" not in stack["output"]


def test_requirements_name_what_is_made_and_what_exists(tmp_path: Path) -> None:
    rows = load_requirements(FOLDER / "requirements.toml")
    stack = made(tmp_path)
    constructs = {item["construct"] for item in stack["//"]["revet"]["constructs"]}
    for row in rows.rows:
        assert set(row.constructs) <= constructs
        assert set(row.controls) <= set(load_catalog())
    settings = tomllib.loads((FOLDER / "requirements.toml").read_text())["settings"]
    assert sorted(settings["terraform-outputs"]["names"]) == sorted(stack["output"])


def test_every_control_judges_it_but_the_one_for_its_own_state() -> None:
    baseline = load_baseline(FOLDER / "baseline.toml")
    assert baseline.controls == ("*",)
    assert baseline.without == ("terraform-state-backend",)
