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


@pytest.fixture(scope="session")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where these tests note members; at the end, fail for one that no code read.

    Those that `unread.toml` lists are left out.
    """
    path = tmp_path_factory.mktemp("members") / "members.jsonl"
    yield path
    if not path.exists():
        return  # no test of this session started an embedded AWS
    from revet.embedded.members import unread_members  # noqa: PLC0415 - loads moto

    found = {
        member
        for member in unread_members(path)
        if not any(fnmatchcase(member, pattern) for pattern in UNREAD)
    }
    assert sorted(found) == []


@pytest.fixture(scope="module", autouse=True)
def _every_member_is_read_or_listed(noted: Path) -> Iterator[None]:
    """Have the embedded AWS note members, for the tests of one file and no others."""
    os.environ[MEMBERS_VARIABLE] = str(noted)
    yield
    del os.environ[MEMBERS_VARIABLE]
