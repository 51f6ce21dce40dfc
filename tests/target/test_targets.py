"""The embedded target: what reaches it, and what never does."""

from pathlib import Path
from typing import Any

import pytest

from revet.embedded.daemon import Daemon
from revet.model.errors import TargetError
from revet.model.finding import Origin
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
    "TF_WORKSPACE": "foreign",
    "TF_CLI_ARGS_apply": "-state-out=elsewhere",
    "TF_DATA_DIR": "/elsewhere",
    "TF_REATTACH_PROVIDERS": "{}",
    "TF_ENCRYPTION": "{}",
    "GIT_SSH_COMMAND": "evil",
    "LD_PRELOAD": "evil.so",
    "PYTHONPATH": "/evil",
    "LC_ALL": "C.UTF-8",
}


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    """A daemon's record: nothing listens there."""
    return Daemon(tmp_path, 1, 9, tmp_path / "ca.pem", "run", "us-west-2", "AKIAEXAMPLE", "secret")


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
    assert environment["LC_ALL"] == "C.UTF-8"
    assert environment["TF_WORKSPACE"] == "default"
    assert environment["HTTPS_PROXY"] == daemon.url
    assert environment["AWS_ACCESS_KEY_ID"] != "AKIAREAL"
    own = daemon.environment()
    strangers = {name for name, value in environment.items() if own.get(name) != value}
    assert strangers == {"PATH", "HOME", "LC_ALL", "TF_VAR_size", "TF_WORKSPACE"}


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
