"""Leaves by hand: what is demanded of one key cannot be met, or can.

Cases in `leaves.toml`: one statement has something that another one does not let through. `new` and
`old` are conditions; with `resource`, they are the resources; `beside` is a further condition of
the new statement. `closed` says whether the leaf of the case's key is right.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.iam.certificate.certificates import Policy, claimed, open_leaves

CASES = tomllib.loads(Path(__file__).with_name("leaves.toml").read_text(encoding="utf-8"))["case"]


def policy(version: str, *parts: dict[str, Any]) -> Policy:
    statements = [{"Effect": "Allow", "Action": ["s3:GetObject"], **part} for part in parts]
    return {"Version": version, "Statement": statements}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_leaf(case: dict[str, Any]) -> None:
    version = case.get("version", "2012-10-17")
    if "resource" in case:
        ours, theirs = ({case.get(f"{n}_as", "Resource"): case[n]} for n in ("new", "old"))
        ours["Condition"] = case.get("beside", {})
        key = "Resource"
    else:
        ours, theirs = ({"Resource": ["*"], "Condition": case[n]} for n in ("new", "old"))
        ours["Condition"] = {**ours["Condition"], **case.get("beside", {})}
        key = case["key"].lower()
    claim = claimed(policy(version, ours), policy(version, theirs))
    assert (not open_leaves(claim, ["Action", key])) is case["closed"]
