"""Broken policies and contexts give a decision or a clear error, quickly, and never a crash."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from revet.iam.evaluate import run_cases
from revet.model.errors import InputError

TRIES = 1_500
SECONDS = 1.0
ODD: tuple[Any, ...] = (
    "", "*", "?", "${", "${}", "${*}", "${aws:username", "${a.b.c}", "arn:", "::::::", None, 7,
    -1.5, True, [], {}, "a" * 3000, "\U0010fff0", "\ud800", "İ", "0/0", "1e999999999", "9" * 50,
    "2020-02-30", "::/0", "${aws:x, 'd'}", "*?" * 60 + "a", "ForAnyValue:", "Null", "\x00", "${$}",
    ["a", ["b"]], "arn:aws:" + "*s" * 60 + ":x:y:z",
)  # fmt: skip
STATEMENTS: list[dict[str, Any]] = [
    {
        "Sid": "One",
        "Effect": "Allow",
        "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:user/ana"]},
        "Action": ["s3:Get*", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::bucket/${aws:username}/*", "arn:aws:s3:::bucket/*"],
        "Condition": {
            "StringLike": {"s3:prefix": ["home/*", "${aws:username}"]},
            "NumericLessThan": {"s3:max-keys": "10"},
        },
    },
    {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/app", "Service": "a.amazonaws.com"},
        "NotAction": "sqs:*",
        "NotResource": "arn:aws:s3:::other",
        "Condition": {
            "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
            "ForAllValues:ArnLikeIfExists": {"a:arns": "arn:aws:s3:::*"},
            "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
            "BinaryEquals": {"a:bytes": "QUI="},
            "Null": {"a:x": "true"},
        },
    },
]
CONTEXT: dict[str, Any] = {
    "s3:prefix": "home/a",
    "s3:max-keys": 5,
    "aws:SourceIp": "203.0.113.7",
    "a:arns": ["arn:aws:s3:::a", "arn:aws:s3:::b"],
    "aws:CurrentTime": "2024-01-01T00:00:00Z",
    "a:bytes": "QUI=",
}


def broken(value: Any, rng: random.Random) -> Any:  # noqa: ANN401 - any JSON value
    """The value with a few odd things in place of its parts."""
    if isinstance(value, dict):
        changed = {key: broken(item, rng) for key, item in value.items()}
        if changed and rng.random() < 0.15:
            moved = changed.pop(rng.choice(list(changed)))
            changed[str(rng.choice(ODD))] = moved
        return changed
    if isinstance(value, list):
        return [broken(item, rng) for item in value]
    return rng.choice(ODD) if rng.random() < 0.15 else value


def case(rng: random.Random) -> dict[str, Any]:
    named = {"Version": "2012-10-17", "Statement": broken(STATEMENTS, rng)}
    unnamed = [
        {key: value for key, value in item.items() if "Principal" not in key} for item in STATEMENTS
    ]
    identity = {"Version": "2012-10-17", "Statement": broken(unnamed, rng)}
    return {
        "name": "",
        "request": {
            "principal": rng.choice(("arn:aws:iam::111122223333:user/ana", "a.amazonaws.com", "x")),
            "action": "s3:GetObject",
            "resource": rng.choice(("arn:aws:s3:::bucket/home/a", "*", "arn:aws:s3", "${a.b.arn}")),
            "context": broken(CONTEXT, rng),
        },
        "resource_account": "111122223333",
        "identity_policies": [identity],
        "resource_policy": named,
    }


def test_nothing_crashes_and_nothing_takes_long() -> None:
    rng = random.Random(5)  # noqa: S311 - no secret
    outcomes: dict[str, int] = {}
    slowest = 0.0
    for _ in range(TRIES):
        line = json.dumps(case(rng))
        begin = time.process_time()
        try:
            (answer,) = run_cases([line])
        except InputError:
            answer = {"decision": "error"}
        slowest = max(slowest, time.process_time() - begin)
        outcomes[answer["decision"]] = outcomes.get(answer["decision"], 0) + 1
        assert (answer["decision"] == "unknown") is bool(answer.get("reasons"))
    assert slowest < SECONDS
    assert outcomes["unknown"] > TRIES / 10
    assert outcomes["implicitly_denied"] > TRIES / 20
