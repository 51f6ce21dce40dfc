"""Organizations and permission sets as an account sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.verify.account.answers import Answers

from revet.model.finding import Status
from revet.plan.organization import organization_of
from revet.verify.boto import BotoReader
from revet.verify.readers import load_readers

Audit = Any  # of conftest.py, which the test folders cannot import
Read = Callable[..., Audit]
Boto = Any

ACCOUNT = "123456789012"
TYPES = tuple(reader.type for reader in load_readers() if reader.service == "organizations")
VALID = "iam-policy-valid"
SETS = "aws_ssoadmin_permission_set"
DENY = {"Effect": "Deny", "Action": "s3:NoSuchAction", "Resource": "*"}


@pytest.fixture
def root(session: Boto) -> str:
    """The root of an organization whose management account this is."""
    organizations = session.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    found = str(organizations.list_roots()["Roots"][0]["Id"])
    organizations.enable_policy_type(RootId=found, PolicyType="SERVICE_CONTROL_POLICY")
    return found


def make_policy(session: Boto, *statements: dict[str, Any]) -> str:
    made = session.client("organizations").create_policy(
        Content=json.dumps({"Version": "2012-10-17", "Statement": statements}),
        Description="",
        Name="guard",
        Type="SERVICE_CONTROL_POLICY",
    )
    return str(made["Policy"]["PolicySummary"]["Id"])


def test_outside_of_an_organization_there_is_none(read: Read) -> None:
    audit = read(*TYPES)
    assert {item.type for item in audit.seen.observed} == {"aws_caller_identity"}
    assert audit.seen.denied == ()
    assert audit.inventory.covers("aws_organizations_policy")
    assert organization_of(audit.inventory) is None


def test_the_tree_has_its_policies(session: Boto, read: Read, root: str) -> None:
    organizations = session.client("organizations")
    unit = organizations.create_organizational_unit(ParentId=root, Name="workloads")
    unit = unit["OrganizationalUnit"]["Id"]
    below = organizations.create_organizational_unit(ParentId=unit, Name="prod")
    below = below["OrganizationalUnit"]["Id"]
    policy = make_policy(session, DENY)
    organizations.attach_policy(PolicyId=policy, TargetId=unit)
    audit = read(*TYPES)
    kind = "aws_organizations_organizational_unit"
    assert audit.one(kind, below).values["parent_id"] == unit
    assert audit.one("aws_organizations_account", ACCOUNT).values["parent_id"] == root
    assert audit.says(VALID, "aws_organizations_policy", policy) is Status.FAIL
    assert f"{unit}:{policy}" in audit.all("aws_organizations_policy_attachment")
    found = organization_of(audit.inventory)
    assert found is not None
    assert found.doubts == ()
    assert found.management_account == ACCOUNT
    path = found.path(audit.one(kind, below).address)
    assert [node.name for node in path] == [root, audit.one(kind, unit).address, path[-1].name]
    own = audit.one("aws_organizations_policy", policy).address
    everything = audit.one("aws_organizations_policy", "p-FullAWSAccess").address
    named = {attached.name for attached in path[1].service_control_policies}
    assert named == {own, everything}


def test_policies_of_aws_are_facts(read: Read, root: str) -> None:
    del root
    audit = read(*TYPES)
    full = audit.one("aws_organizations_policy", "p-FullAWSAccess")
    assert full.mode == "data"
    assert json.loads(full.values["content"])["Statement"]


@pytest.mark.parametrize("listing", ["ListTargetsForPolicy", "DescribePolicy", "ListPolicies"])
def test_what_was_denied_is_a_doubt(session: Boto, read: Read, root: str, listing: str) -> None:
    session.client("organizations").attach_policy(PolicyId=make_policy(session), TargetId=root)
    denied = Answers(BotoReader(session), denied=f"organizations:{listing}")
    found = organization_of(read(*TYPES, reader=denied).inventory)
    assert found is not None
    assert found.doubts


def test_an_organization_of_another_account_is_a_fact_with_a_doubt(
    session: Boto, read: Read
) -> None:
    """Its policies apply here, and another account is to answer for them."""
    another = {
        "Id": "o-1",
        "Arn": "arn:aws:organizations::999999999999:organization/o-1",
        "FeatureSet": "ALL",
        "MasterAccountId": "999999999999",
    }
    answers = {("organizations", "describe_organization"): {"Organization": another}}
    audit = read(*TYPES, reader=Answers(BotoReader(session), answers))
    assert audit.one("aws_organizations_organization", "o-1").mode == "data"
    assert not audit.all("aws_organizations_policy")
    assert all(finding.status is Status.NOT_EXERCISED for finding in audit.findings.values())
    found = organization_of(audit.inventory)
    assert found is not None
    assert found.doubts
    assert set(audit.calls) == {"organizations:describeorganization"}


def test_a_permission_set_has_its_inline_policy(session: Boto, read: Read) -> None:
    sso = session.client("sso-admin")
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    sets = [
        sso.create_permission_set(Name=name, InstanceArn=instance)["PermissionSet"]
        for name in ("locked-out", "reader")
    ]
    statement = {**DENY, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    sso.put_inline_policy_to_permission_set(
        InstanceArn=instance,
        PermissionSetArn=sets[0]["PermissionSetArn"],
        InlinePolicy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    answers: dict[tuple[str, str], Any] = {("sso-admin", "list_tags_for_resource"): {"Tags": []}}
    audit = read(SETS, reader=Answers(BotoReader(session), answers))
    inline = f"{SETS}_inline_policy"
    assert len(audit.all(SETS)) == len(sets)
    (only,) = audit.all(inline)
    assert only == f"{sets[0]['PermissionSetArn']},{instance}"
    assert audit.says("iam-mfa-deny-placement", inline, only) is Status.FAIL


def test_an_instance_of_another_account_has_no_permission_sets_here(
    session: Boto, read: Read
) -> None:
    instance = {"InstanceArn": "arn:aws:sso:::instance/ssoins-1", "OwnerAccountId": "999999999999"}
    answers = {("sso-admin", "list_instances"): {"Instances": [instance]}}
    audit = read(SETS, reader=Answers(BotoReader(session), answers))
    assert not audit.all(SETS)
    assert set(audit.calls) == {"sso:listinstances"}
