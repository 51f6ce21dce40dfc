"""Laws that hold for every decision, tried on random policies and requests."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from revet.iam.evaluate import run_cases

Table = dict[str, Any]
TRIES = 200
RANK = {"allowed": 2, "unknown": 1, "implicitly_denied": 0, "explicitly_denied": 0}
PRINCIPALS = (
    "arn:aws:iam::111122223333:user/ana",
    "arn:aws:sts::111122223333:assumed-role/app/run",
    "arn:aws:iam::444455556666:user/bob",
    "logs.amazonaws.com",
    "anonymous",
)
NAMED = (
    "*",
    {"AWS": "111122223333"},
    {"AWS": ["arn:aws:iam::111122223333:user/ana", "arn:aws:iam::444455556666:root"]},
    {"AWS": "arn:aws:iam::111122223333:role/app"},
    {"Service": "logs.amazonaws.com"},
)
CONDITIONS: tuple[Table, ...] = (
    {"StringEquals": {"a:x": ["1", "2"]}},
    {"StringNotLike": {"a:x": "1*"}},
    {"NumericLessThan": {"a:n": "5"}},
    {"ForAllValues:StringLike": {"a:many": ["x*", "y"]}},
    {"Nonsense": {"a:x": "1"}},
    {"Nonsense": {"a:n": "1"}},
)
VALUES: dict[str, tuple[Any, ...]] = {
    "a:x": ("1", "2", "13", "z"),
    "a:n": ("3", "7", "many"),
    "a:many": (["x1", "y"], ["z"], []),
}


def statement(rng: random.Random, *, named: bool = False) -> Table:
    found: Table = {
        "Effect": rng.choice(("Allow",) * 4 + ("Deny",)),
        rng.choice(("Action",) * 3 + ("NotAction",)): rng.choice(
            ("*", "s3:*", "s3:Get*", ["s3:PutObject", "sqs:*"])
        ),
        rng.choice(("Resource",) * 3 + ("NotResource",)): rng.choice(
            ("*", "arn:aws:s3:::b/*", ["arn:aws:s3:::b/k", "arn:aws:sqs:*:*:*"])
        ),
    }
    if rng.randrange(2):
        found["Condition"] = rng.choice(CONDITIONS)
    if named:
        found["Principal"] = rng.choice(NAMED)
    return found


def policy(rng: random.Random, *, named: bool = False) -> Table:
    found = [statement(rng, named=named) for _ in range(rng.randint(1, 3))]
    return {"Version": "2012-10-17", "Statement": found}


def policies(rng: random.Random, most: int, *, named: bool = False) -> list[Table]:
    return [policy(rng, named=named) for _ in range(rng.randint(0, most))]


def a_case(rng: random.Random) -> Table:
    return {
        "name": "",
        "request": {
            "principal": rng.choice(PRINCIPALS),
            "action": rng.choice(("s3:GetObject", "s3:PutObject")),
            "resource": "arn:aws:s3:::b/k",
            "context": {key: rng.choice(VALUES[key]) for key in VALUES if rng.randrange(4)},
        },
        "resource_account": "111122223333",
        "identity_policies": policies(rng, 3),
        "session_policies": policies(rng, 1),
        "resource_policy": rng.choice((None, policy(rng, named=True))),
        "permissions_boundary": rng.choice((None, None, policy(rng))),
        "service_control_policies": [policies(rng, 3) for _ in range(rng.randint(0, 1))],
        "resource_control_policies": [
            policies(rng, 1, named=True) for _ in range(rng.randint(0, 1))
        ],
        "vpc_endpoint_policy": rng.choice((None, None, policy(rng, named=True))),
    }


def tries() -> Iterator[tuple[Table, random.Random]]:
    """Random cases, the same in each run."""
    rng = random.Random(11)  # noqa: S311 - no secret
    for _ in range(TRIES):
        yield a_case(rng), rng


def decided(case: Table) -> str:
    (answer,) = run_cases([json.dumps(case)])
    return str(answer["decision"])


def changed(case: Table, change: Callable[[Table], Table]) -> Table:
    """The case with each policy replaced by what `change` makes of it."""
    copy: Table = json.loads(json.dumps(case))
    for key in ("identity_policies", "session_policies"):
        copy[key] = list(map(change, copy[key]))
    for key in ("service_control_policies", "resource_control_policies"):
        copy[key] = [list(map(change, level)) for level in copy[key]]
    for key in ("resource_policy", "permissions_boundary", "vpc_endpoint_policy"):
        copy[key] = copy[key] and change(copy[key])
    return copy


def test_the_cases_are_mixed() -> None:
    counted = dict.fromkeys(RANK, 0)
    for case, _ in tries():
        counted[decided(case)] += 1
    assert min(counted.values()) >= TRIES / 30, counted


def test_the_order_of_statements_and_policies_does_not_matter() -> None:
    for case, rng in tries():
        shuffled = changed(
            case,
            lambda found: {
                **found,
                "Statement": rng.sample(found["Statement"], len(found["Statement"])),  # noqa: B023 - called at once
            },
        )
        shuffled["identity_policies"].reverse()
        assert decided(shuffled) == decided(case), case


def test_saying_it_twice_does_not_matter() -> None:
    for case, _ in tries():
        twice = changed(case, lambda found: {**found, "Statement": found["Statement"] * 2})
        assert decided(twice) == decided(case), case


def test_the_case_of_keys_and_actions_does_not_matter() -> None:
    for case, _ in tries():
        other: Table = json.loads(json.dumps(case))
        asked = other["request"]
        asked["context"] = {key.upper(): value for key, value in asked["context"].items()}
        asked["action"] = asked["action"].upper()
        assert decided(other) == decided(case), case


@pytest.mark.parametrize("layer", ["identity_policies", "session_policies"])
def test_a_denial_of_everything_decides_where_it_applies(layer: str) -> None:
    denial = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    for case, _ in tries():
        denied = {"Version": "2012-10-17", "Statement": [denial]}
        other = {**case, layer: [*case[layer], denied]}
        principal = case["request"]["principal"]
        applies = "assumed-role" in principal or ":user/" in principal
        assert decided(other) == ("explicitly_denied" if applies else decided(case)), case


def test_an_allowance_more_never_takes_away() -> None:
    for case, rng in tries():
        more = {"Version": "2012-10-17", "Statement": [{**statement(rng), "Effect": "Allow"}]}
        other = {**case, "identity_policies": [*case["identity_policies"], more]}
        assert RANK[decided(other)] >= RANK[decided(case)], case


@pytest.mark.parametrize(
    "layer",
    [
        "permissions_boundary",
        "vpc_endpoint_policy",
        "session_policies",
        "service_control_policies",
        "resource_control_policies",
    ],
)
def test_a_layer_that_limits_never_gives(layer: str) -> None:
    for case, _ in tries():
        if decided(case) == "allowed":
            assert decided({**case, layer: None}) == "allowed", case


@pytest.mark.parametrize("key", sorted(VALUES))
def test_an_unknown_value_leaves_only_what_every_value_would_decide(key: str) -> None:
    for case, _ in tries():
        unknown: Table = json.loads(json.dumps(case))
        unknown["request"]["context"][key] = "${aws_x.y.z}"
        answer = decided(unknown)
        if answer == "unknown":
            continue
        for value in VALUES[key]:
            if value != []:
                unknown["request"]["context"][key] = value
                assert decided(unknown) in (answer, "unknown"), case
