"""Who is foreign to the owner of a resource: cases as data, and every request shown replays."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.iam.prove.test_checks import policy

from revet.iam.evaluate import Policies
from revet.iam.evaluate.alone import allows_alone
from revet.iam.prove.foreign import check_no_foreign_access
from revet.iam.prove.trusted import Trusted

CASES = tomllib.loads(Path(__file__).with_name("foreign.toml").read_text())["foreign"]
OWNER = "111122223333"


def trusted(said: dict[str, Any]) -> Trusted:
    return Trusted(
        said.get("account", OWNER),
        frozenset(said.get("accounts", ())),
        frozenset(said.get("organizations", ())),
        frozenset(said.get("providers", ())),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    document = policy(case["policy"])
    found = check_no_foreign_access(document, trusted(case.get("trusted", {})))
    assert found.result == case["result"], found
    if "says" in case:
        assert any(case["says"] in reason.description for reason in found.reasons)
    if found.result == "FAIL":
        assert found.witness is not None
        assert allows_alone(found.witness, Policies(resource=document)) is True
        assert found.witness.principal == case.get("principal", found.witness.principal)
        assert case.get("context", {}).items() <= found.witness.context.items()


def test_every_result_is_there() -> None:
    assert {case["result"] for case in CASES} == {"PASS", "FAIL", "UNKNOWN"}
