"""Who a provider configuration is, asked of an STS of our own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from revet.model.errors import InputError, PrerequisiteError, TargetError, UsageError
from revet.model.finding import Origin
from revet.target.accounts import Identity
from revet.target.aws import AwsTarget
from revet.target.base import Target
from revet.target.blocks import Expression
from revet.target.modules import Module, read_tree
from revet.target.provider_blocks import aws_blocks

OURS = "123456789012"
KEYS = "  access_key = ROOT\n  secret_key = SECRET\n"


class Sts:
    """Knows whose each access key is, and hands out roles."""

    def __init__(self, session: boto3.Session) -> None:
        self.keys = session.get_credentials()

    def get_caller_identity(self) -> dict[str, str]:
        if self.keys is None:
            raise NoCredentialsError
        account = self.keys.access_key.removeprefix("AKIA").removeprefix("ASIA")
        return {"Account": account, "Arn": f"arn:aws:iam::{account}:user/x"}

    def assume_role(self, *, RoleArn: str, RoleSessionName: str, **more: Any) -> dict[str, Any]:  # noqa: N803, ANN401 - AWS's own
        assert RoleSessionName
        assert set(more) <= {"ExternalId", "Tags", "Policy", "WebIdentityToken"}
        if not RoleArn.startswith("arn:aws:iam::"):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
        keys = {"AccessKeyId": f"ASIA{RoleArn.split(':')[4]}", "SecretAccessKey": "s"}
        return {"Credentials": {**keys, "SessionToken": "t"}}

    def assume_role_with_web_identity(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - AWS's own
        assert more["WebIdentityToken"] == "of the file"
        return self.assume_role(**more)


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The environment of a user with keys; nothing else on this machine counts."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    environment = {
        "AWS_ACCESS_KEY_ID": f"AKIA{OURS}",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no-credentials"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("revet.target.accounts._sts", lambda session, _what: Sts(session))
    return environment


@pytest.fixture
def other() -> str:
    return "210987654321"


class Asked(list[Mapping[str, Identity]]):
    """Confirms everything, and remembers what was shown."""

    def __call__(self, found: Mapping[str, Identity]) -> None:
        self.append(dict(found))

    @property
    def accounts(self) -> dict[str, str]:
        """Provider configuration to account, as it was shown last."""
        return {key: identity.account for key, identity in self[-1].items()}


def written(folder: Path, text: str, user: Mapping[str, str]) -> tuple[Module, ...]:
    text = text.replace("ROOT", f'"{user["AWS_ACCESS_KEY_ID"]}"')
    text = text.replace("SECRET", f'"{user["AWS_SECRET_ACCESS_KEY"]}"')
    (folder / "main.tf").write_text(text)
    return read_tree(folder, "terraform", "registry.terraform.io")


def literal(expressions: Mapping[str, Expression]) -> dict[str, Any]:
    """Stands in for Terraform where everything is written out."""
    assert all(item.known for item in expressions.values())
    return {key: item.value for key, item in expressions.items()}


def settled(
    modules: tuple[Module, ...], user: Mapping[str, str], asked: Asked
) -> tuple[AwsTarget, dict[str, Mapping[str, Any]]]:
    target = AwsTarget(region="us-east-1", confirm=asked, environment=user)
    target.start()
    settings = target.provider_settings(modules, literal)
    return target, {block.key: settings(block) for block in aws_blocks(modules)}


def test_each_configuration_is_asked_and_pinned(
    tmp_path: Path, user: dict[str, str], other: str
) -> None:
    role = f"arn:aws:iam::{other}:role/OrganizationAccountAccessRole"
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(
        f'provider "aws" {{\n  assume_role {{\n    role_arn = "{role}"\n  }}\n}}\n'
    )
    modules = written(
        tmp_path,
        'provider "aws" {\n  forbidden_account_ids = ["1"]\n'
        "  skip_requesting_account_id = true\n}\n"
        f'provider "aws" {{\n  alias = "other"\n  assume_role {{\n    role_arn = "{role}"\n'
        '    external_id = "ticket"\n    duration = "20m"\n  }\n}\n'
        'module "m" {\n  source = "./m"\n}\n',
        user,
    )
    asked = Asked()
    target, settings = settled(modules, user, asked)
    assert asked.accounts == {"aws": OURS, "aws.other": other, "module.m:aws": other}
    assert len(asked) == 1, "shown once, as a list"
    assert settings == {
        "aws": {
            "allowed_account_ids": [OURS],
            "forbidden_account_ids": None,
            "skip_requesting_account_id": False,
        },
        "aws.other": {"allowed_account_ids": [other]},
        "module.m:aws": {"allowed_account_ids": [other]},
    }
    assert target.account() == OURS
    target.confirm_again()
    target.provider_settings(modules, literal)
    assert len(asked) == 1, "what has been confirmed is not asked again"


def test_the_default_that_nobody_wrote_is_asked_too(tmp_path: Path, user: dict[str, str]) -> None:
    asked = Asked()
    _, settings = settled(written(tmp_path, "", user), user, asked)
    assert settings == {"aws": {"allowed_account_ids": [OURS]}}


def test_a_default_that_assumes_a_role_is_whom_we_verify_as(
    tmp_path: Path, user: dict[str, str], other: str
) -> None:
    role = f"arn:aws:iam::{other}:role/OrganizationAccountAccessRole"
    text = f'provider "aws" {{\n  assume_role {{\n    role_arn = "{role}"\n  }}\n}}\n'
    target, _ = settled(written(tmp_path, text, user), user, Asked())
    assert target.account() == other
    session = target.session("eu-west-1")
    assert session.region_name == "eu-west-1"
    credentials = session.get_credentials()
    assert credentials is not None
    assert credentials.access_key == f"ASIA{other}"


def test_roles_are_assumed_one_after_the_other_from_a_token(
    tmp_path: Path, user: dict[str, str], other: str
) -> None:
    (tmp_path / "token").write_text("of the file\n")
    text = (
        'provider "aws" {\n  assume_role_with_web_identity {\n'
        f'    role_arn = "arn:aws:iam::111111111111:role/x"\n'
        f'    web_identity_token_file = "{tmp_path}/token"\n  }}\n'
        '  assume_role {\n    role_arn = "arn:aws:iam::222222222222:role/x"\n  }\n'
        f'  assume_role {{\n    role_arn = "arn:aws:iam::{other}:role/x"\n  }}\n}}\n'
        'provider "aws" {\n  alias = "web"\n  assume_role_with_web_identity {\n'
        '    role_arn = "arn:aws:iam::111111111111:role/x"\n'
        '    web_identity_token = "of the file"\n  }\n}\n'
    )
    asked = Asked()
    settled(written(tmp_path, text, user), user, asked)
    assert asked.accounts == {"aws": other, "aws.web": "111111111111"}
    (tmp_path / "token").unlink()
    with pytest.raises(PrerequisiteError, match="token cannot be read"):
        settled(written(tmp_path, text, user), user, Asked())


def test_profiles_and_files_are_followed(
    tmp_path: Path, user: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "credentials"
    file.write_text(
        f"[mine]\naws_access_key_id = {user['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {user['AWS_SECRET_ACCESS_KEY']}\n"
    )
    text = (
        f'provider "aws" {{\n  profile = "mine"\n  shared_credentials_files = ["{file}"]\n}}\n'
        'provider "aws" {\n  alias = "keys"\n' + KEYS + "}\n"
    )
    without = {k: v for k, v in user.items() if not k.startswith(("AWS_ACCESS", "AWS_SECRET"))}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    asked = Asked()
    settled(written(tmp_path, text, user), without, asked)
    assert asked.accounts == {"aws": OURS, "aws.keys": OURS}
    absent = text.replace('"mine"', '"absent"')
    with pytest.raises(PrerequisiteError, match="no usable AWS credentials"):
        settled(written(tmp_path, absent, user), without, asked)


@pytest.mark.parametrize(
    ("lines", "got"),
    [
        ('endpoints {\n    sts = "https://liar.example"\n  }', "`endpoints`"),
        ("insecure = true", "`insecure`"),
        ('ec2_metadata_service_endpoint = "http://liar"', "`ec2_metadata_service_endpoint`"),
        (
            (
                'dynamic "assume_role" {\n    for_each = [1]\n    content {\n'
                '      role_arn = "x"\n    }\n  }'
            ),
            'dynamic "assume_role"',
        ),
        ('assume_role {\n    role_arn = "x"\n    more = 1\n  }', "`assume_role.more`"),
        ('shared_config_files = ["a", "b"]', "`shared_config_files` with 2 files"),
    ],
)
def test_what_lets_somebody_else_answer_is_refused(
    tmp_path: Path, user: dict[str, str], lines: str, got: str
) -> None:
    asked = Asked()
    modules = written(tmp_path, f'provider "aws" {{\n  {lines}\n}}\n', user)
    with pytest.raises(UsageError, match="is not known") as caught:
        settled(modules, user, asked)
    assert got in caught.value.got
    assert asked == []


def test_a_module_s_own_configuration_is_written_out(tmp_path: Path, user: dict[str, str]) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('provider "aws" {\n  profile = var.profile\n}\n')
    modules = written(tmp_path, 'module "m" {\n  source = "./m"\n}\n', user)
    with pytest.raises(UsageError, match="is not known"):
        settled(modules, user, Asked())


def test_a_role_that_is_not_handed_out(tmp_path: Path, user: dict[str, str]) -> None:
    text = 'provider "aws" {\n  assume_role {\n    role_arn = "nobody\'s"\n  }\n}\n'
    with pytest.raises(TargetError, match="whose credentials"):
        settled(written(tmp_path, text, user), user, Asked())


def test_credentials_that_change_before_the_apply(
    tmp_path: Path, user: dict[str, str], other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, _ = settled(written(tmp_path, "", user), user, Asked())
    changed = {"aws": Identity(other, f"arn:aws:iam::{other}:root")}
    monkeypatch.setattr("revet.target.aws.identify_all", lambda *_: (changed, None))
    with pytest.raises(UsageError, match="another account than a moment ago") as caught:
        target.confirm_again()
    assert (caught.value.got, caught.value.expected) == (other, OURS)


def test_a_no_is_a_no(tmp_path: Path, user: dict[str, str]) -> None:
    def refuse(found: Mapping[str, Identity]) -> None:
        raise UsageError(f"no to {len(found)}")

    target = AwsTarget(region="us-east-1", confirm=refuse, environment=user)
    with pytest.raises(UsageError, match="no to 1"):
        target.provider_settings(written(tmp_path, "", user), literal)
    for use in (target.account, target.confirm_again, lambda: target.session("us-east-1")):
        with pytest.raises(TargetError, match="no account has been confirmed"):
            use()
    with pytest.raises(TargetError, match="no account has been confirmed"):
        target.require_plan({})


def planned(key: str, **expressions: object) -> dict[str, Any]:
    entry = {"full_name": "registry.terraform.io/hashicorp/aws", "expressions": expressions}
    return {"configuration": {"provider_config": {key: entry}}}


def test_the_plan_must_be_pinned_too(tmp_path: Path, user: dict[str, str]) -> None:
    target, _ = settled(written(tmp_path, "", user), user, Asked())
    target.require_plan(planned("aws", allowed_account_ids={"constant_value": [OURS]}))
    for wrong in (
        planned("aws"),
        planned("aws", allowed_account_ids={"constant_value": []}),
        planned("aws", allowed_account_ids={"constant_value": [OURS, "999999999999"]}),
        planned("aws", allowed_account_ids={"references": ["var.accounts"]}),
        planned("aws.missed", allowed_account_ids={"constant_value": [OURS]}),
    ):
        with pytest.raises(InputError, match="not confirmed"):
            target.require_plan(wrong)


def test_it_is_a_target(user: dict[str, str]) -> None:
    target: Target = AwsTarget(region="us-east-1", confirm=Asked(), environment=user)
    assert (target.name, target.origin) == ("aws", Origin.REAL)
    assert target.environment() == user
    assert target.backend_override(Path("state")) is None
    assert target.leftovers() is None, "unknown, and not empty"
    assert target.wall([]) is None
