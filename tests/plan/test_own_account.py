"""Whose a resource is, where a plan has several configurations of the AWS provider."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.controls.iam import foreign_access
from revet.gate.readings.iam.owner import of_other_accounts
from revet.iam.document import parse_policy
from revet.model.finding import Status
from revet.plan import Inventory, Resource, load_plan
from revet.plan.account import account_of, doubts_of
from revet.plan.arns import expected_arns

HERE, THERE = "111122223333", "444455556666"
DEPLOY = {"role_arn": {"constant_value": f"arn:aws:iam::{THERE}:role/deploy"}}
READ = {"role_arn": {"references": ["var.role"]}}
REGION = {"region": {"constant_value": "eu-west-1"}}


def trust(*principals: str) -> str:
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": list(principals)}}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def plan(
    other: dict[str, Any],
    default: dict[str, Any] | None = None,
    seen_by: tuple[str, ...] = ("aws",),
    resources: dict[str, Any] | None = None,
) -> Inventory:
    """Role `a` of the default configuration, and `b` of `aws.other`.

    Args:
        other: arguments of `aws.other`.
        default: of `aws`.
        seen_by: the configurations by which a data source looks the caller up.
        resources: in place of the two roles; those of name `b` are of `aws.other`.
    """
    roles = {
        "aws_iam_role": {
            name: {
                "name": name,
                "path": "/",
                "assume_role_policy": trust(f"arn:aws:iam::{HERE}:root"),
            }
            for name in "ab"
        }
    }
    raw = plan_json({"resource": resources or roles}, "a test")
    configuration = raw["configuration"]
    providers = configuration["provider_config"]
    providers["aws"]["expressions"] |= default or {}
    alias = {"alias": "other", "expressions": REGION | other}
    providers["aws.other"] = providers["aws"] | alias
    accounts = {"aws": HERE, "aws.other": THERE}
    looked_up = []
    for number, key in enumerate(seen_by):
        node = {
            "address": f"data.aws_caller_identity.c{number}",
            "mode": "data",
            "type": "aws_caller_identity",
            "name": f"c{number}",
        }
        configuration["root_module"]["resources"].append({**node, "provider_config_key": key})
        looked_up.append({**node, "values": {"account_id": accounts[key]}})
    for node in configuration["root_module"]["resources"]:
        if node["name"] == "b":
            node["provider_config_key"] = "aws.other"
    values = {"root_module": {"resources": looked_up}}
    return load_plan({**raw, "prior_state": {"format_version": "1.0", "values": values}})


def status_of(resource: Resource, inventory: Inventory) -> Status:
    return foreign_access.rule.rule(resource, inventory).status


OTHERS: list[dict[str, Any]] = [
    {"assume_role": [DEPLOY]},
    {"assume_role_with_web_identity": [DEPLOY]},
    {"profile": {"constant_value": "other"}},
    {"profile": {"references": ["var.profile"]}},
    {"access_key": {"constant_value": "AKIAEXAMPLE"}},
    {"shared_credentials_files": {"constant_value": ["/other"]}},
]


@pytest.mark.parametrize("other", OTHERS, ids=" ".join)
def test_other_credentials_may_be_of_another_account(other: dict[str, Any]) -> None:
    found = plan(other)
    a, b = found.of_type("aws_iam_role")
    assert (found.account_of(a), found.account_of(b)) == (HERE, "")
    assert expected_arns(found) == {"aws_iam_role.a.arn": f"arn:aws:iam::{HERE}:role/a"}
    assert status_of(a, found) is Status.PASS
    assert status_of(b, found) is Status.UNKNOWN
    assert any(doubt.where == b.address for doubt in doubts_of(account_of(found)))
    assert not any(doubt.where == a.address for doubt in doubts_of(account_of(found)))


@pytest.mark.parametrize("other", OTHERS, ids=" ".join)
def test_a_data_source_of_its_own_says_which(other: dict[str, Any]) -> None:
    found = plan(other, seen_by=("aws", "aws.other"))
    a, b = found.of_type("aws_iam_role")
    assert (found.account_of(a), found.account_of(b)) == (HERE, THERE)
    assert expected_arns(found)["aws_iam_role.b.arn"] == f"arn:aws:iam::{THERE}:role/b"
    assert status_of(a, found) is Status.PASS
    assert status_of(b, found) is Status.FAIL


@pytest.mark.parametrize("both", [{}, *OTHERS[:3]], ids=" ".join)
@pytest.mark.parametrize("seen_by", ["aws", "aws.other"])
def test_another_region_is_the_same_account(both: dict[str, Any], seen_by: str) -> None:
    found = plan(both, both, (seen_by,))
    account = {"aws": HERE, "aws.other": THERE}[seen_by]
    roles = found.of_type("aws_iam_role")
    assert [found.account_of(role) for role in roles] == [account, account]
    assert set(expected_arns(found)) == {"aws_iam_role.a.arn", "aws_iam_role.b.arn"}
    assert not [doubt for doubt in doubts_of(account_of(found)) if "role" in doubt.where]


def test_expressions_that_a_plan_does_not_show_are_not_taken_for_the_same() -> None:
    found = plan({"assume_role": [READ]}, {"assume_role": [READ]})
    assert [found.account_of(role) for role in found.of_type("aws_iam_role")] == [HERE, ""]


def test_an_arn_says_it_whoever_calls() -> None:
    arn = f"arn:aws:iam::{THERE}:role/b"
    role = {"name": "b", "arn": arn, "assume_role_policy": trust(f"arn:aws:iam::{HERE}:root")}
    queue = {"name": "q", "policy": trust(arn)}
    made = {"aws_iam_role": {"b": role}, "aws_sqs_queue": {"a": queue, "b": queue}}
    found = plan({"assume_role": [DEPLOY]}, resources=made)
    assert found.account_of(found.resources["aws_iam_role.b"]) == THERE
    assert found.account_of(found.resources["aws_sqs_queue.b"]) == THERE
    assert found.account_of(found.resources["aws_sqs_queue.a"]) == HERE


@pytest.mark.parametrize(
    ("seen_by", "status"),
    [(("aws",), Status.UNKNOWN), (("aws", "aws.other"), Status.FAIL)],
)
def test_a_reference_to_what_another_provider_makes(
    seen_by: tuple[str, ...], status: Status
) -> None:
    roles = {
        "a": {"name": "a", "path": "/", "assume_role_policy": trust("${aws_iam_role.b.arn}")},
        "b": {"name": "b", "path": "/", "assume_role_policy": trust(f"arn:aws:iam::{HERE}:root")},
    }
    found = plan({"assume_role": [DEPLOY]}, seen_by=seen_by, resources={"aws_iam_role": roles})
    assert status_of(found.resources["aws_iam_role.a"], found) is status
    alike = plan({}, resources={"aws_iam_role": roles})
    assert status_of(alike.resources["aws_iam_role.a"], alike) is Status.PASS


def test_arns_that_contradict_say_nothing() -> None:
    """A state does not show which provider made what."""
    roles = {"a": {"name": "a", "arn": f"arn:aws:iam::{THERE}:role/a"}}
    made = {"aws_iam_role": roles, "aws_sqs_queue": {"q": {"name": "q"}}}
    found = replace(load_plan(plan_json({"resource": made}, "a test")), account=HERE)
    assert found.account_of(found.resources["aws_sqs_queue.q"]) == ""


def test_instances_of_a_provider_may_be_of_several_accounts() -> None:
    """OpenTofu: `for_each` in a provider, of which a plan shows one configuration."""
    each = {"role_arn": {"references": ["local.roles", "each.key"]}}
    found = plan({"assume_role": [each]}, seen_by=("aws", "aws.other"))
    a, b = found.of_type("aws_iam_role")
    assert (found.account_of(a), found.account_of(b)) == (HERE, "")
    alone = plan({"assume_role": [each]}, {"assume_role": [each]}, ("aws.other",))
    assert [alone.account_of(role) for role in alone.of_type("aws_iam_role")] == ["", ""]
    regions = plan({"region": {"references": ["each.value"]}})
    assert [regions.account_of(role) for role in regions.of_type("aws_iam_role")] == [HERE, HERE]


@pytest.mark.parametrize(("version", "account"), [("1.0", ""), ("1.2", HERE)])
def test_a_module_may_be_passed_another_provider(version: str, account: str) -> None:
    """Terraform 1.1 and before: the module's own configuration, without what it is passed."""
    raw = plan_json({"resource": {"aws_iam_role": {"a": {"name": "a"}}}}, "a test")
    configuration = raw["configuration"]
    configuration["provider_config"]["module.m:aws"] = {
        "name": "aws",
        "full_name": configuration["provider_config"]["aws"].get("full_name"),
        "module_address": "module.m",
    }
    configuration["provider_config"]["aws"].pop("expressions")
    node = {"address": "data.aws_caller_identity.c", "mode": "data", "type": "aws_caller_identity"}
    node["name"] = "c"
    values = {"root_module": {"resources": [{**node, "values": {"account_id": HERE}}]}}
    configuration["root_module"]["resources"][0]["provider_config_key"] = "module.m:aws"
    configuration["root_module"]["resources"].append({**node, "provider_config_key": "aws"})
    state = {"format_version": "1.0", "values": values}
    found = load_plan({**raw, "format_version": version, "prior_state": state})
    [role] = found.of_type("aws_iam_role")
    assert found.account_of(role) == account


@pytest.mark.parametrize(
    ("value", "apart"),
    [
        ("${aws_iam_role.b.arn}", ["aws_iam_role.b.arn"]),
        ("${aws_iam_role.b[*].arn}", ["aws_iam_role.b[*].arn"]),
        ('${aws_iam_role.b["x.y"].arn}', ['aws_iam_role.b["x.y"].arn']),
        ("${made of aws_iam_role.b}", ["aws_iam_role.b"]),
        ("${made of aws_iam_role.a.arn, aws_iam_role.b.arn}", ["aws_iam_role.b.arn"]),
        (
            "arn:aws:iam::${data.aws_caller_identity.c1.account_id}:root",
            ["data.aws_caller_identity.c1.account_id"],
        ),
        ("${module.partner.role.arn}", ["module.partner.role.arn"]),
        ("${aws_iam_role.c.arn}", []),
        ("arn:aws:iam::${data.aws_caller_identity.c0.account_id}:root", []),
    ],
)
def test_references_that_may_be_of_another_account(value: str, apart: list[str]) -> None:
    role = {"name": "r", "assume_role_policy": trust(f"arn:aws:iam::{HERE}:root")}
    made = {"aws_iam_role": dict.fromkeys("abc", role)}
    found = plan({"assume_role": [DEPLOY]}, seen_by=("aws", "aws.other"), resources=made)
    own = found.resources["aws_iam_role.a"]
    said = of_other_accounts(parse_policy(trust(value)), own, found, ())
    assert list(said) == apart


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("${aws_sns_topic.t.arn}", Status.PASS),
        ("${terraform_data.partner.output.arn}", Status.UNKNOWN),
        ("${terraform_data.partner.output}", Status.UNKNOWN),
    ],
)
def test_what_nothing_of_the_account_says_is_not_its_own(source: str, status: Status) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = {
        "aws_sqs_queue": {"a": {"name": "q", "policy": policy}},
        "aws_sns_topic": {"t": {"name": "t"}},
        "terraform_data": {"partner": {"input": "x"}},
    }
    found = plan({}, resources=made)
    assert status_of(found.resources["aws_sqs_queue.a"], found) is status


@pytest.mark.parametrize("seen_by", [("aws",), ("aws", "aws.other")])
def test_a_picture_is_of_one_account(seen_by: tuple[str, ...]) -> None:
    """What another account has, its own principals may reach without a resource policy."""
    picture = account_of(plan({"assume_role": [DEPLOY]}, seen_by=seen_by))
    assert picture.account == HERE
    assert [doubt.where for doubt in doubts_of(picture) if "role" in doubt.where] == [
        "aws_iam_role.b"
    ]
