"""The ways in which a request is allowed are what the decision on it rests on."""

from __future__ import annotations

import random
from itertools import product

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.callers import Named
from revet.iam.evaluate.layers import Situation, blocked, ways
from revet.iam.evaluate.policies import Policies
from revet.iam.evaluate.request import read_caller

ACCOUNT = "111122223333"
CALLERS = [
    f"arn:aws:iam::{ACCOUNT}:root",
    f"arn:aws:iam::{ACCOUNT}:user/ann",
    f"arn:aws:iam::{ACCOUNT}:role/reports",
    f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
    "logs.amazonaws.com",
    "anonymous",
]
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ALSO = {**ALLOW, "Principal": "*"}
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}


def policy(*statements: dict[str, str]) -> PolicyDocument:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_request_is_allowed_where_one_way_is_met() -> None:
    rng = random.Random(7)  # noqa: S311 - no secret
    tried = allowed = 0
    for boundary, session, scp, rcp, endpoint in product((False, True), repeat=5):
        rules = Policies(
            identity=(policy(ALLOW, DENY),),
            resource=policy(ALSO, ALSO, ALSO),
            boundary=policy(ALLOW) if boundary else None,
            session=(policy(ALLOW),) if session else (),
            scps=((policy(ALLOW),), (policy(ALLOW, DENY),)) if scp else (),
            rcps=((policy(ALSO), policy({**DENY, "Principal": "*"})),) if rcp else (),
            endpoint=policy(ALSO) if endpoint else None,
        ).rules
        count = len(rules.entries)
        for text, flags in product(CALLERS, product((False, True), repeat=5)):
            same, rooted, granted, controlled, restricted = flags
            caller = read_caller(text)
            for _ in range(3):
                named = Named(*(rng.getrandbits(count) for _ in range(4)))
                at = Situation(
                    caller, named, same and caller.has_account, rooted, granted, controlled,
                    restricted,
                )  # fmt: skip
                allows = rng.getrandbits(count) & ~rules.deny
                allows &= ~rules.layers[Layer.RESOURCE] | named.all | named.maybe
                met = any(all(allows & mask for mask in way) for way in ways(rules, at))
                assert met is not bool(blocked(allows, rules, at)), (text, at, bin(allows))
                tried += 1
                allowed += met
    assert tried > 10_000
    assert tried * 0.05 < allowed < tried * 0.95
