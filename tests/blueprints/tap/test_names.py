"""Every name in the stack is `tap-{resource}-{environment_suffix}` (TAP-10)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.blueprints.tap.conftest import MakeTap

TABLE = tomllib.loads((Path(__file__).parent / "names.toml").read_text())
NAMED: dict[str, list[str]] = TABLE["named"]
ACCOUNT = r"\$\{data\.aws_caller_identity\.[A-Za-z0-9_]+\.account_id\}"
SUFFIXES = ["qa", "a", "pr-123", "a" * 20]


def resources(made: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, body) for kind, all_ in made["resource"].items() for body in all_.values()]


@pytest.mark.parametrize("lifecycle", ["PROTECTED", "EPHEMERAL"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_name_follows_the_convention(make_tap: MakeTap, suffix: str, lifecycle: str) -> None:
    made = make_tap(environment_suffix=suffix, aws_region="eu-west-1", lifecycle=lifecycle)
    plain = re.compile(rf"(?:alias/)?tap-[a-z0-9]+(?:-[a-z0-9]+)*-{suffix}")
    unique = re.compile(rf"tap-[a-z0-9]+(?:-[a-z0-9]+)*-{suffix}-{ACCOUNT}-eu-west-1")
    for kind, body in resources(made):
        names = [body[key] for key in NAMED.get(kind, ()) if key in body]
        names += [body["tags"]["Name"]] if "tags" in body else []
        for name in names:
            wanted = unique if kind == "aws_s3_bucket" else plain
            assert wanted.fullmatch(name), f"{kind}: {name}"


def test_the_table_has_every_type_of_the_stack(make_tap: MakeTap) -> None:
    found = set(make_tap()["resource"])
    assert found == set(NAMED) | set(TABLE["nameless"]["types"])
    assert not set(NAMED) & set(TABLE["nameless"]["types"])


def test_what_can_be_named_is(make_tap: MakeTap) -> None:
    for kind, body in resources(make_tap()):
        assert all(body.get(key) for key in NAMED.get(kind, ())), kind


def test_no_name_stands_twice(make_tap: MakeTap) -> None:
    seen = [
        (kind, key, body[key])
        for kind, body in resources(make_tap())
        for key in NAMED.get(kind, ())
    ]
    assert len(set(seen)) == len(seen)
