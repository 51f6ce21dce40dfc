"""What operations need: as the cases say, as AWS's reference knows it, and as policies decide."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.iam.operations import ROWS, KeyUse, Need, Needs, Place, needs_of
from revet.iam.operations.kms import encryption_keys
from revet.iam.reference.actions import match_actions
from revet.iam.reference.resources import match_resource_types
from revet.iam.reference.services import service
from revet.iam.reference.support import supports_key

ACCOUNT, REGION = "111122223333", "eu-central-1"
PLACE = Place(ACCOUNT, REGION)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/x"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
BY_ALIAS = ("alias/",)
FREE = ("sts:GetCallerIdentity",)
"""What every caller may do, whatever policies say."""
ROOTED = ("kms:", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
"""What the policy of the resource itself must allow."""


def named(case: dict[str, Any]) -> str:
    return f"{case['service']}:{case['operation']}"


known = pytest.mark.parametrize("case", CASES["known"], ids=named)


def found(case: dict[str, Any]) -> Needs:
    needs = needs_of(case["service"], case["operation"], case["parameters"], PLACE)
    assert needs is not None
    return needs


def plain(value: Any) -> Any:  # noqa: ANN401 - what TOML holds
    return list(value) if isinstance(value, tuple) else value


def written(need: Need) -> dict[str, Any]:
    keys = {key: plain(value) for key, value in need.keys.items()}
    return {"action": need.action, "resource": need.resource, **({"keys": keys} if keys else {})}


def written_use(use: KeyUse) -> dict[str, Any]:
    optional = {"key": use.key, "version": use.version, "upload": use.upload}
    return {
        "action": use.action,
        "holder": use.holder,
        "service": use.service,
        **{name: value for name, value in optional.items() if value},
        "encryption_context": dict(use.encryption_context),
    }


@known
def test_an_operation_needs_what_its_case_says(case: dict[str, Any]) -> None:
    needs = found(case)
    assert [written(need) for need in needs.needs] == case["needs"]
    assert [written_use(use) for use in needs.key_uses] == case.get("key_uses", [])


@pytest.mark.parametrize("case", CASES["unknown"], ids=named)
def test_what_is_not_known_is_not_taken_for_needing_nothing(case: dict[str, Any]) -> None:
    assert needs_of(case["service"], case["operation"], case["parameters"], PLACE) is None


def test_each_operation_has_a_case_and_exists() -> None:
    cases = {(case["service"], case["operation"]) for case in CASES["known"]}
    rows = {(name, operation) for name, table in ROWS.items() for operation in table}
    assert rows == cases
    session = botocore.session.Session()
    for name, table in ROWS.items():
        assert set(table) <= set(session.get_service_model(name).operation_names)


@known
def test_actions_resources_and_keys_are_the_reference_s(case: dict[str, Any]) -> None:
    for need in decided(case):
        (action,) = match_actions(need.action)
        assert str(action) == need.action
        owner = service(action.service)
        assert owner is not None
        if need.resource == "*":
            assert not action.resources
        else:
            types = {kind.name for kind in match_resource_types(need.resource, owner)}
            by_alias = action.service == "kms" and ":alias/" in need.resource
            assert by_alias or types & {one.name for one in action.resources}
        for key in need.keys:
            if action.service != "sts":  # its keys hold for whatever accompanies AssumeRole
                assert supports_key(action, key), (need.action, key)


def decided(case: dict[str, Any]) -> list[Need]:
    """All decisions: of the service, and of KMS for a customer's key."""
    needs = found(case)
    of_keys = [
        Need(
            use.action,
            KEY,
            {
                **encryption_keys(use.encryption_context),
                "kms:ViaService": f"{use.service}.{REGION}.amazonaws.com",
            },
        )
        for use in needs.key_uses
    ]
    return [*needs.needs, *of_keys]


def document(*statements: dict[str, Any]) -> PolicyDocument:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def outcome(need: Need, *allowed: Need, **layers: Any) -> Outcome:  # noqa: ANN401 - policies
    """The decision on one need, of a role whose policies allow others."""
    account = need.resource.split(":")[4] if need.resource.count(":") >= 5 else ""
    owner = account or ACCOUNT
    request = Request(
        SESSION,
        need.action,
        need.resource,
        {
            "aws:PrincipalArn": ROLE,
            **{key: plain(value) for key, value in need.keys.items()},
        },
        resource_account=owner,
    )
    statements = [
        {"Effect": "Allow", "Action": one.action, "Resource": one.resource} for one in allowed
    ]
    if need.action.startswith(ROOTED) or owner != ACCOUNT:
        own = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": need.action}
        layers.setdefault("resource", document({**own, "Resource": "*"}))
        if not allowed:
            del layers["resource"]
    identity = (document(*statements),) if statements else ()
    return decide(request, Policies(identity=identity, **layers)).outcome


@known
def test_policies_decide_each_need(case: dict[str, Any]) -> None:
    needs = [need for need in decided(case) if need.action not in FREE]
    needs = [need for need in needs if ":alias/" not in need.resource]
    for need in needs:
        others = [one for one in needs if one != need]
        same = [one for one in others if (one.action, one.resource) == (need.action, need.resource)]
        assert outcome(need, *needs) is Outcome.ALLOWED
        if not same and not need.action.startswith(ROOTED):
            assert outcome(need, *others) is Outcome.IMPLICITLY_DENIED, "action missing"
        if need.resource != "*" and not need.action.startswith(ROOTED):
            elsewhere = Need(need.action, f"{need.resource}-other")
            assert outcome(need, elsewhere) is Outcome.IMPLICITLY_DENIED, "wrong resource"
        bounded = document({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
        if not need.action.startswith(ROOTED) and need.resource.split(":")[4:5] != ["444455556666"]:
            assert outcome(need, *needs, boundary=bounded) is Outcome.IMPLICITLY_DENIED
        if need.resource != "*":
            refusing = document(
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": need.action,
                    "Resource": need.resource,
                }
            )
            assert outcome(need, *needs, resource=refusing) is Outcome.EXPLICITLY_DENIED


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"]}}, Outcome.ALLOWED),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["bob"]}}, "denied"),
        ({"ForAllValues:StringEquals": {"dynamodb:Attributes": ["client_id"]}}, "denied"),
        (
            {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["client_id", "seen", "old"]}},
            Outcome.ALLOWED,
        ),
        ({"StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE"]}}, Outcome.ALLOWED),
        ({"StringEqualsIfExists": {"dynamodb:ReturnValues": ["ALL_OLD"]}}, "denied"),
    ],
)
def test_conditions_on_items_hold_as_their_guide_says(
    condition: dict[str, Any], expected: object
) -> None:
    parameters = {
        "TableName": "sessions",
        "Key": {"client_id": {"S": "ann"}},
        "UpdateExpression": "SET seen = if_not_exists(seen, :z) + :o REMOVE old[0]",
    }
    needs = needs_of("dynamodb", "UpdateItem", parameters, PLACE)
    assert needs is not None
    (need,) = needs.needs
    statement = {"Effect": "Allow", "Action": need.action, "Resource": need.resource}
    identity = (document({**statement, "Condition": condition}),)
    keys = {key: plain(value) for key, value in need.keys.items()}
    request = Request(SESSION, need.action, need.resource, {"aws:PrincipalArn": ROLE, **keys})
    got = decide(request, Policies(identity=identity)).outcome
    assert got is (Outcome.IMPLICITLY_DENIED if expected == "denied" else expected)


def test_a_condition_on_what_is_not_known_is_not_decided() -> None:
    text = {"Statement": 'SELECT * FROM "sessions" WHERE client_id = ?'}
    needs = needs_of("dynamodb", "ExecuteStatement", text, PLACE)
    assert needs is not None
    (need,) = needs.needs
    leading = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ann"]}}
    statement = {"Effect": "Allow", "Action": need.action, "Resource": need.resource}
    identity = (document({**statement, "Condition": leading}),)
    keys = {key: plain(value) for key, value in need.keys.items()}
    request = Request(SESSION, need.action, need.resource, {"aws:PrincipalArn": ROLE, **keys})
    assert decide(request, Policies(identity=identity)).outcome is Outcome.UNKNOWN


def test_no_form_of_parameters_is_a_crash() -> None:
    for name, table in ROWS.items():
        for operation in table:
            for odd in ({}, {"Bucket": 1, "Key": None}, {"TransactItems": 3}, {"Delete": "x"}):
                needs = needs_of(name, operation, odd, PLACE)
                assert needs is None or json.dumps([need.action for need in needs.needs])
