"""Permission sets with an inline policy and without, with attached ones and a boundary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # a session or client; boto3's types know services only as literals

NO_MFA = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*",'
    '"Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}'
)


def make(session: Boto) -> None:
    sso = session.client("sso-admin")
    instance = sso.list_instances()["Instances"][0]["InstanceArn"]
    common = {"InstanceArn": instance, "SessionDuration": "PT1H"}
    reader = sso.create_permission_set(Name="reader", **common)["PermissionSet"]
    chosen = {"InstanceArn": instance, "PermissionSetArn": reader["PermissionSetArn"]}
    sso.attach_managed_policy_to_permission_set(
        ManagedPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess", **chosen
    )
    sso.attach_customer_managed_policy_reference_to_permission_set(
        CustomerManagedPolicyReference={"Name": "more", "Path": "/"}, **chosen
    )
    made = sso.create_permission_set(Name="locked-out", **common)["PermissionSet"]
    sso.put_inline_policy_to_permission_set(
        InstanceArn=instance, PermissionSetArn=made["PermissionSetArn"], InlinePolicy=NO_MFA
    )


def _tags(_send: Callable[[], Any], _parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"Tags": [{"Key": "Owner", "Value": "security"}]}


def _boundary(_send: Callable[[], Any], _parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The embedded AWS has no such operation."""
    return {"PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}}


CORRECTED = {
    ("sso-admin", "list_tags_for_resource"): _tags,
    ("sso-admin", "get_permissions_boundary_for_permission_set"): _boundary,
}
