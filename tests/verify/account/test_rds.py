"""Databases as an account has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.verify.account.answers import Answers

from revet.model.finding import Status
from revet.verify.boto import BotoReader

Audit = Any  # of conftest.py, which the test folders cannot import
Read = Callable[..., Audit]
Boto = Any

KIND = "aws_db_instance"
INSTANCE = {
    "DBInstanceIdentifier": "db",
    "DbiResourceId": "db-ABC",
    "DBInstanceArn": "arn:aws:rds:us-west-2:123456789012:db:db",
    "Engine": "postgres",
    "PubliclyAccessible": False,
    "StorageEncrypted": True,
    "KmsKeyId": "arn:aws:kms:us-west-2:123456789012:key/00000000-0000-0000-0000-000000000000",
    "DBSubnetGroup": {"DBSubnetGroupName": "private"},
    "TagList": [],
}


def answer(session: Boto, *instances: dict[str, Any]) -> Answers:
    found = {"DBInstances": [INSTANCE | instance for instance in instances]}
    return Answers(BotoReader(session), {("rds", "describe_db_instances"): found})


@pytest.mark.parametrize(
    ("control", "bad"),
    [
        ("rds-instance-encryption", {"StorageEncrypted": False}),
        ("rds-instance-not-public", {"PubliclyAccessible": True}),
        ("rds-instance-managed-credentials", {}),
    ],
)
def test_what_aws_answers_is_judged(
    session: Boto, read: Read, control: str, bad: dict[str, Any]
) -> None:
    key = session.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    secret = {"SecretArn": "arn:aws:secretsmanager:us-west-2:1:secret:x", "SecretStatus": "active"}
    good = {"MasterUserSecret": secret, "KmsKeyId": key}
    reader = answer(session, good, {"DBInstanceIdentifier": "bad", **bad})
    audit = read(KIND, "aws_kms_key", "aws_kms_alias", reader=reader)
    assert audit.says(control, KIND, "db") is Status.PASS
    assert audit.says(control, KIND, "bad") is Status.FAIL


def test_a_key_that_the_account_does_not_have_encrypts_nothing(session: Boto, read: Read) -> None:
    audit = read(KIND, "aws_kms_key", "aws_kms_alias", reader=answer(session, {}))
    assert audit.says("rds-instance-encryption", KIND, "db") is Status.FAIL
    audit = read(KIND, reader=answer(session, {}))
    assert audit.says("rds-instance-encryption", KIND, "db") is Status.UNKNOWN


@pytest.mark.parametrize(
    ("member", "control"),
    [
        ("StorageEncrypted", "rds-instance-encryption"),
        ("KmsKeyId", "rds-instance-encryption"),
        ("PubliclyAccessible", "rds-instance-not-public"),
        ("DBSubnetGroup", "rds-instance-private-subnets"),
        ("TagList", "tags-required"),
    ],
)
def test_what_aws_does_not_answer_is_unknown(
    session: Boto, read: Read, member: str, control: str
) -> None:
    reader = answer(session)
    reader.answers["rds", "describe_db_instances"]["DBInstances"] = [
        {name: value for name, value in INSTANCE.items() if name != member}
    ]
    assert read(KIND, reader=reader).says(control, KIND, "db") is Status.UNKNOWN


def test_a_secret_that_rds_calls_impaired_keeps_no_password(session: Boto, read: Read) -> None:
    reader = answer(session)
    secret = {
        "SecretArn": "arn:aws:secretsmanager:us-west-2:1:secret:x",
        "SecretStatus": "impaired",
    }
    reader.answers["rds", "describe_db_instances"]["DBInstances"] = [
        {**INSTANCE, "MasterUserSecret": {**secret, "SecretStatus": "impaired"}}
    ]
    control = "rds-instance-managed-credentials"
    assert read(KIND, reader=reader).says(control, KIND, "db") is Status.FAIL


def test_a_replica_says_itself_whether_it_is_encrypted(session: Boto, read: Read) -> None:
    source = "arn:aws:rds:us-east-1:123456789012:db:source"
    replica = {"ReadReplicaSourceDBInstanceIdentifier": source, "StorageEncrypted": False}
    audit = read(KIND, reader=answer(session, replica))
    assert audit.says("rds-instance-encryption", KIND, "db") is Status.FAIL
    assert audit.one(KIND, "db").values["replicate_source_db"] == source
    assert audit.says("rds-instance-managed-credentials", KIND, "db") is Status.PASS


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("aurora-mysql", "aws_rds_cluster"),
        ("docdb", "aws_docdb_cluster"),
        ("neptune", "aws_neptune_cluster"),
    ],
)
def test_members_of_clusters_are_of_a_type_of_their_own(
    session: Boto, read: Read, engine: str, kind: str
) -> None:
    reader = answer(session, {"Engine": engine, "DBClusterIdentifier": "cluster"})
    cluster = {
        "DBClusterIdentifier": "cluster",
        "DBClusterArn": "arn:aws:rds:us-west-2:123456789012:cluster:cluster",
        "Engine": engine,
        "StorageEncrypted": False,
        "TagList": [],
    }
    reader.answers["rds", "describe_db_clusters"] = {"DBClusters": [cluster]}
    audit = read(KIND, "aws_rds_cluster", reader=reader)
    assert not audit.all(KIND)
    assert audit.one(f"{kind}_instance", "db").values["cluster_identifier"] == "cluster"
    assert audit.one(kind, "cluster").values["storage_encrypted"] is False


@pytest.mark.parametrize("way", ["none", "own", "main"])
def test_subnets_are_as_private_as_their_routes(session: Boto, read: Read, way: str) -> None:
    """A subnet without a table of its own uses the main table of its VPC."""
    ec2, rds = session.client("ec2"), session.client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    out = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    mains = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    table = ec2.describe_route_tables(Filters=mains)["RouteTables"][0]["RouteTableId"]
    if way == "own":
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    if way != "none":
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=out)
    rds.create_db_subnet_group(
        DBSubnetGroupName="routed", DBSubnetGroupDescription="x", SubnetIds=[subnet]
    )
    reader = answer(session, {"DBSubnetGroup": {"DBSubnetGroupName": "routed"}})
    network = ("aws_vpc", "aws_subnet", "aws_route_table", "aws_internet_gateway")
    audit = read(KIND, "aws_db_subnet_group", *network, reader=reader)
    expected = Status.PASS if way == "none" else Status.FAIL
    assert audit.says("rds-instance-private-subnets", KIND, "db") is expected
    assert audit.one("aws_db_subnet_group", "routed").values["subnet_ids"] == [subnet]
    audit = read(KIND, "aws_db_subnet_group", "aws_subnet", reader=reader)
    assert audit.says("rds-instance-private-subnets", KIND, "db") is Status.UNKNOWN


def test_a_database_in_the_default_group_is_judged_by_its_subnets(
    session: Boto, read: Read
) -> None:
    group = {
        "DBSubnetGroupName": "default",
        "DBSubnetGroupArn": "arn:aws:rds:us-west-2:123456789012:subgrp:default",
        "Subnets": [],
    }
    reader = answer(session)
    reader.answers["rds", "describe_db_subnet_groups"] = {"DBSubnetGroups": [group]}
    reader.answers["rds", "list_tags_for_resource"] = {"TagList": []}
    audit = read("aws_db_subnet_group", reader=reader)
    assert audit.one("aws_db_subnet_group", "default").made_by == "aws"
