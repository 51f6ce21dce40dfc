"""A policy that is asked about one request says what its index says."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from tests.iam.prove.near_requests import Near
from tests.iam.prove.pairs import pairs

from revet.iam.document import parse_policy
from revet.iam.evaluate import Policies, Request
from revet.iam.evaluate.alone import allows_alone

PAIRS, EACH = 150, 12
WHO = ("arn:aws:iam::111122223333:user/ana", "arn:aws:iam::111122223333:root", "anonymous")


def both(document: str, request: Request) -> list[bool | None]:
    """What it says by itself, and with the index."""
    asked = Policies(identity=(parse_policy(document),))
    indexed = Policies(identity=(parse_policy(document),))
    assert not asked.indexed
    assert indexed.rules.entries
    return [allows_alone(request, one) for one in (asked, indexed)]


def test_one_request_is_decided_as_with_an_index() -> None:
    draw = random.Random(11)  # noqa: S311 - cases, not secrets
    seen: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for pair in pairs(PAIRS, 23):
        document = json.dumps(pair.new)
        for request in Near([pair.new, pair.old], draw).requests(EACH):
            unsure = {
                key: "${aws_x.y}" if draw.random() < 0.1 else value
                for key, value in request.context.items()
            }
            for one in (request, replace(request, context=unsure)):
                found, expected = both(document, one)
                assert found is expected, (document, one)
                seen[found] += 1
    assert min(seen.values()) > 50


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::b", "arn:aws:s3:::${aws_s3.b}", "b"])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Effect": "allow"},
        {"Action": "${aws_x.y}"},
        {"Resource": "arn:aws:s3:*"},
        {"Resource": "arn:aws:s3:::${aws_s3.b}"},
        {"NotResource": "arn:aws:s3:::${aws:username}", "Resource": []},
        {"Condition": {"StringEquals": {"aws:username": "ana"}}},
        {"Condition": {"Odd": {"aws:username": "ana"}}},
        {"Effect": "Deny"},
    ],
)
def test_what_is_odd_is_decided_as_with_an_index(
    changed: dict[str, object], resource: str, who: str
) -> None:
    one = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [one, {**one, **changed}]})
    found, expected = both(document, Request(who, "s3:GetObject", resource))
    assert found is expected
