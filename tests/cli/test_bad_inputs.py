from __future__ import annotations

import errno
import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Call, Caller

CASES = tomllib.loads((Path(__file__).parent / "bad_inputs.toml").read_text("utf-8"))["case"]
GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "verdict.json"


def _one_clear_message(ended: Call, code: int) -> None:
    assert ended.code == code, ended.all
    assert ended.out == ""
    assert ended.err.count("error: ") == 1
    assert ended.err.startswith("error: ")
    assert "  do " in ended.err, "every message says what to do"
    assert "Traceback" not in ended.err
    assert "revet itself failed" not in ended.err


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_bad_input_is_one_clear_message(
    case: dict[str, Any], call: Caller, tmp_path: Path
) -> None:
    for name, text in case.get("files", {}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    ended = call(*case["call"])
    _one_clear_message(ended, case["code"])
    for words in case["said"]:
        assert words in ended.err
    assert not list(tmp_path.glob("revet-crash-*"))


def test_a_binary_plan_is_named_as_such(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "plan.bin").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    ended = call("check", "plan.bin")
    _one_clear_message(ended, 2)
    assert "binary plan" in ended.err


@pytest.mark.parametrize("output", ["taken/report.html", "."], ids=["under a file", "a folder"])
def test_output_that_cannot_be_written(call: Caller, tmp_path: Path, output: str) -> None:
    (tmp_path / "taken").write_text("a file")
    ended = call("report", str(GOLDEN), "--output", output)
    _one_clear_message(ended, 3)
    assert "the output file cannot be written" in ended.err


def test_output_without_permission(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    if os.geteuid() == 0:  # root may write everywhere, so the refusal is played
        refusal = PermissionError(errno.EACCES, "Permission denied")
        monkeypatch.setattr("revet.cli.output.replace_file", lambda *_, **__: _raise(refusal))
    ended = call("report", str(GOLDEN), "--output", "locked/report.html")
    _one_clear_message(ended, 3)
    assert "permission denied" in ended.err


def _raise(error: OSError) -> None:
    raise error


def test_requirements_that_name_an_unknown_control(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(_plan()), encoding="utf-8")
    (tmp_path / "r.toml").write_text(
        "[[requirement]]\nid = 'A'\ntext = 'x'\njudged = ['P']\ncontrols = ['s3-no-such']\n"
    )
    ended = call("check", "plan.json", "--requirements", "r.toml")
    _one_clear_message(ended, 3)
    assert "`s3-no-such`" in ended.err


def _plan() -> dict[str, Any]:
    bucket = {"bucket": "a-123456789012", "force_destroy": False}
    address = {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket"}
    provider = {"name": "a", "provider_name": "registry.terraform.io/hashicorp/aws"}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "applyable": True,
        "planned_values": {"root_module": {"resources": [{**address, **provider}]}},
        "resource_changes": [
            {
                **address,
                **provider,
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": bucket,
                    "after_unknown": {"id": True, "arn": True},
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
            }
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        **address,
                        "name": "a",
                        "provider_config_key": "aws",
                        "expressions": {"bucket": {"constant_value": "a-123456789012"}},
                    }
                ]
            }
        },
    }


def test_a_plan_with_findings_blocks_and_is_reported_in_every_format(
    call: Caller, tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(_plan()), encoding="utf-8")
    text = call("check", "plan.json")
    assert (text.code, text.err) == (1, "")
    assert "FAIL s3-bucket-encryption (high) at 1 address" in text.out
    assert "    aws_s3_bucket.a: " in text.out
    assert "s3-bucket-versioning" in text.out
    assert text.out.splitlines()[-1].startswith("blocked: plan.json at check, plan ")

    data = json.loads(call("check", "plan.json", "--format", "json").out)
    assert data["decision"] == "blocked"
    assert data["provenance"]["stack"] == "plan.json"
    assert data["provenance"]["time"].endswith("Z")

    saved = call("check", "plan.json", "--format", "html", "--output", "out/report.html")
    assert (saved.code, saved.out) == (1, "")
    assert "written: out/report.html" in saved.err
    assert (tmp_path / "out" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_a_plan_from_stdin_is_the_same_plan(call: Caller, tmp_path: Path) -> None:
    content = json.dumps(_plan())
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    one = json.loads(call("check", "plan.json", "--format", "json").out)
    two = json.loads(call("check", "-", "--format", "json", stdin=content).out)
    assert one["provenance"]["plan_hash"] == two["provenance"]["plan_hash"]
    fail = [item["control"] for item in one["findings"] if item["address"] == "aws_s3_bucket.a"]
    assert fail == [
        item["control"] for item in two["findings"] if item["address"] == "aws_s3_bucket.a"
    ]


@pytest.mark.parametrize(("level", "code"), [("low", 1), ("none", 0)])
def test_fail_on_decides_what_blocks(call: Caller, tmp_path: Path, level: str, code: int) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(_plan()), encoding="utf-8")
    ended = call("check", "plan.json", "--fail-on", level)
    assert ended.code == code
    assert "    aws_s3_bucket.a: " in ended.out, "shown whatever it blocks on"


def test_settings_of_revet_toml_hold_for_plan_files_and_options_win(
    call: Caller, tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(_plan()), encoding="utf-8")
    (tmp_path / "revet.toml").write_text('fail_on = "none"\n')
    assert call("check", "plan.json").code == 0
    assert call("check", "plan.json", "--fail-on", "low").code == 1


def test_a_verdict_can_be_reported_again(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(_plan()), encoding="utf-8")
    first = call("check", "plan.json", "--format", "json").out
    (tmp_path / "verdict.json").write_text(first)
    again = call("report", "verdict.json", "--format", "json")
    assert (again.code, again.out) == (0, first)
