"""What has deletion protection, and nothing else that rules ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # boto3 knows services only as literals

OWNER = [{"Key": "Owner", "Value": "security"}]


def make(session: Boto) -> None:
    subnet = session.client("ec2").describe_subnets()["Subnets"][0]
    session.client("network-firewall").create_firewall(
        FirewallName="border",
        FirewallPolicyArn="arn:aws:network-firewall:us-west-2:123456789012:firewall-policy/border",
        VpcId=subnet["VpcId"],
        SubnetMappings=[{"SubnetId": subnet["SubnetId"]}],
        DeleteProtection=True,
        Tags=OWNER,
    )
    session.client("rds").create_global_cluster(
        GlobalClusterIdentifier="everywhere", Engine="aurora-postgresql", DeletionProtection=True
    )


_POOLS: dict[str, dict[str, Any]] = {
    "us-west-2_people": {"DeletionProtection": "ACTIVE", "UserPoolTags": {"Owner": "security"}},
    "us-west-2_guests": {"DeletionProtection": "INACTIVE"},
}


def _listed(_send: Callable[[], Any], _parameters: Mapping[str, Any]) -> dict[str, Any]:
    """moto's pools need a package that it does not ask for."""
    return {"UserPools": [{"Id": one, "Name": one.rpartition("_")[2]} for one in _POOLS]}


def _described(_send: Callable[[], Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    own = parameters["UserPoolId"]
    arn = f"arn:aws:cognito-idp:us-west-2:123456789012:userpool/{own}"
    pool = {"Id": own, "Arn": arn, "Name": own.rpartition("_")[2], **_POOLS[own]}
    return {"UserPool": pool}


CORRECTED = {
    ("cognito-idp", "list_user_pools"): _listed,
    ("cognito-idp", "describe_user_pool"): _described,
}
