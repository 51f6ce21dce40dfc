"""An organization with a unit, an account and a policy of its own on both."""

from __future__ import annotations

from typing import Any

Boto = Any  # a session or client; boto3's types know services only as literals

_CONTENT = '{"Version":"2012-10-17","Statement":[]}'


def make(session: Boto) -> None:
    organizations = session.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="workloads")
    unit = unit["OrganizationalUnit"]["Id"]
    organizations.create_organizational_unit(ParentId=unit, Name="prod")
    made = organizations.create_account(AccountName="app", Email="app@example.com")
    account = made["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
    policy = organizations.create_policy(
        Content='{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:NoSuch","Resource":"*"}}',
        Description="",
        Name="guard",
        Type="SERVICE_CONTROL_POLICY",
        Tags=[{"Key": "Owner", "Value": "security"}],
    )["Policy"]["PolicySummary"]["Id"]
    for target in (unit, account):
        organizations.attach_policy(PolicyId=policy, TargetId=target)
