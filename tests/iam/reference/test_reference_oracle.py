"""What the reference knows, against AWS's own policies and Access Analyzer's findings on them."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from revet.iam.document import parse_policy
from revet.iam.document_model import PolicyDocument
from revet.iam.reference.actions import match_actions
from revet.iam.reference.arn_fields import is_arn_namespace
from revet.iam.reference.conditions import condition_key
from revet.iam.reference.services import retired_action, service
from revet.iam.reference.support import carries_resource_tag

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer"
DATA = Path(__file__).parents[3] / "src/revet/iam/reference/data"
NAMED = re.compile(r"AWS-managed polic(?:y|ies) (\w+)")
OBSERVED = dt.date(2026, 3, 1)
DELAY = dt.timedelta(days=300)
"""Access Analyzer goes on accepting an action for some months after the reference dropped it."""

pytestmark = pytest.mark.skipif(
    not ORACLES, reason="REVET_ORACLES is not set: not compared with Access Analyzer"
)


def policies() -> Iterator[tuple[str, PolicyDocument]]:
    for path in sorted((FOLDER / "policies").glob("*.json")):
        yield path.stem, parse_policy(path.read_bytes())


def findings(code: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((FOLDER / "findings").glob("*.json")):
        for found in json.loads(path.read_bytes()):
            if found["issueCode"] == code:
                yield path.stem, found


def named_actions() -> Iterator[tuple[str, str]]:
    for name, policy in policies():
        for statement in policy.statements:
            for action in (*statement.actions, *statement.not_actions):
                if action != "*":
                    yield name, action


def test_the_services_that_aws_refuses_are_those_that_we_do_not_know() -> None:
    refused = {
        (name, re.findall(r"service (\S+) specified", found["findingDetails"])[0])
        for name, found in findings("INVALID_SERVICE_IN_ACTION")
    }
    unknown = {
        (name, action)
        for name, action in named_actions()
        if service(action.partition(":")[0]) is None
    }
    assert unknown == refused


def test_the_actions_that_aws_refuses_are_those_that_we_do_not_know() -> None:
    refused = {
        (name, re.findall(r"action (\S+) does", found["findingDetails"])[0])
        for name, found in findings("INVALID_ACTION")
    }
    unknown = set()
    for name, action in named_actions():
        if service(action.partition(":")[0]) is not None and not match_actions(action):
            last_seen = retired_action(action)
            if last_seen is None or last_seen < OBSERVED - DELAY:
                unknown.add((name, action))
    assert unknown == refused


def test_every_condition_key_and_namespace_of_arns_is_known() -> None:
    for name, policy in policies():
        for statement in policy.statements:
            for condition in statement.conditions:
                assert condition_key(condition.key) is not None, (name, condition.key)
            for resource in (*statement.resources, *statement.not_resources):
                fields = resource.split(":")
                if len(fields) > 2 and "*" not in fields[2]:
                    assert is_arn_namespace(fields[2]), (name, resource)


def test_the_actions_that_carry_no_resource_tag_are_those_that_aws_names() -> None:
    named = {
        (name, step["path"][1]["index"], step["path"][3]["index"])
        for name, found in findings("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE")
        for step in found["locations"]
        if step["path"][2]["value"] == "Action"
    }
    without = set()
    for name, policy in policies():
        for number, statement in enumerate(policy.statements):
            tagged = any(
                condition.key.lower().startswith("aws:resourcetag/")
                and condition.operator in ("StringEquals", "StringLike")
                for condition in statement.conditions
            )
            if not tagged or statement.effect != "Allow":
                continue
            for at, text in enumerate(statement.actions):
                if not any(map(carries_resource_tag, match_actions(text))):
                    without.add((name, number, at))
    assert without == named


def sources(content: object) -> Iterator[str]:
    """Every text under a key `source`, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "source" and isinstance(value, str):
                yield value
            else:
                yield from sources(value)
    elif isinstance(content, list):
        for item in content:
            yield from sources(item)


def test_no_fact_comes_from_a_policy_that_aws_objects_to() -> None:
    """What the data takes from AWS's own policies, it takes from ones without a finding."""
    named: set[str] = set()
    for path in DATA.glob("*.json"):
        for text in sources(json.loads(path.read_bytes())):
            named.update(NAMED.findall(text))
    known = {name for name in named if (FOLDER / "policies" / f"{name}.json").exists()}
    assert known == named == {"AmazonZocaloReadOnlyAccess"}
    assert [name for name in known if (FOLDER / "findings" / f"{name}.json").exists()] == []
