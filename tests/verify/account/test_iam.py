"""Principals and their policies as an account has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.verify import administrator
from tests.verify.account.answers import Answers

from revet.model.finding import Status
from revet.plan.account import account_of
from revet.verify.boto import BotoReader

LINKED = "arn:aws:iam::123456789012:role/aws-service-role"
Audit = Any  # of conftest.py, which the test folders cannot import
Read = Callable[..., Audit]
Boto = Any

ACCOUNT = "123456789012"
DETAILS = ("iam", "get_account_authorization_details")
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
READ = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::receipts"}
NO_MFA = {
    "Effect": "Deny",
    "NotAction": ["iam:EnableMFADevice", "iam:ListMFADevices"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}
MFA = "iam-mfa-deny"
PLACEMENT = "iam-mfa-deny-placement"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def make_policy(session: Boto, name: str, *statements: dict[str, Any]) -> str:
    made = session.client("iam").create_policy(
        PolicyName=name, PolicyDocument=document(*statements), Path="/tests/"
    )
    return str(made["Policy"]["Arn"])


def make_role(session: Boto, name: str, **more: object) -> None:
    session.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=document(TRUST), **more
    )


def test_a_role_has_its_policies_beside_it(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    make_role(session, "server")
    arn = make_policy(session, "read", READ)
    iam.put_role_policy(RoleName="server", PolicyName="own", PolicyDocument=document(NO_MFA))
    iam.attach_role_policy(RoleName="server", PolicyArn=arn)
    audit = read("aws_iam_role", "aws_iam_policy")
    values = audit.one("aws_iam_role", "server").values
    assert json.loads(values["assume_role_policy"])["Statement"] == [TRUST]
    assert (values["inline_policy"], values["managed_policy_arns"]) == ([], [])
    assert audit.says(PLACEMENT, "aws_iam_role_policy", "server:own") is Status.FAIL
    attachment = audit.one("aws_iam_role_policy_attachment", f"server/{arn}")
    assert attachment.values["policy_arn"] == arn
    kind = "aws_iam_role_policy_attachment"
    assert audit.says(PLACEMENT, kind, f"server/{arn}") is Status.PASS


def test_a_boundary_is_that_of_the_role(session: Boto, read: Read) -> None:
    arn = make_policy(session, "boundary", NO_MFA)
    make_role(session, "bound", PermissionsBoundary=arn)
    make_role(session, "free")
    audit = read("aws_iam_role", "aws_iam_policy")
    assert audit.says(PLACEMENT, "aws_iam_role", "bound") is Status.FAIL
    assert audit.says(PLACEMENT, "aws_iam_role", "free") is Status.PASS
    picture = account_of(audit.inventory)
    boundary = picture.principals[audit.one("aws_iam_role", "bound").address].boundary
    assert boundary is not None
    assert boundary.name == audit.one("aws_iam_policy", arn).address


def test_the_default_version_of_a_policy_counts(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    arn = make_policy(session, "versions", {**READ, "Action": "s3:NoSuchAction"})
    assert read("aws_iam_policy").says("iam-policy-valid", "aws_iam_policy", arn) is Status.FAIL
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(READ), SetAsDefault=True)
    audit = read("aws_iam_policy")
    assert audit.says("iam-policy-valid", "aws_iam_policy", arn) is Status.PASS
    assert audit.one("aws_iam_policy", arn).values["name"] == "versions"


@pytest.mark.parametrize("versions", [[], [{"IsDefaultVersion": False, "Document": "{}"}]])
def test_a_policy_without_a_default_version_says_nothing(
    session: Boto, read: Read, versions: list[Any]
) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/odd"
    policy = {"Arn": arn, "Path": "/", "PolicyVersionList": versions}
    answers = {DETAILS: {"Policies": [policy]}, ("iam", "list_policy_tags"): {"Tags": []}}
    audit = read("aws_iam_policy", reader=Answers(BotoReader(session), answers))
    assert audit.says("iam-policy-valid", "aws_iam_policy", arn) is Status.UNKNOWN


def test_members_of_a_group_are_held_by_its_denial(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    iam.create_group(GroupName="people")
    iam.put_group_policy(GroupName="people", PolicyName="mfa", PolicyDocument=document(NO_MFA))
    for name in ("ann", "bob"):
        iam.create_user(UserName=name)
    iam.add_user_to_group(UserName="ann", GroupName="people")
    iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=document(READ))
    audit = read("aws_iam_user", "aws_iam_group")
    assert audit.says(MFA, "aws_iam_user", "ann") is Status.PASS
    assert audit.says(MFA, "aws_iam_user", "bob") is Status.FAIL
    assert audit.says(MFA, "aws_iam_group", "people") is Status.PASS
    membership = audit.one("aws_iam_user_group_membership", "ann").values
    assert (membership["user"], membership["groups"]) == ("ann", ["people"])
    assert audit.one("aws_iam_user_policy", "bob:own").values["user"] == "bob"


def test_an_empty_group_needs_no_denial(session: Boto, read: Read) -> None:
    session.client("iam").create_group(GroupName="empty")
    audit = read("aws_iam_user", "aws_iam_group")
    assert audit.says(MFA, "aws_iam_group", "empty") is Status.PASS
    denied = Answers(BotoReader(session), denied="iam:GetAccountAuthorizationDetails")
    audit = read("aws_iam_user", "aws_iam_group", reader=denied)
    assert {
        finding.status for finding in audit.findings.values() if finding.address != "account"
    } == {Status.UNKNOWN}


def test_what_aws_answers_of_a_user_without_policies(session: Boto, read: Read) -> None:
    """IAM answers no `UserPolicyList` then, and no `PermissionsBoundary` without one."""
    user: dict[str, Any] = {
        "UserName": "ann",
        "UserId": "AIDA1",
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/ann",
        "Path": "/",
        "GroupList": [],
        "AttachedManagedPolicies": [],
    }
    bound = {**user, "UserName": "bob", "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:x"}}
    answers = {DETAILS: {"UserDetailList": [user, bound]}}
    audit = read("aws_iam_user", reader=Answers(BotoReader(session), answers))
    assert audit.one("aws_iam_user", "ann").values["permissions_boundary"] == ""
    assert audit.one("aws_iam_user", "bob").values["permissions_boundary"] == "arn:x"
    del user["AttachedManagedPolicies"]
    audit = read("aws_iam_user", reader=Answers(BotoReader(session), answers))
    assert audit.one("aws_iam_user", "ann").rest is not None
    assert audit.says(MFA, "aws_iam_user", "ann") is Status.UNKNOWN


def test_what_only_aws_changes_is_not_the_accounts_own(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    linked = iam.create_service_linked_role(AWSServiceName="elasticbeanstalk.amazonaws.com")["Role"]
    make_role(session, "AWSReservedSSO_Admin_0", Path="/aws-reserved/sso.amazonaws.com/")
    audit = read("aws_iam_role")
    assert linked["RoleName"] not in audit.all("aws_iam_role")
    found = audit.one("aws_iam_service_linked_role", linked["Arn"])
    assert found.made_by == "aws"
    assert found.values["aws_service_name"] == "elasticbeanstalk.amazonaws.com"
    assert audit.one("aws_iam_role", "AWSReservedSSO_Admin_0").made_by == "aws"


def test_a_profile_has_its_role(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    make_role(session, "server")
    iam.create_instance_profile(InstanceProfileName="p", Tags=[{"Key": "Owner", "Value": "x"}])
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="server")
    iam.create_instance_profile(InstanceProfileName="none")
    audit = read("aws_iam_instance_profile")
    assert audit.one("aws_iam_instance_profile", "p").values["role"] == "server"
    assert audit.says("tags-required", "aws_iam_instance_profile", "p") is Status.PASS
    assert audit.says("tags-required", "aws_iam_instance_profile", "none") is Status.FAIL


ADMINISTRATOR = "iam-no-administrator"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def test_administrators_are_found_whatever_makes_them(session: Boto, read: Read) -> None:
    iam = session.client("iam")
    administrator.make(ACCOUNT)
    own = make_policy(session, "all", EVERYTHING)
    for name in ("inline", "attached", "by-aws", "none"):
        make_role(session, name)
    iam.put_role_policy(RoleName="inline", PolicyName="p", PolicyDocument=document(EVERYTHING))
    iam.attach_role_policy(RoleName="attached", PolicyArn=own)
    iam.attach_role_policy(RoleName="by-aws", PolicyArn=administrator.ARN)
    iam.create_group(GroupName="ops")
    iam.attach_group_policy(GroupName="ops", PolicyArn=administrator.ARN)
    iam.create_user(UserName="ann")
    iam.add_user_to_group(UserName="ann", GroupName="ops")
    audit = read("aws_iam_role", "aws_iam_policy", "aws_iam_user", "aws_iam_group")
    roles = {
        name: audit.says(ADMINISTRATOR, "aws_iam_role", name)
        for name in ("inline", "attached", "by-aws", "none")
    }
    assert roles == dict.fromkeys(roles, Status.FAIL) | {"none": Status.PASS}
    assert audit.says(ADMINISTRATOR, "aws_iam_group", "ops") is Status.FAIL
    assert audit.says(ADMINISTRATOR, "aws_iam_user", "ann") is Status.PASS, "its group fails"
    assert audit.says(ADMINISTRATOR, "aws_iam_policy", own) is Status.PASS, "its role fails"


def test_service_linked_roles_are_no_subjects(session: Boto, read: Read) -> None:
    session.client("iam").create_service_linked_role(AWSServiceName="lex.amazonaws.com")
    audit = read("aws_iam_role", "aws_iam_policy")
    assert audit.all("aws_iam_service_linked_role")
    kinds = {address.partition(".")[0] for control, address in audit.findings if
             control == ADMINISTRATOR}  # fmt: skip
    assert "aws_iam_service_linked_role" not in kinds


def test_what_is_denied_makes_no_administrator_disappear(session: Boto, read: Read) -> None:
    administrator.make(ACCOUNT)
    make_role(session, "server")
    session.client("iam").attach_role_policy(RoleName="server", PolicyArn=administrator.ARN)
    denied = Answers(BotoReader(session), denied="iam:GetAccountAuthorizationDetails")
    audit = read("aws_iam_role", "aws_iam_policy", reader=denied)
    said = {
        finding.status
        for (control, _), finding in audit.findings.items()
        if control == ADMINISTRATOR
    }
    assert said == {Status.UNKNOWN}


def test_sessions_of_roles_are_read_with_the_roles(
    whole: Audit, denied: Callable[[str], Audit]
) -> None:
    assert whole.says("iam-role-session", "aws_iam_role", "plain") is Status.PASS
    audit = denied("iam:ListRoles")
    assert audit.says("iam-role-session", "aws_iam_role", "plain") is Status.UNKNOWN
    assert "iam:listroles" in audit.why("iam-role-session", "aws_iam_role", "plain")


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("aws_iam_role", "guarded", Status.PASS),
        ("aws_iam_role", "plain", Status.FAIL),
        (
            "aws_iam_service_linked_role",
            f"{LINKED}/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk",
            Status.PASS,
        ),
    ],
)
def test_which_roles_refuse_other_regions(kind: str, name: str, says: Status, whole: Audit) -> None:
    assert whole.says("iam-role-region-guard", kind, name) is says
