"""One embedded AWS for all tests of this folder that only read or use names of their own."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from revet.embedded import Daemon, start_daemon, stop_daemon

Client = Callable[..., Any]

RUNS = {"daemon", "state"}
"""Fixtures of those tests for which an embedded AWS runs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them before pytest chooses by marker; it gives the tests of other folders, too."""
    own = Path(__file__).parent
    for item in items:
        runs = isinstance(item, pytest.Function) and RUNS & set(item.fixturenames)
        if runs and item.path.is_relative_to(own):
            item.add_marker(pytest.mark.embedded)


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    directory = tmp_path_factory.mktemp("embedded")
    (directory / "faults-expected").touch()  # some tests ask for what is not modelled
    yield start_daemon(directory)
    stop_daemon(directory)


def client_of(daemon: Daemon, service: str, **settings: Any) -> Any:  # noqa: ANN401 - boto3's clients
    """A boto3 client that reaches a daemon without touching this process's environment."""
    settings.setdefault("region_name", settings.pop("region", daemon.region))
    config = Config(
        proxies={"https": daemon.url, "http": daemon.url},
        retries={"max_attempts": 0},
        **settings.pop("config", {}),
    )
    return session().client(
        service,
        config=config,
        verify=str(daemon.ca_path),
        aws_access_key_id=settings.pop("key", daemon.access_key),
        aws_secret_access_key=settings.pop("secret", daemon.secret_key),
        aws_session_token=settings.pop("token", None),
        **settings,
    )


@functools.cache
def session() -> Any:  # noqa: ANN401 - its type is overloaded for every service
    """One session, which keeps what it loaded of botocore's models."""
    return boto3.Session()


@pytest.fixture(scope="session")
def client(daemon: Daemon) -> Client:
    def make(service: str, **settings: Any) -> Any:  # noqa: ANN401 - boto3's clients
        return client_of(daemon, service, **settings)

    return make


@pytest.fixture(scope="session")
def client_for() -> Client:
    return client_of


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state folder of the test's own; a daemon that still serves it is stopped."""
    directory = tmp_path / "state"
    yield directory
    stop_daemon(directory)
