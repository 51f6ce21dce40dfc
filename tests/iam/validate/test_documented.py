"""Policies in the forms that AWS documents have no error and no security warning.

The files under `documented/` hold policies of our own, written in the forms of AWS's examples; each
names the page. `type` and `resource_type` are as in the cases.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from revet.iam.validate import Level, validate_policy

FOLDER = Path(__file__).parent / "documented"
BAD = (Level.ERROR, Level.SECURITY_WARNING)
LEAST = 60


@dataclass(frozen=True, slots=True)
class Documented:
    """One policy, and the page whose form it has."""

    name: str
    type: str
    source: str
    policy: str
    resource_type: str = ""

    def __str__(self) -> str:
        """The id of the test."""
        return self.name


def documented() -> list[Documented]:
    """All policies of all files."""
    return [
        Documented(**entry)
        for path in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["policy"]
    ]


POLICIES = documented()


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_what_aws_documents_is_not_wrong(policy: Documented) -> None:
    assert policy.source
    assert json.loads(policy.policy)["Statement"]
    found = validate_policy(policy.policy, policy.type, policy.resource_type)
    assert [(one.code, one.details) for one in found if one.level in BAD] == []


@pytest.mark.parametrize("policy", [one for one in POLICIES if one.resource_type], ids=str)
def test_nor_is_it_where_the_resource_is_not_said(policy: Documented) -> None:
    """Access Analyzer is mostly asked without the type of the resource."""
    found = validate_policy(policy.policy, policy.type)
    assert [(one.code, one.details) for one in found if one.level in BAD] == []


def test_there_are_enough_of_each_type() -> None:
    assert len(POLICIES) >= LEAST
    types = {one.type for one in POLICIES}
    assert types >= {"trust", "resource", "scp", "rcp", "boundary", "session", "identity"}
    assert len({one.resource_type for one in POLICIES}) >= 20
    assert len({(one.name, one.type) for one in POLICIES}) == len(POLICIES)
