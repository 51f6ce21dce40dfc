"""What Terraform sends to the embedded AWS and no code reads is listed, or fails the suite."""

import os
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from revet.embedded.environment import MEMBERS_VARIABLE

_LISTED = Path(__file__).with_name("unread.toml")
UNREAD: dict[str, str] = tomllib.loads(_LISTED.read_text())["unread"]

ONLY_PLAN = {"test_new", "test_exported", "test_constructs_judged", "test_reaches_nobody"}
"""Files of which a worker may run no test that sends anything with members."""


@pytest.fixture(scope="session")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where these tests note members; at the end, fail for one that no code read.

    Those that `unread.toml` lists are left out.
    """
    path = tmp_path_factory.mktemp("members") / "members.jsonl"
    yield path
    if not path.exists():
        return  # no test of this session started an embedded AWS
    if not path.read_text() and {one.name for one in path.parent.glob("test_*")} <= ONLY_PLAN:
        return  # nobody sent more than the question who it is
    from revet.embedded.members import unread_members  # noqa: PLC0415 - loads moto

    found = {
        member
        for member in unread_members(path)
        if not any(fnmatchcase(member, pattern) for pattern in UNREAD)
    }
    assert sorted(found) == []


@pytest.fixture(scope="module", autouse=True)
def _every_member_is_read_or_listed(noted: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the embedded AWS note members, for the tests of one file and no others."""
    noted.with_name(request.path.stem).touch()
    os.environ[MEMBERS_VARIABLE] = str(noted)
    yield
    del os.environ[MEMBERS_VARIABLE]
