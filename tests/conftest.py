"""What holds for the tests of all rooms."""

import gc
import json
import os
from collections.abc import Generator, Iterator
from functools import cache
from operator import itemgetter
from pathlib import Path

import botocore.session
import pytest
from hypothesis import settings

from revet.files import STATE_VARIABLE

# How long an example takes is the machine's affair.
settings.register_profile("revet", deadline=None)
settings.load_profile("revet")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage in what the tests make alone: what is collected stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that wait for the provider evenly, so that no core is idle beside them."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting: list[list[pytest.Item]] = []
    busy: list[list[pytest.Item]] = []
    for tests in files.values():
        waits = any(test.get_closest_marker("embedded") for test in tests)
        (waiting if waits else busy).append(tests)
    placed = [
        (number / len(group), tests)
        for group in (waiting, busy)
        for number, tests in enumerate(group)
    ]
    items[:] = [test for _, tests in sorted(placed, key=itemgetter(0)) for test in tests]


@pytest.fixture(scope="session", autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's own state folder out of the tests, and the tests out of it."""
    before = os.environ.get(STATE_VARIABLE)
    os.environ[STATE_VARIABLE] = str(tmp_path_factory.mktemp("state"))
    yield
    if before is None:
        del os.environ[STATE_VARIABLE]
    else:
        os.environ[STATE_VARIABLE] = before


@pytest.fixture(scope="session", autouse=True)
def _service_models_are_parsed_once() -> Iterator[None]:
    """Let all sessions of boto3 share what they read: a model of EC2 has ten megabytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(scope="session", autouse=True)
def _embedded_aws_had_no_faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail when an embedded AWS of this session failed inside, or lacked an operation.

    A test that asks for such a thing puts a file `faults-expected` into the state folder.
    """
    yield
    found = [
        f"{path}: {fault['kind']}: {fault['message']}\n{fault['traceback']}"
        for path in tmp_path_factory.getbasetemp().rglob("faults.jsonl")
        if not path.with_name("faults-expected").exists()
        for fault in map(json.loads, path.read_text().splitlines())
        if fault["kind"] != "refused"
    ]
    assert found == [], "\n".join(found)
