"""What a principal can do with all layers: no request is allowed that is said to be none."""

from __future__ import annotations

import random
from typing import Any

import pytest

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.iam.prove.ask import Result
from revet.iam.prove.callers import Asker, demands_of
from revet.iam.prove.effective import Target, can, scopes
from revet.iam.prove.requests import about

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
BUCKET = "arn:aws:s3:::data"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
ASKER = Asker(ROLE, demands_of(ROLE))
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:Encrypt")
WORDS = ("s3:*", "s3:Get*", "s3:*Object", "kms:*", "kms:Decrypt", "*", "s3:PutObject")
RESOURCES = ("*", f"{BUCKET}/*", f"{BUCKET}/in/*", KEY, "arn:aws:s3:::other/*")
REQUESTED = (f"{BUCKET}/in/a", f"{BUCKET}/out/a", BUCKET, KEY, "arn:aws:s3:::other/a")
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
)
CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"aws:RequestedRegion": "eu-west-1"},
    {"aws:RequestedRegion": "us-west-2", "aws:SecureTransport": "false"},
    {"aws:RequestedRegion": "us-east-1", "aws:SourceIp": "10.1.2.3"},
    {"aws:MultiFactorAuthPresent": "true", "aws:RequestedRegion": "eu-west-1"},
    {"aws:MultiFactorAuthPresent": "false"},
)
PRINCIPALS = ("*", {"AWS": ROLE}, {"AWS": ACCOUNT}, {"AWS": "444455556666"})


def policy(draw: random.Random, *, named: bool = False, allows: bool = True) -> PolicyDocument:
    statements = []
    for _ in range(draw.randrange(1, 3)):
        one: dict[str, Any] = {
            "Effect": "Allow" if draw.random() < 0.7 else "Deny",
            "Action": draw.choice(WORDS),
            "Resource": draw.choice(RESOURCES),
        }
        if draw.random() < 0.15:
            one["NotAction"] = one.pop("Action")
        condition = draw.choice(CONDITIONS)
        if condition:
            one["Condition"] = condition
        statements.append(one)
    if allows:
        statements.append({"Effect": "Allow", "Action": draw.choice(WORDS), "Resource": "*"})
    if named:
        statements = [{**one, "Principal": draw.choice(PRINCIPALS)} for one in statements]
    return parse_policy({"Version": "2012-10-17", "Statement": statements})


def some_policies(draw: random.Random) -> tuple[Policies, list[Target]]:
    identity = tuple(policy(draw) for _ in range(draw.randrange(1, 3)))
    boundary = policy(draw) if draw.random() < 0.4 else None
    scps = ((policy(draw),), (policy(draw),)) if draw.random() < 0.4 else ()
    rcps = ((policy(draw, named=True),),) if draw.random() < 0.3 else ()

    def of(resource: PolicyDocument | None) -> Policies:
        return Policies(identity, resource, boundary, scps=scps, rcps=rcps)

    targets = [
        Target(arn, service, of(policy(draw, named=True, allows=False)))
        for arn, service in ((BUCKET, "s3"), (KEY, "kms"))
    ]
    return of(None), targets


def governing(resource: str, service: str, base: Policies, targets: list[Target]) -> Policies:
    for target in targets:
        if target.service == service and (
            resource == target.arn or resource.startswith(f"{target.arn}/")
        ):
            return target.policies
    return base


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_to_be_impossible_is_never_allowed(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - cases, not secrets
    base, targets = some_policies(draw)
    allowed = set()
    for action in ACTIONS:
        for resource in REQUESTED:
            for context in CONTEXTS:
                bearing = governing(resource, action.partition(":")[0], base, targets)
                request = Request(ROLE, action, resource, context, resource_account=ACCOUNT)
                if decide(request, bearing).outcome is Outcome.ALLOWED:
                    allowed.add(action)
    for action in ACTIONS:
        answers = [can(ASKER, scope, [about([action])]) for scope in scopes(base, targets)]
        found = {answer.result for answer in answers}
        if action in allowed:
            assert found != {Result.NONE}, action


def test_both_answers_are_given_and_few_are_unknown() -> None:
    counts = dict.fromkeys(Result, 0)
    for seed in range(25):
        draw = random.Random(f"counts {seed}")  # noqa: S311 - cases, not secrets
        base, targets = some_policies(draw)
        for scope in scopes(base, targets):
            for action in ACTIONS[:3]:
                counts[can(ASKER, scope, [about([action])]).result] += 1
    total = sum(counts.values())
    assert min(counts[Result.NONE], counts[Result.SOME]) > total * 0.2
    assert counts[Result.UNKNOWN] <= total * 0.01
