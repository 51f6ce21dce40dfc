"""Databases that are fine and that are not, alone and in clusters."""

from __future__ import annotations

from typing import Any

Boto = Any  # a session or client; boto3's types know services only as literals

TAGS = [{"Key": "Owner", "Value": "security"}]


def make(session: Boto) -> None:
    ec2, rds = session.client("ec2"), session.client("rds")
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    for name, number in (("private", 0), ("public", 8)):
        rds.create_db_subnet_group(
            DBSubnetGroupName=name,
            DBSubnetGroupDescription=name,
            SubnetIds=[_subnet(ec2, vpc, zone, number) for zone in "ab"],
            Tags=TAGS if name == "private" else [],
        )
    _parameter_groups(rds)
    common = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20}
    rds.create_db_instance(
        DBInstanceIdentifier="good",
        DBSubnetGroupName="private",
        MasterUsername="postgres",
        ManageMasterUserPassword=True,
        StorageEncrypted=True,
        KmsKeyId=key,
        PubliclyAccessible=False,
        DBParameterGroupName="forced",
        Tags=TAGS,
        **common,
    )
    rds.create_db_instance(
        DBInstanceIdentifier="bad",
        DBSubnetGroupName="public",
        MasterUsername="postgres",
        MasterUserPassword="not-a-secret",
        PubliclyAccessible=True,
        **common,
    )
    rds.create_db_cluster(
        DBClusterIdentifier="cluster",
        Engine="aurora-postgresql",
        MasterUsername="postgres",
        MasterUserPassword="not-a-secret",
        DBClusterParameterGroupName="forced",
    )
    rds.create_db_instance(
        DBInstanceIdentifier="member",
        DBClusterIdentifier="cluster",
        Engine="aurora-postgresql",
        DBInstanceClass="db.t4g.medium",
        PubliclyAccessible=False,
    )


def _parameter_groups(rds: Boto) -> None:
    """One for instances and one for clusters, which take encrypted connections alone."""
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.create_db_parameter_group(
        DBParameterGroupName="forced",
        DBParameterGroupFamily="postgres14",
        Description="TLS",
        Tags=TAGS,
    )
    rds.modify_db_parameter_group(DBParameterGroupName="forced", Parameters=[forced])
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="forced",
        DBParameterGroupFamily="aurora-postgresql14",
        Description="TLS",
        Tags=TAGS,
    )
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName="forced", Parameters=[forced])


def _subnet(ec2: Boto, vpc: str, zone: str, number: int) -> str:
    """Public ones have a route to an internet gateway, private ones the main table of the VPC."""
    region = ec2.meta.region_name
    made = ec2.create_subnet(
        VpcId=vpc,
        CidrBlock=f"10.1.{number + ord(zone) % 8}.0/24",
        AvailabilityZone=f"{region}{zone}",
    )["Subnet"]["SubnetId"]
    if number:
        out = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=out)
        ec2.associate_route_table(RouteTableId=table, SubnetId=made)
    return str(made)
