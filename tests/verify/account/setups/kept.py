"""What has deletion protection, and nothing else that rules ask for."""

from __future__ import annotations

from typing import Any

Boto = Any  # boto3 knows services only as literals

OWNER = [{"Key": "Owner", "Value": "security"}]


def make(session: Boto) -> None:
    pools = session.client("cognito-idp")
    pools.create_user_pool(
        PoolName="people", DeletionProtection="ACTIVE", UserPoolTags={"Owner": "security"}
    )
    pools.create_user_pool(PoolName="guests")
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
