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


@pytest.fixture(scope="package", autouse=True)
def _every_member_is_read_or_listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail when a request had a member that no code read and `unread.toml` does not list."""
    noted = tmp_path_factory.mktemp("members") / "members.jsonl"
    os.environ[MEMBERS_VARIABLE] = str(noted)
    yield
    del os.environ[MEMBERS_VARIABLE]
    if not noted.exists():
        return  # no test of this session started an embedded AWS
    from revet.embedded.members import unread_members  # noqa: PLC0415 - loads moto

    found = {
        member
        for member in unread_members(noted)
        if not any(fnmatchcase(member, pattern) for pattern in UNREAD)
    }
    assert sorted(found) == []
