"""Whom statements name, as the checker of certificates finds it and as evaluation does."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from tests.iam.certificate.accounts import ACCOUNT, CALLERS, OTHER, PRINCIPALS

from revet.iam.certificate import check_certificate
from revet.iam.claim_callers import Naming, everybody, naming, unnamed
from revet.iam.compiled.policy import CompiledStatement, PolicyKind, compile_policy
from revet.iam.document import parse_policy
from revet.iam.evaluate.callers import CallerIndex
from revet.iam.evaluate.request import CallerKind, read_caller
from revet.iam.prove.checks import CheckResult, check_no_public_access

ODD = ({"AWS": "arn:aws:iam::*:root"}, {"AWS": "${aws_iam_role.x.arn}"}, {"AWS": "nobody*"})


def statement(principal: Any, effect: str, word: str) -> CompiledStatement:  # noqa: ANN401 - JSON
    content = {"Effect": effect, "Action": "*", "Resource": "*", word: principal}
    document = parse_policy({"Version": "2012-10-17", "Statement": [content]})
    return compile_policy(document, PolicyKind.RESOURCE).statements[0]


def several(draw: random.Random) -> dict[str, list[str]]:
    """Some principals at once."""
    found: dict[str, list[str]] = {}
    for one in draw.choices([one for one in (*PRINCIPALS, *ODD) if one != "*"], k=3):
        for kind, texts in one.items():
            found.setdefault(kind, []).extend([texts] if isinstance(texts, str) else texts)
    return found


@pytest.mark.parametrize("bounded", [False, True])
@pytest.mark.parametrize("word", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_as_evaluation_does(effect: str, word: str, bounded: bool) -> None:  # noqa: FBT001 - cases
    draw = random.Random(0)  # noqa: S311 - a seed
    for principal in (*PRINCIPALS, *ODD, *(several(draw) for _ in range(200))):
        one = statement(principal, effect, word)
        index = CallerIndex([one.principals], int(one.deny))
        for text in CALLERS:
            caller = read_caller(text)
            named = index.find(caller, bounded=bounded)
            expected = Naming(*map(bool, (named.direct, named.limited, named.account, named.maybe)))
            assert naming(caller, one, bounded=bounded) == expected, (principal, text)


def test_nobody_is_unnamed_who_has_a_name() -> None:
    for kind in ("role", "user", "federated-user"):
        caller = unnamed(kind, "aws", ACCOUNT).caller
        for name in ("unnamed", "x", "0"):
            head = "sts" if kind == "federated-user" else "iam"
            principal = {"AWS": f"arn:aws:{head}::{ACCOUNT}:{kind}/{name}"}
            assert not any(naming(caller, statement(principal, "Allow", "Principal"))), name
        assert naming(caller, statement({"AWS": ACCOUNT}, "Allow", "Principal")).account
        assert not any(naming(caller, statement({"AWS": OTHER}, "Allow", "Principal")))


def test_everybody_is_there() -> None:
    named = statement({"AWS": [OTHER, f"arn:aws:iam::{ACCOUNT}:user/a"]}, "Allow", "Principal")
    found = everybody([named], "aws", [])
    outside = [one.caller.kind for one in found if one.outside]
    assert outside == [
        CallerKind.ROOT, CallerKind.SESSION, CallerKind.USER, CallerKind.FEDERATED_USER,
        CallerKind.ANONYMOUS,
    ]  # fmt: skip
    of = [one.caller.account for one in found if one.caller.kind is CallerKind.FEDERATED_USER]
    assert of == [ACCOUNT, OTHER, ""]
    assert {one.caller.kind for one in found} == set(CallerKind) - {CallerKind.UNREADABLE}


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::7*:root"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::*:federated-user/*"}},
        {"StringEquals": {"aws:PrincipalType": "FederatedUser"}},
        {"StringLike": {"aws:PrincipalAccount": "7*"}},
    ],
    ids=str,
)
def test_whom_a_condition_picks_out_is_an_outsider(condition: dict[str, Any]) -> None:
    content = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [{**content, "Condition": condition}]}
    found = check_no_public_access(parse_policy(policy))
    assert found.result is not CheckResult.PASS
    none = check_no_public_access(None).certificate
    assert none is not None
    claim = json.loads(none.text)
    assert check_certificate(claim) == []
    claim["question"]["policy"] = json.dumps(policy)
    assert check_certificate(claim)


def test_a_denial_of_somebody_is_not_one_of_those_without_a_name() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    names = [f"arn:aws:iam::999999999999:{kind}/unnamed" for kind in ("role", "user")]
    deny = {**allow, "Effect": "Deny", "Principal": {"AWS": names}}
    only = {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, **only}, deny]}
    assert check_no_public_access(parse_policy(policy)).result is CheckResult.FAIL
