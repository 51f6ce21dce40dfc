"""Pairs made by hand have the answer that is true; see `known_pairs.toml`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.iam.prove.judged import Compared, replays

CASES = tomllib.loads(Path(__file__).with_name("known_pairs.toml").read_text("utf-8"))["pair"]
ACTION = "s3:GetObject"


def policy(text: str) -> dict[str, Any]:
    """The policy with some statements."""
    found = []
    for one in json.loads(text):
        action = {} if "NotAction" in one else {"Action": "*"}
        resource = {} if "NotResource" in one else {"Resource": "*"}
        found.append({"Effect": "Allow", **action, **resource, **one})
    return {"Version": "2012-10-17", "Statement": found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_pair(case: dict[str, Any]) -> None:
    compared = Compared.of(policy(case["new"]), policy(case["old"]))
    if case["answer"] == "some":
        keys = {key.lower() for key in case["context"]}
        context = (
            {"aws:username": None, **case["context"]}
            if "aws:username" not in keys
            else case["context"]
        )
        assert replays(compared, ACTION, case["resource"], context)
    answer = compared.answer()
    assert answer.result == case["answer"], answer.doubts
    if answer.witness is not None:
        witness = answer.witness
        assert replays(compared, witness.action, witness.resource, dict(witness.context))


def test_each_name_stands_once() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
