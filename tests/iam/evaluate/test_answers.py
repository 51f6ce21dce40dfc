"""What a decision says besides yes and no, and what bad input is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from revet.iam.document import parse_policy
from revet.iam.evaluate import (
    Layer,
    Outcome,
    Policies,
    Request,
    UndecidedError,
    authorize,
    decide,
    read_case,
    run_cases,
)
from revet.model.errors import InputError

USER = "arn:aws:iam::111122223333:user/ana"
OBJECT = "arn:aws:s3:::bucket/key"
TEXT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    {"Sid": "Mfa", "Effect": "Deny", "Action": "*", "Resource": "*",
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
  ]
}"""


def request(context: dict[str, Any] | None = None) -> Request:
    return Request(USER, "s3:GetObject", OBJECT, context or {}, resource_account="111122223333")


def case(**changes: object) -> dict[str, Any]:
    return {
        "name": "one",
        "request": {"principal": USER, "action": "s3:GetObject", "resource": OBJECT},
        "resource_account": "111122223333",
        **changes,
    }


def test_a_decision_names_its_statements_with_layer_and_place() -> None:
    policies = Policies(identity=(parse_policy(TEXT),))
    (by,) = authorize(request(), policies).by
    assert (by.layer, by.level, by.policy, by.index, by.sid) == (Layer.IDENTITY, 0, 0, 1, "Mfa")
    assert (by.span.start.line, by.span.start.column) == (5, 4)


def test_a_decision_names_the_keys_that_were_asked_for_and_missing() -> None:
    decision = decide(request(), Policies(identity=(parse_policy(TEXT),)))
    assert decision.outcome is Outcome.EXPLICITLY_DENIED
    assert decision.missing_keys == ("aws:multifactorauthpresent",)
    with_key = request({"aws:MultiFactorAuthPresent": "true"})
    assert decide(with_key, Policies(identity=(parse_policy(TEXT),))).missing_keys == ()


def test_levels_are_counted_from_the_root() -> None:
    allow = parse_policy(TEXT)
    other = parse_policy(TEXT.replace("s3:GetObject", "sqs:*"))
    policies = Policies(identity=(allow,), scps=((allow,), (allow,), (other,)))
    decision = authorize(request({"aws:MultiFactorAuthPresent": True}), policies)
    assert decision.outcome is Outcome.IMPLICITLY_DENIED
    assert [(item.layer, item.level) for item in decision.blocked] == [(Layer.SCP, 2)]


def test_what_cannot_be_told_is_an_error() -> None:
    text = TEXT.replace("BoolIfExists", "BoolWhenThere")
    policies = Policies(identity=(parse_policy(text),))
    with pytest.raises(UndecidedError) as caught:
        authorize(request(), policies)
    assert caught.value.exit_code == 2
    assert "`BoolWhenThere` is not a condition operator" in caught.value.got
    assert "identity policy 0, statement 1 (`Mfa`)" in caught.value.got
    assert USER in caught.value.where


@pytest.mark.parametrize(
    ("principal", "resource", "context", "said"),
    [
        ("ana", OBJECT, {}, "`ana` is not a principal"),
        (USER, "bucket", {}, "`bucket` is neither an ARN nor `*`"),
        (USER, OBJECT, {"x:age": "old"}, "it cannot be compared with the request's value 'old'"),
        (USER, OBJECT, {"x:age": ["1", "2"]}, "2 values, which needs a set operator"),
        (USER, OBJECT, {"x:age": "${aws_x.y.age}"}, "not known before the deployment"),
    ],
)
def test_the_reason_for_an_unknown(
    principal: str, resource: str, context: dict[str, Any], said: str
) -> None:
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "arn:aws:s3:::*",
        "Condition": {"NumericLessThan": {"x:age": "30"}},
    }
    if not context:
        del statement["Condition"]
    policy = parse_policy({"Version": "2012-10-17", "Statement": statement})
    asked = Request(principal, "s3:GetObject", resource, context, resource_account="111122223333")
    decision = decide(asked, Policies(identity=(policy,)))
    assert decision.outcome is Outcome.UNKNOWN
    assert any(said in reason for reason in decision.reasons), decision.reasons


def test_a_denial_that_cannot_be_read_denies_at_most() -> None:
    text = TEXT.replace("BoolIfExists", "BoolWhenThere").replace("s3:GetObject", "sqs:*")
    reasons = decide(request(), Policies(identity=(parse_policy(text),))).reasons
    assert reasons[0] == "it is denied in any case; whether explicitly is not known"


@pytest.mark.parametrize("action", ["s3", "s3:*", "s3:Get?bject"])
def test_what_is_not_one_action(action: str) -> None:
    decision = decide(Request(USER, action, OBJECT), Policies())
    assert decision.outcome is Outcome.UNKNOWN
    assert decision.reasons == (f"`{action}` is not one action, such as `s3:GetObject`",)


def test_an_account_that_is_not_known_is_named() -> None:
    asked = Request(USER, "s3:GetObject", OBJECT)
    policy = parse_policy(TEXT)
    context = {"aws:MultiFactorAuthPresent": "true"}
    decision = decide(
        Request(asked.principal, asked.action, asked.resource, context),
        Policies(identity=(policy,)),
    )
    [reason] = decision.reasons
    assert reason.startswith(f"the account that owns `{OBJECT}` is not known")
    assert "`--resource-account`" in reason


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"name": "x"}, "request"),
        (case(request="x"), "request"),
        (case(request={"principal": USER, "action": "s3:*", "resource": "*"}), "request.action"),
        (case(request={"principal": USER, "action": "s3:Get", "resource": ""}), "request.resource"),
        (case(request={"action": "s3:Get", "resource": "*"}), "request.principal"),
        (case(principal_account=111122223333), "principal_account"),
        (case(principal_account="444455556666"), "principal_account"),
        (case(resource_account="1111"), "resource_account"),
        (case(identity_policies={"Version": "2012-10-17"}), "identity_policies"),
        (case(identity_policies=[7]), "identity_policies[0]"),
        (case(service_control_policies=[{"Version": "x"}]), "service_control_policies[0]"),
        (case(resource_policy={"Id": "x", "Statement": []}, surprise=1), "the case"),
        (case(resource_policy={"x": "y"}), "resource_policy"),
        (case(permissions_boundary="{"), "permissions_boundary"),
        (case(kms_grants=[{"operations": ["Decrypt"]}]), "kms_grants[0].grantee_principal"),
        (
            case(block_public_access={"RestrictPublicBuckets": "yes"}),
            "block_public_access.RestrictPublicBuckets",
        ),
    ],
)
def test_a_malformed_case_is_told_the_place(given: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as caught:
        read_case(given)
    assert f"`{where}`" in caught.value.where


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("{", "line 2"),
        ("[]", "line 2"),
        ("[" * 100_000, "line 2"),
        (json.dumps(case(request=7)), "line 2, `request`"),
    ],
)
def test_a_malformed_line_is_told_its_number(line: str, where: str) -> None:
    answers = run_cases(["", line])
    with pytest.raises(InputError) as caught:
        next(answers)
    assert caught.value.where.startswith(where)


@pytest.mark.parametrize("context", [{"a:B": "1", "A:b": "2"}, {"a:b": {"c": 1}}, {"a:b": [["c"]]}])
def test_a_context_that_is_none(context: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        decide(request(context), Policies())


def test_a_policy_may_be_text() -> None:
    given = case(identity_policies=[TEXT])
    given["request"]["context"] = {"aws:MultiFactorAuthPresent": True}
    (answer,) = run_cases([json.dumps(given)])
    assert answer == {
        "name": "one",
        "decision": "allowed",
        "by": [
            {
                "layer": "identity policy",
                "level": 0,
                "policy": 0,
                "statement": 0,
                "sid": "Read",
                "line": 4,
            }
        ],
        "blocked_by": [],
        "missing_keys": [],
        "reasons": [],
    }
