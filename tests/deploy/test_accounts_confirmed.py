"""`--target aws` with an embedded AWS in the real one's place: each account is shown and pinned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from revet.model.errors import UsageError
from revet.target.binary import find_terraform
from revet.target.blocks import read_blocks
from revet.target.embedded import EmbeddedTarget
from revet.target.environment import for_terraform
from revet.target.evaluate import evaluate
from revet.target.modules import read_tree

pytestmark = pytest.mark.embedded

OURS = "123456789012"
MAIN = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
variable "secret" {
  sensitive = true
}
locals {
  secret = var.secret
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "other"
  region = "us-east-1"
  access_key = "KEY"
  secret_key = local.secret
}
resource "aws_cloudwatch_log_group" "made" {
  provider = aws.other
  name     = "made"
}
"""

ELSEWHERE = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "other"
  region = "us-east-1"
  assume_role {
    role_arn     = "arn:aws:iam::ACCOUNT:role/OrganizationAccountAccessRole"
    session_name = "deploy"
  }
}
resource "aws_cloudwatch_log_group" "made" {
  provider = aws.other
  name     = "made"
}
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[EmbeddedTarget]:
    target = EmbeddedTarget(tmp_path / "aws")
    target.start()
    yield target
    target.stop()


def run(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "revet.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environment, "NO_COLOR": "1"},
        timeout=600,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_what_is_not_confirmed_is_not_planned(tmp_path: Path, world: EmbeddedTarget) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(
        MAIN.replace("KEY", world.environment()["AWS_ACCESS_KEY_ID"])
    )
    (tmp_path / "revet.toml").write_text("[stacks.infra]\nterraform = 'infra'\nfail_on = 'none'\n")
    secret = world.environment()["AWS_SECRET_ACCESS_KEY"]
    environment = {**os.environ, **world.environment(), "TF_VAR_secret": secret}
    del environment["TF_WORKSPACE"]
    call = ("deploy", "infra", "--target", "aws")
    for given in ((), ("--account", "999999999999")):
        ended = run(tmp_path, environment, *call, *given)
        assert ended.returncode == 3, ended.stderr
        for key in ("aws", "aws.other"):
            assert f"{OURS}  provider `{key}`  as arn:aws:" in ended.stderr
        assert secret not in ended.stderr
    copy = tmp_path / ".revet" / "infra" / "aws"
    assert not (copy / "plan.bin").exists()
    ended = run(tmp_path, environment, *call, "--account", OURS)
    assert ended.returncode == 0, ended.stderr
    [pinned] = (copy / "terraform").glob("*_override.tf.json")
    assert json.loads(pinned.read_text())["provider"]["aws"] == [
        {"allowed_account_ids": [OURS]},
        {"alias": "other", "allowed_account_ids": [OURS]},
    ]
    assert any("made" in item for item in world.leftovers() or [])


@pytest.mark.slow
def test_a_role_in_another_account_is_confirmed_by_that_account(
    tmp_path: Path, world: EmbeddedTarget
) -> None:
    organizations = world.session("us-east-1").client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(AccountName="other", Email="other@example.com")
    other = made["CreateAccountStatus"]["AccountId"]
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(ELSEWHERE.replace("ACCOUNT", other))
    (tmp_path / "revet.toml").write_text("[stacks.infra]\nterraform = 'infra'\nfail_on = 'none'\n")
    environment = {**os.environ, **world.environment()}
    del environment["TF_WORKSPACE"]
    call = ("deploy", "infra", "--target", "aws")
    for given in ((), ("--account", OURS), ("--account", other)):
        ended = run(tmp_path, environment, *call, *given)
        assert ended.returncode == 3, ended.stderr
        assert f"{OURS}  provider `aws`  as arn:aws:" in ended.stderr
        assert f"{other}  provider `aws.other`  as arn:aws:sts::{other}:assumed-role/" in (
            ended.stderr
        )
        assert not (tmp_path / ".revet" / "infra" / "aws" / "plan.bin").exists()
    ended = run(tmp_path, environment, *call, "--account", OURS, "--account", other)
    assert ended.returncode == 0, ended.stderr
    [line] = [item for item in world.leftovers() or [] if "made" in item]
    assert other in line
    role = f"arn:aws:iam::{other}:role/OrganizationAccountAccessRole"
    sts = world.session("us-east-1").client("sts")
    keys = sts.assume_role(RoleArn=role, RoleSessionName="look")["Credentials"]
    there = world.session("us-east-1").client(
        "logs",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    [group] = there.describe_log_groups()["logGroups"]
    assert group["arn"] == f"arn:aws:logs:us-east-1:{other}:log-group:made:*"
    assert not world.session("us-east-1").client("logs").describe_log_groups()["logGroups"]


def test_values_are_worked_out_as_terraform_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "given" {}\nvariable "hidden" {\n  default = "x$${y}"\n  sensitive = true\n}\n'
        'variable "absent" {\n  type = string\n}\n'
        'locals {\n  made = upper("${var.given}-${local.inner}")\n  inner = "b"\n'
        "  of_resource = terraform_data.x.id\n}\n"
        'provider "aws" {\n  a = local.made\n  b = var.hidden\n  c = [\n    "x", # y\n'
        '    var.given\n  ]\n  d = var.absent\n  e = local.of_resource\n  f = "written"\n}\n'
    )
    (tmp_path / "more.tf.json").write_text(
        '{"variable": {"in_json": {"type": "string", "default": "j"}},'
        ' "locals": {"json_made": "${var.in_json}-${var.given}"}}'
    )
    (tmp_path / "terraform.tfvars").write_text('given = "a"\n')
    binary = find_terraform()
    [root] = read_tree(tmp_path, binary.product, binary.registry)
    [provider] = root.of("provider")
    arguments = provider.arguments
    environment = for_terraform(os.environ)
    probe = tmp_path / "probe"
    probe.write_text("x {\n  g = local.json_made\n}\n")
    arguments |= read_blocks(probe)[0].arguments
    wanted = {name: arguments[name] for name in ("a", "b", "c", "f", "g")}
    assert evaluate(root, wanted, binary, environment) == {
        "a": "A-B",
        "b": "x${y}",
        "c": ["x", "a"],
        "f": "written",
        "g": "j-a",
    }
    for name in ("d", "e"):
        with pytest.raises(UsageError, match="are not known before a plan"):
            evaluate(root, {name: arguments[name]}, binary, environment)
