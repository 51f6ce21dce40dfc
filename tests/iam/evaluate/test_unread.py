"""A denial that cannot be read never makes a request allowed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from revet.iam.document import parse_policy
from revet.iam.evaluate import Policies, Request, decide

REQUEST = Request(
    "arn:aws:iam::111122223333:user/ana",
    "s3:GetObject",
    "arn:aws:s3:::bucket/key",
    resource_account="111122223333",
)
DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}
VALUES: tuple[Any, ...] = (
    True,
    None,
    1,
    1.5,
    {},
    [],
    [True],
    [None],
    [["*"]],
    {"a": 1},
    {"a": "*"},
    [{}],
)
ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Condition", "Effect")
STATEMENTS: tuple[Any, ...] = (
    True,
    None,
    "text",
    json.dumps([DENY]),
    [None],
    [[DENY]],
    [json.dumps(DENY)],
    [1, DENY],
    {},
)


def outcome(document: Any) -> str:  # noqa: ANN401 - JSON
    allow = {"Version": "2012-10-17", "Statement": [DENY | {"Effect": "Allow"}]}
    policies = Policies(identity=(parse_policy(allow), parse_policy(json.dumps(document))))
    return decide(REQUEST, policies).outcome.value


@pytest.mark.parametrize(
    ("element", "action", "expected"),
    [
        ("Action", "s3:Get${aws_x.y.z}", "unknown"),
        ("Action", "s3:Put${aws_x.y.z}", "allowed"),
        ("Action", "sqs:${aws_x.y.z}", "allowed"),
        ("NotAction", "s3:Get${aws_x.y.z}", "unknown"),
        ("NotAction", ["s3:GetObject", "s3:Get${aws_x.y.z}"], "allowed"),
    ],
)
def test_a_denied_action_that_is_not_known(element: str, action: object, expected: str) -> None:
    statement = {"Effect": "Deny", element: action, "Resource": "*"}
    assert outcome({"Version": "2012-10-17", "Statement": [statement]}) == expected


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
@pytest.mark.parametrize("element", ELEMENTS)
def test_an_element_that_cannot_be_read(element: str, value: object) -> None:
    statement: dict[str, Any] = {**DENY}
    if element.startswith("Not"):
        del statement[element.removeprefix("Not")]
    statement[element] = value
    empty = (element, value) == ("Condition", {})
    expected = "explicitly_denied" if empty else "unknown"
    assert outcome({"Version": "2012-10-17", "Statement": [statement]}) == expected


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": None},
        {"StringEquals": {"aws:username": None}},
        {"StringEquals": {"aws:username": [None]}},
        {"StringEquals": {"aws:username": {}}},
        {"StringEquals": {"aws:username": []}},
        {"StringEquals": ["aws:username"]},
    ],
    ids=json.dumps,
)
def test_a_condition_that_cannot_be_read(condition: object) -> None:
    statement = {**DENY, "Condition": condition}
    assert outcome({"Version": "2012-10-17", "Statement": [statement]}) == "unknown"


@pytest.mark.parametrize("twice", ["Action", "Resource", "Condition"])
def test_an_element_that_is_there_twice(twice: str) -> None:
    other = {"Action": '"sqs:*"', "Resource": '"arn:aws:sqs:*:*:*"', "Condition": '{"Bool": {}}'}
    text = json.dumps({**DENY, "Condition": {}})[:-1] + f', "{twice}": {other[twice]}}}'
    policy = parse_policy(f'{{"Version": "2012-10-17", "Statement": [{text}]}}')
    allow = parse_policy({"Version": "2012-10-17", "Statement": [DENY | {"Effect": "Allow"}]})
    assert decide(REQUEST, Policies(identity=(allow, policy))).outcome.value == "unknown"


@pytest.mark.parametrize("statement", STATEMENTS, ids=json.dumps)
def test_what_is_not_a_statement(statement: object) -> None:
    expected = {"unknown", "explicitly_denied"} if statement == [1, DENY] else {"unknown"}
    assert outcome({"Version": "2012-10-17", "Statement": statement}) in expected


def test_what_cannot_be_read_is_about_another_action() -> None:
    statement = {"Effect": "Deny", "Action": "sqs:*", "Resource": [True]}
    assert outcome({"Version": "2012-10-17", "Statement": [statement]}) == "allowed"
