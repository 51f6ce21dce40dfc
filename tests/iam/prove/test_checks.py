"""The custom policy checks: cases as data, and every request that is shown replays."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from revet.iam.certificate import check_certificate
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies
from revet.iam.evaluate.alone import allows_alone
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.checks import (
    Check,
    check_access_not_granted,
    check_no_new_access,
    check_no_public_access,
)
from revet.iam.prove.plainly import is_closed
from revet.model.errors import InputError
from revet.report.json import document

CASES = tomllib.loads(Path(__file__).with_name("checks.toml").read_text())
SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/policy-check.schema.json").read_text()
)
CERTIFICATE = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/certificate.schema.json").read_text()
)
NAMES = {
    "principal": "Principal", "not_principal": "NotPrincipal", "action": "Action",
    "not_action": "NotAction", "resource": "Resource", "not_resource": "NotResource",
    "condition": "Condition",
}  # fmt: skip


def policy(statements: list[dict[str, Any]]) -> PolicyDocument:
    written = []
    for statement in statements:
        found = {"Effect": statement.get("effect", "Allow")}
        found |= {NAMES[key]: value for key, value in statement.items() if key in NAMES}
        if "not_action" not in statement:
            found.setdefault("Action", "s3:GetObject")
        if "not_resource" not in statement:
            found.setdefault("Resource", "arn:aws:s3:::b/*")
        written.append(found)
    return parse_policy({"Version": "2012-10-17", "Statement": written})


def layer(statements: list[dict[str, Any]]) -> Layer:
    named = {"principal", "not_principal"}
    return Layer.RESOURCE if any(named & set(one) for one in statements) else Layer.IDENTITY


def at(policy: PolicyDocument, where: Layer) -> Policies:
    if where is Layer.RESOURCE:
        return Policies(resource=policy)
    return Policies(identity=(policy,))


def compare(found: Check, case: dict[str, Any]) -> None:
    assert found.result.value == case["result"], found
    jsonschema.validate(document("policy-check", found.as_json()), SCHEMA)
    assert (found.certificate is not None) is (case["result"] == "PASS")
    if found.certificate is not None:
        content = json.loads(found.certificate.text)
        jsonschema.validate(content, CERTIFICATE)
        assert check_certificate(content) == []
    witness = found.witness
    assert (witness is not None) is (case["result"] == "FAIL")
    if witness is not None:
        assert witness.action == case.get("action", witness.action)
        assert witness.resource == case.get("resource", witness.resource)
        assert witness.principal == case.get("principal", witness.principal)
        assert found.reasons[0].statement_index is not None


@pytest.mark.parametrize("case", CASES["new-access"], ids=lambda case: case["name"])
def test_new_access(case: dict[str, Any]) -> None:
    new, old = policy(case["new"]), policy(case["old"])
    where = layer(case["new"])
    found = check_no_new_access(new, old, where)
    compare(found, case)
    if found.witness is not None:
        assert allows_alone(found.witness, at(new, where)) is True
        assert allows_alone(found.witness, at(old, where)) is False


@pytest.mark.parametrize("case", CASES["not-granted"], ids=lambda case: case["name"])
def test_access_that_is_not_granted(case: dict[str, Any]) -> None:
    checked, where = policy(case["policy"]), layer(case["policy"])
    found = check_access_not_granted(
        checked, case.get("actions", ()), case.get("resources", ()), where
    )
    compare(found, case)
    if found.witness is not None:
        assert allows_alone(found.witness, at(checked, where)) is True


@pytest.mark.parametrize("case", CASES["not-public"], ids=lambda case: case["name"])
def test_public_access(case: dict[str, Any]) -> None:
    checked = policy(case["policy"])
    found = check_no_public_access(checked)
    compare(found, case)
    if found.witness is not None:
        assert allows_alone(found.witness, at(checked, Layer.RESOURCE)) is True


def test_a_value_of_a_variable_is_found_beside_many_that_are_denied() -> None:
    denied = {"effect": "Deny", "resource": [f"arn:aws:s3:::b/u{at}/*" for at in range(40)]}
    new = policy([{"resource": "arn:aws:s3:::b/${aws:username}/*"}, denied])
    compare(check_no_new_access(new, policy([{"action": "sqs:*"}])), {"result": "FAIL"})


PRINCIPALS: tuple[Any, ...] = (
    "*", {"AWS": "*"}, {"AWS": "111122223333"}, {"AWS": "arn:aws:iam::111122223333:root"},
    {"AWS": ["arn:aws:iam::111122223333:user/ana", "*"]}, {"AWS": "arn:aws:iam::999999999999:root"},
    {"AWS": "arn:aws:iam::999999999999:role/unnamed"}, {"AWS": "arn:aws:iam::*:root"},
    {"AWS": "arn:aws:sts::111122223333:assumed-role/blue/s"}, {"AWS": "AIDACKCEVSQ6C2EXAMPLE"},
    {"Service": "logs.amazonaws.com"}, {"Service": "*"}, {"Service": "999999999999"},
    {"Service": "anonymous"}, {"Federated": "accounts.google.com"}, {"CanonicalUser": "79a59df9"},
    {"Federated": "arn:aws:iam::999999999999:root"}, {"AWS": "anonymous"}, {},
)  # fmt: skip


def test_what_is_seen_to_be_closed_is_proved_so_too() -> None:
    policies = [policy(case["policy"]) for case in CASES["not-public"]]
    policies += [
        policy([{"principal": one, "effect": effect}])
        for one in PRINCIPALS
        for effect in ("Allow", "Deny", "allow")
    ]
    closed = [one for one in policies if is_closed(one)]
    assert len(closed) > 20
    assert {check_no_public_access(one).result.value for one in closed} == {"PASS"}


def test_nothing_to_be_granted() -> None:
    with pytest.raises(InputError, match="without actions and resources"):
        check_access_not_granted(policy([{}]))


def test_more_than_aws_takes() -> None:
    with pytest.raises(InputError, match="too many actions"):
        check_access_not_granted(policy([{}]), [f"s3:Get{n}" for n in range(101)])


@pytest.mark.parametrize("action", ["s3:PutObjct", "s3:Puut*", "nothing", "nowhere:Do"])
def test_an_action_that_aws_does_not_know(action: str) -> None:
    with pytest.raises(InputError, match="no such action"):
        check_access_not_granted(policy([{}]), [action])


@pytest.mark.parametrize("resource", ["data", "my-bucket/*", "s3:::data"])
def test_a_resource_that_no_request_has(resource: str) -> None:
    with pytest.raises(InputError, match="not an ARN"):
        check_access_not_granted(policy([{}]), ["s3:GetObject"], ["arn:aws:s3:::c/*", resource])


def test_why_it_is_not_known() -> None:
    found = check_no_public_access(policy([{}]))
    assert found.result.value == "UNKNOWN"
    assert "Principal" in found.reasons[0].description
