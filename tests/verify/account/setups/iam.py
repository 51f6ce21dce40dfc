"""Principals with policies of every kind, fine ones and others."""

from __future__ import annotations

import json
from typing import Any

Boto = Any  # a session or client; boto3's types know services only as literals

TAGS = [{"Key": "Owner", "Value": "security"}]
READ = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::receipts"}
NO_MFA = {
    "Effect": "Deny",
    "NotAction": ["iam:EnableMFADevice", "iam:ListMFADevices"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}


def make(session: Boto) -> None:
    iam = session.client("iam")
    read = _policy(iam, "read", READ, Tags=TAGS)
    deny = _policy(iam, "no-mfa", NO_MFA)
    _policy(iam, "unused", {**READ, "Action": "s3:NoSuchThing"})
    trust = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}})
    trust = trust.replace('"Effect"', '"Action": "sts:AssumeRole", "Effect"')
    for name in ("plain", "locked-out"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=TAGS)
    iam.put_role_policy(RoleName="plain", PolicyName="inline", PolicyDocument=document(READ))
    iam.attach_role_policy(RoleName="plain", PolicyArn=read)
    iam.attach_role_policy(RoleName="locked-out", PolicyArn=deny)
    iam.put_role_permissions_boundary(RoleName="plain", PermissionsBoundary=read)
    iam.create_role(RoleName="guarded", AssumeRolePolicyDocument=trust, Tags=TAGS)
    guard = document(
        {
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": session.region_name}},
        }
    )
    iam.put_role_policy(RoleName="guarded", PolicyName="region-guard", PolicyDocument=guard)
    for name in ("people", "empty"):
        iam.create_group(GroupName=name)
    iam.put_group_policy(GroupName="people", PolicyName="mfa", PolicyDocument=document(NO_MFA))
    iam.attach_group_policy(GroupName="people", PolicyArn=read)
    for name in ("ann", "bob"):
        iam.create_user(UserName=name, Tags=TAGS)
    iam.add_user_to_group(UserName="ann", GroupName="people")
    iam.put_user_policy(UserName="bob", PolicyName="inline", PolicyDocument=document(READ))
    iam.attach_user_policy(UserName="bob", PolicyArn=read)
    iam.create_instance_profile(InstanceProfileName="servers", Tags=TAGS)
    iam.add_role_to_instance_profile(InstanceProfileName="servers", RoleName="plain")
    iam.create_service_linked_role(AWSServiceName="elasticbeanstalk.amazonaws.com")


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _policy(iam: Boto, name: str, *statements: dict[str, Any], **more: object) -> str:
    made = iam.create_policy(PolicyName=name, PolicyDocument=document(*statements), **more)
    return str(made["Policy"]["Arn"])
