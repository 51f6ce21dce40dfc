"""A plan that changes between two calls: the second says what is new, and blocks on that alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from revet.cli.output import Format

if TYPE_CHECKING:
    from tests.cli.conftest import Caller


def plan(**keys: bool) -> dict[str, Any]:
    """A plan of KMS keys; the name of each, and whether it rotates."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "planned_values": {"root_module": {}},
        "resource_changes": [
            {
                "address": f"aws_kms_key.{name}",
                "mode": "managed",
                "type": "aws_kms_key",
                "name": name,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {"enable_key_rotation": rotates},
                    "after_unknown": {},
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
            }
            for name, rotates in keys.items()
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": f"aws_kms_key.{name}",
                        "mode": "managed",
                        "type": "aws_kms_key",
                        "name": name,
                        "provider_config_key": "aws",
                        "expressions": {"enable_key_rotation": {"constant_value": rotates}},
                    }
                    for name, rotates in keys.items()
                ]
            }
        },
    }


@pytest.fixture
def only_rotation(tmp_path: Path) -> Path:
    """A baseline of one control, so that nothing else blocks."""
    path = tmp_path / "one.toml"
    path.write_text('description = "one"\ncontrols = ["kms-key-rotation"]\n')
    return path


def write(path: Path, **keys: bool) -> None:
    path.write_text(json.dumps(plan(**keys)))


def test_new_regressed_fixed_and_gone(call: Caller, tmp_path: Path, only_rotation: Path) -> None:
    given = ("check", "plan.json", "--baseline", str(only_rotation))
    write(tmp_path / "plan.json", old=False, mended=False, removed=False, good=True)
    assert call(*given, "--format", "json", "-o", "old.json").code == 1
    write(tmp_path / "plan.json", old=False, mended=True, good=False, fresh=False)
    ended = call(*given, "--previous", "old.json", "--format", "json")
    assert ended.code == 1
    comparison = json.loads(ended.out)["comparison"]
    assert {(item["address"], item["change"]) for item in comparison["changes"]} == {
        ("aws_kms_key.fresh", "new"),
        ("aws_kms_key.good", "regressed"),
        ("aws_kms_key.old", "unchanged"),
        ("aws_kms_key.mended", "fixed"),
        ("aws_kms_key.removed", "gone"),
    }
    text = call(*given, "--previous", "old.json").out
    assert "1 new, 1 regressed, 1 unchanged, 1 fixed, 1 gone" in text


def test_fail_on_new_lets_old_failures_pass_and_only_them(
    call: Caller, tmp_path: Path, only_rotation: Path
) -> None:
    given = ("check", "plan.json", "--baseline", str(only_rotation))
    strict = (*given, "--previous", "old.json", "--fail-on-new")
    write(tmp_path / "plan.json", old=False, good=True)
    assert call(*given, "--format", "json", "-o", "old.json").code == 1
    allowed = call(*strict)
    assert allowed.code == 0
    assert "(does not block)" in allowed.out
    assert "1 known failure does not block" in allowed.out
    write(tmp_path / "plan.json", old=False, good=False)
    assert call(*strict).code == 1
    write(tmp_path / "plan.json", old=False, good=True, fresh=False)
    assert call(*strict).code == 1


def test_an_earlier_verdict_may_be_given_as_the_baseline(call: Caller, tmp_path: Path) -> None:
    write(tmp_path / "plan.json", a=False)
    call("check", "plan.json", "--format", "json", "-o", "old.json")
    one = call("check", "plan.json", "--baseline", "old.json", "--fail-on-new")
    other = call("check", "plan.json", "--previous", "old.json", "--fail-on-new")
    assert one.code == other.code
    assert "compared with plan.json at check" in one.out
    help_text = " ".join(call("check", "--help").out.split())
    assert "ends in `.json` is an earlier verdict" in help_text


def test_report_compares_two_saved_verdicts(call: Caller, tmp_path: Path) -> None:
    write(tmp_path / "plan.json", a=False)
    call("check", "plan.json", "--format", "json", "-o", "old.json")
    write(tmp_path / "plan.json", a=True)
    call("check", "plan.json", "--format", "json", "-o", "now.json")
    ended = call("report", "now.json", "--previous", "old.json", "--format", "markdown")
    assert ended.code == 0
    assert "| fixed | `kms-key-rotation` | `aws_kms_key.a` | was fail, now pass |" in ended.out


@pytest.mark.parametrize("name", list(Format))
def test_check_and_report_write_the_same_in_every_format(
    call: Caller, tmp_path: Path, name: Format
) -> None:
    write(tmp_path / "plan.json", a=False)
    call("check", "plan.json", "--format", "json", "-o", "verdict.json")
    checked = call("check", "plan.json", "--format", name.value, "-o", "checked")
    assert checked.code == 1
    assert checked.err.splitlines()[-1] == "written: checked"
    reported = call("report", "verdict.json", "--format", name.value)
    assert reported.code == 0
    saved = (tmp_path / "checked").read_text(encoding="utf-8")
    assert "aws_kms_key.a" in saved
    assert "aws_kms_key.a" in reported.out
    if name in (Format.JSON, Format.SARIF):
        json.loads(saved)
    if name is Format.JUNIT:
        assert ET.fromstring(saved).tag == "testsuites"  # noqa: S314 - our own text
