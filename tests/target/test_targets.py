"""The two targets: what reaches them, and what never does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.embedded.daemon import Daemon
from revet.model.errors import ArgumentError, PrerequisiteError, TargetError, UsageError
from revet.model.finding import Origin
from revet.target.aws import AwsTarget
from revet.target.base import Target
from revet.target.embedded import EmbeddedTarget

USERS_OWN = {
    "PATH": "/usr/bin",
    "HOME": "/home/someone",
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "a session",
    "AWS_ENDPOINT_URL_S3": "http://elsewhere.example",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "HTTPS_PROXY": "http://office.example",
    "no_proxy": "amazonaws.com",
    "TF_VAR_size": "3",
}


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    """A daemon's record: nothing listens there."""
    return Daemon(tmp_path, 1, 9, tmp_path / "ca.pem", "run", "us-west-2")


@pytest.fixture
def embedded(tmp_path: Path, daemon: Daemon) -> EmbeddedTarget:
    target = EmbeddedTarget(tmp_path, environment=USERS_OWN)
    target._daemon = daemon
    return target


def test_nothing_of_the_user_s_aws_settings_reaches_the_embedded_aws(
    embedded: EmbeddedTarget, daemon: Daemon
) -> None:
    environment = embedded.environment()
    assert environment["PATH"] == "/usr/bin"
    assert environment["TF_VAR_size"] == "3"
    assert environment["HTTPS_PROXY"] == daemon.url
    assert environment["AWS_ACCESS_KEY_ID"] != "AKIAREAL"
    own = daemon.environment()
    strangers = {
        name
        for name, value in environment.items()
        if (name.startswith("AWS_") or "proxy" in name.lower()) and own.get(name) != value
    }
    assert strangers == set()


def test_a_session_of_the_embedded_aws_cannot_reach_anything_else(
    embedded: EmbeddedTarget, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in USERS_OWN.items():
        monkeypatch.setenv(name, value)
    daemon.ca_path.touch()
    client = embedded.session("eu-west-1").client("s3")
    settings: Any = client.meta
    assert settings.region_name == "eu-west-1"
    assert settings.endpoint_url == "https://s3.eu-west-1.amazonaws.com"
    assert settings.config.proxies == {"https": daemon.url, "http": daemon.url}


def test_the_embedded_state_lies_in_a_file(embedded: EmbeddedTarget, tmp_path: Path) -> None:
    path = tmp_path / "tap" / "state"
    assert embedded.backend_override(path) == {"local": {"path": str(path)}}
    assert (embedded.name, embedded.origin) == ("embedded", Origin.EMULATED)


def test_an_embedded_aws_that_was_not_started(tmp_path: Path) -> None:
    target = EmbeddedTarget(tmp_path)
    for use in (target.environment, target.leftovers, target.account):
        with pytest.raises(TargetError, match="has not been started"):
            use()


class Sts:
    """An STS that answers with one account, or fails."""

    def __init__(self, account: str = "", failure: Exception | None = None) -> None:
        self.account = account
        self.failure = failure

    def __call__(self, region: str, environment: Mapping[str, str]) -> "Sts":
        assert region == "eu-west-1"
        assert environment == USERS_OWN
        return self

    def client(self, service: str) -> "Sts":
        assert service == "sts"
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if self.failure is not None:
            raise self.failure
        return {"Account": self.account, "Arn": f"arn:aws:iam::{self.account}:user/x"}


@pytest.fixture
def aws() -> AwsTarget:
    return AwsTarget("111122223333", region="eu-west-1", environment=USERS_OWN)


def test_the_confirmed_account(aws: AwsTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revet.target.aws._session", Sts("111122223333"))
    for use in (aws.account, aws.environment, lambda: aws.session("eu-west-1")):
        with pytest.raises(TargetError, match="has not been confirmed"):
            use()
    aws.start()
    assert aws.account() == "111122223333"
    assert aws.environment() == USERS_OWN
    assert aws.session("eu-west-1") is not None
    assert (aws.name, aws.origin) == ("aws", Origin.REAL)
    target: Target = aws
    assert target.backend_override(Path("state")) is None
    assert target.leftovers() is None, "unknown, and not empty"
    aws.stop()
    with pytest.raises(TargetError, match="has not been confirmed"):
        aws.account()


def test_credentials_of_another_account(aws: AwsTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revet.target.aws._session", Sts("999988887777"))
    with pytest.raises(UsageError, match="another account") as caught:
        aws.start()
    assert caught.value.exit_code == 3
    assert (caught.value.got, caught.value.expected) == ("999988887777", "111122223333")
    with pytest.raises(TargetError):
        aws.environment()


def test_no_credentials_and_no_answer(aws: AwsTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ClientError, NoCredentialsError  # noqa: PLC0415 - heavy

    monkeypatch.setattr("revet.target.aws._session", Sts(failure=NoCredentialsError()))
    with pytest.raises(PrerequisiteError, match="no usable AWS credentials"):
        aws.start()
    refusal = ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity")
    monkeypatch.setattr("revet.target.aws._session", Sts(failure=refusal))
    with pytest.raises(TargetError, match="ExpiredToken"):
        aws.start()


@pytest.mark.parametrize("account", ["", "12345", "1111-2222-3333", "11112222333a", "1" * 13])
def test_an_account_is_twelve_digits(account: str) -> None:
    with pytest.raises(ArgumentError, match="not an AWS account id"):
        AwsTarget(account, region="eu-west-1")


def test_both_are_targets(embedded: EmbeddedTarget, aws: AwsTarget) -> None:
    targets: list[Target] = [embedded, aws]
    assert {target.name for target in targets} == {"embedded", "aws"}
