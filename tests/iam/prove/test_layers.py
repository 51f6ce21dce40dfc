"""What is said of layers, against requests that are decided one by one."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from revet.iam.account import (
    AccountPicture,
    NamedPolicy,
    Organization,
    OrganizationNode,
    PrincipalKind,
    PrincipalPicture,
    ResourcePicture,
)
from revet.iam.certificate import check_certificate
from revet.iam.document import parse_policy
from revet.iam.evaluate import Outcome, Request, decide
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import read_caller
from revet.iam.prove.asked import Asked
from revet.iam.prove.bearing import View, bearing
from revet.iam.prove.properties import Account, Holds, Proved

HERE = "111122223333"
ROLE = f"arn:aws:iam::{HERE}:role/r"
OBJECT = "arn:aws:s3:::b/x"
LAYERS = (Layer.IDENTITY, Layer.BOUNDARY, Layer.RESOURCE, Layer.SCP)
REGIONS = (None, "eu-west-1", "us-east-1")
CONDITIONS: tuple[dict[str, Any], ...] = (
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"Null": {"aws:RequestedRegion": "true"}},
)


def policy(dice: random.Random, statements: int, *, whom: bool = False) -> NamedPolicy:
    made = []
    for _ in range(statements):
        one: dict[str, Any] = {
            "Effect": dice.choice(("Allow", "Allow", "Deny")),
            "Action": dice.choice(("s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "*")),
            "Resource": dice.choice(("arn:aws:s3:::b/*", OBJECT, "*", "arn:aws:s3:::c/*")),
        }
        if whom:
            whole = {"AWS": f"arn:aws:iam::{HERE}:root"}
            one["Principal"] = dice.choice(("*", {"AWS": ROLE}, whole))
        if dice.random() < 0.4:
            one["Condition"] = dice.choice(CONDITIONS)
        made.append(one)
    return NamedPolicy("a", parse_policy({"Version": "2012-10-17", "Statement": made}))


def picture(dice: random.Random) -> AccountPicture:
    boundary = policy(dice, 1) if dice.random() < 0.6 else None
    bucket = policy(dice, 1, whom=True) if dice.random() < 0.6 else None
    nodes = {
        "root": OrganizationNode("root", service_control_policies=(policy(dice, 1),)),
        "here": OrganizationNode("here", "root", HERE),
    }
    return AccountPicture(
        HERE,
        {"r": PrincipalPicture("r", ROLE, PrincipalKind.ROLE, (policy(dice, 2),), boundary)},
        {"b": ResourcePicture("b", "arn:aws:s3:::b", "AWS::S3::Bucket", bucket)},
        Organization(nodes) if dice.random() < 0.5 else None,
    )


def outcomes(account: AccountPicture, action: str, view: View) -> set[Outcome]:
    """Of the requests that the conditions above tell apart."""
    policies = bearing(account, ROLE, account.principals["r"], account.resources["b"], view)
    keys = [
        {"aws:RequestedRegion": region, "aws:SecureTransport": tls}
        for region in REGIONS
        for tls in (None, "true", "false")
    ]
    made = (Request(ROLE, action, OBJECT, one, resource_account=HERE) for one in keys)
    return {decide(one, policies).outcome for one in made}


def require_certificate(proved: Proved, view: View) -> None:
    """Require that an answer has a certificate that checks, or says why it has none."""
    answers = [proved.certificate is not None, bool(proved.uncertified)]
    assert sum(answers) == (proved.holds is not Holds.UNKNOWN), (proved, view)
    if proved.certificate is not None:
        assert check_certificate(json.loads(proved.certificate.text)) == [], view


@pytest.mark.parametrize("seed", range(4))
def test_answers_agree_with_evaluation(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - cases, no secrets
    seen = set()
    for _ in range(40):
        account = picture(dice)
        action = dice.choice(("s3:GetObject", "s3:PutObject"))
        layer = dice.choice(LAYERS)
        view = View(frozenset(dice.sample(LAYERS, dice.randint(0, 2))) - {layer})
        asked, proofs = Asked((action,), (), (OBJECT,)), Account(account)
        allowed = {Outcome.ALLOWED}
        found = outcomes(account, action, view)
        alone = outcomes(account, action, view.alone(layer))
        without = outcomes(account, action, view.without(layer))
        truth = {
            "never": not found & allowed,
            "always": found == allowed,
            "by": not (found | alone) & allowed and bool(without & allowed),
        }
        said = {
            "never": proofs.never("r", asked, view),
            "always": proofs.always("r", asked, view),
            "by": proofs.denied_by(layer, "r", asked, view),
        }
        for proved in (*said.values(), proofs.never("b", asked, view)):
            require_certificate(proved, view)
        for question, proved in said.items():
            if proved.holds is not Holds.UNKNOWN:
                assert (proved.holds is Holds.HOLDS) is truth[question], (question, layer, view)
            seen.add((question, proved.holds))
    assert {holds for _, holds in seen} >= {Holds.HOLDS, Holds.FAILS}


FAR = "444455556666"


@pytest.mark.parametrize("whom", [f"arn:aws:iam::{FAR}:role/far", f"arn:aws:iam::{FAR}:root"])
def test_whom_only_the_policy_of_an_endpoint_names_is_asked_for(whom: str) -> None:
    get = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    anybody = parse_policy({"Version": "2012-10-17", "Statement": {**get, "Principal": "*"}})
    through = {**get, "Principal": {"AWS": whom}}
    endpoint = parse_policy({"Version": "2012-10-17", "Statement": through})
    bucket = ResourcePicture("b", "arn:aws:s3:::b", "AWS::S3::Bucket", NamedPolicy("a", anybody))
    doors = {"door": NamedPolicy("door", endpoint)}
    account = AccountPicture(HERE, resources={"b": bucket}, endpoint_policies=doors)
    asked = Asked(("s3:GetObject",), (), (OBJECT,))
    found = Account(account).never("b", asked, View(endpoint="door"))
    assert found.holds is Holds.FAILS
    assert found.witness is not None
    assert read_caller(found.witness.principal).account == FAR
