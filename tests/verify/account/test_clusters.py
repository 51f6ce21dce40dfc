"""Clusters, tables, networks and keys as an account has them: good, and spoiled in one respect."""

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

CLUSTER, TABLE = "aws_rds_cluster", "aws_dynamodb_table"
ARN = "arn:aws:rds:us-west-2:123456789012:"
GROUP = {
    "DBClusterParameterGroupName": "trading",
    "DBParameterGroupFamily": "aurora-postgresql16",
    "DBClusterParameterGroupArn": f"{ARN}cluster-pg:trading",
}
FORCED = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
SECRET = {"SecretArn": "arn:aws:secretsmanager:us-west-2:1:secret:x", "SecretStatus": "active"}
CLUSTERS, INSTANCES = ("rds", "describe_db_clusters"), ("rds", "describe_db_instances")
PARAMETERS = ("rds", "describe_db_cluster_parameters")


def instance(name: str, zone: str) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": name,
        "DbiResourceId": f"db-{name}",
        "DBInstanceArn": f"{ARN}db:{name}",
        "DBClusterIdentifier": "trading",
        "Engine": "aurora-postgresql",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "KmsKeyId": "arn:aws:kms:us-west-2:123456789012:key/a",
        "DBSubnetGroup": {"DBSubnetGroupName": "private"},
        "AvailabilityZone": zone,
        "DBInstanceClass": "db.serverless",
        "TagList": [],
    }


def answer(session: Boto) -> tuple[Answers, dict[str, Any]]:
    """A reader of an account with a good cluster, and what it says of that."""
    key = session.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    cluster = {
        "DBClusterIdentifier": "trading",
        "DBClusterArn": f"{ARN}cluster:trading",
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.4",
        "StorageEncrypted": True,
        "KmsKeyId": key,
        "MasterUserSecret": SECRET,
        "DBClusterParameterGroup": "trading",
        "DBSubnetGroup": "private",
        "IAMDatabaseAuthenticationEnabled": True,
        "EnabledCloudwatchLogsExports": ["postgresql"],
        "BackupRetentionPeriod": 7,
        "EngineMode": "provisioned",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4.0},
        "TagList": [],
    }
    found = {
        CLUSTERS: {"DBClusters": [cluster]},
        INSTANCES: {"DBInstances": [instance("a", "us-west-2a"), instance("b", "us-west-2b")]},
        ("rds", "describe_db_cluster_parameter_groups"): {"DBClusterParameterGroups": [GROUP]},
        ("rds", "list_tags_for_resource"): {"TagList": []},
        PARAMETERS: {"Parameters": [FORCED]},
    }
    return Answers(BotoReader(session), found), cluster


READ = (
    *(CLUSTER, "aws_db_instance", "aws_rds_cluster_parameter_group", "aws_db_parameter_group"),
    *("aws_kms_key", "aws_kms_alias"),
)
SPOILED: list[tuple[str, dict[str, Any]]] = [
    ("rds-cluster-encryption", {"StorageEncrypted": False}),
    ("rds-cluster-managed-credentials", {"MasterUserSecret": None}),
    (
        "rds-cluster-managed-credentials",
        {"MasterUserSecret": {**SECRET, "SecretStatus": "impaired"}},
    ),
    ("rds-cluster-serverless", {"ServerlessV2ScalingConfiguration": None}),
    ("rds-cluster-serverless", {"EngineMode": "serverless"}),
    ("rds-iam-authentication", {"IAMDatabaseAuthenticationEnabled": False}),
    ("rds-iam-authentication", {"IAMDatabaseAuthenticationEnabled": None}),
    ("rds-logs-exported", {"EnabledCloudwatchLogsExports": []}),
    ("rds-backups", {"BackupRetentionPeriod": 1}),
    ("rds-tls-forced", {"DBClusterParameterGroup": "default.aurora-postgresql16"}),
]


@pytest.mark.parametrize(("control", "bad"), SPOILED)
def test_a_spoiled_cluster_fails(
    session: Boto, read: Read, control: str, bad: dict[str, Any]
) -> None:
    reader, cluster = answer(session)
    assert read(*READ, reader=reader).says(control, CLUSTER, "trading") is Status.PASS
    cluster |= bad
    for name in [name for name, value in bad.items() if value is None]:
        del cluster[name]  # RDS leaves out what is not there
    assert read(*READ, reader=reader).says(control, CLUSTER, "trading") is Status.FAIL


@pytest.mark.parametrize(
    "parameters", [[], [{**FORCED, "ParameterValue": "0"}], [{**FORCED, "ParameterName": "x"}]]
)
def test_parameters_that_somebody_set_decide(
    session: Boto, read: Read, parameters: list[dict[str, Any]]
) -> None:
    reader, _ = answer(session)
    reader.answers[PARAMETERS] = {"Parameters": parameters}
    assert read(*READ, reader=reader).says("rds-tls-forced", CLUSTER, "trading") is Status.FAIL


@pytest.mark.parametrize(
    ("instances", "status"),
    [
        ([("a", "us-west-2a"), ("b", "us-west-2b")], Status.PASS),
        ([("a", "us-west-2a"), ("b", "us-west-2a")], Status.FAIL),
        ([("a", "us-west-2a")], Status.FAIL),
        ([], Status.FAIL),
    ],
)
def test_the_zones_are_those_of_the_instances(
    session: Boto, read: Read, instances: list[tuple[str, str]], status: Status
) -> None:
    reader, _ = answer(session)
    reader.answers[INSTANCES] = {"DBInstances": [instance(*each) for each in instances]}
    audit = read(*READ, reader=reader)
    assert audit.says("rds-cluster-multi-az", CLUSTER, "trading") is status


@pytest.mark.parametrize("kind", ["db.r6g.large", "db.serverless"])
def test_an_instance_of_a_cluster_may_have_a_size(session: Boto, read: Read, kind: str) -> None:
    reader, _ = answer(session)
    sized = instance("b", "us-west-2b") | {"DBInstanceClass": kind}
    reader.answers[INSTANCES] = {"DBInstances": [instance("a", "us-west-2a"), sized]}
    says = read(*READ, reader=reader).says("rds-cluster-serverless", CLUSTER, "trading")
    assert says is (Status.PASS if kind == "db.serverless" else Status.FAIL)


def test_an_instance_of_a_cluster_may_be_public(session: Boto, read: Read) -> None:
    reader, _ = answer(session)
    public = instance("b", "us-west-2b") | {"PubliclyAccessible": True}
    reader.answers[INSTANCES] = {"DBInstances": [instance("a", "us-west-2a"), public]}
    audit = read(*READ, reader=reader)
    found = {
        item.values["identifier"]: audit.findings["rds-instance-not-public", item.address].status
        for item in audit.seen.observed
        if item.type == "aws_rds_cluster_instance"
    }
    assert found == {"a": Status.PASS, "b": Status.FAIL}


def make_table(session: Boto, **more: object) -> None:
    session.client("dynamodb").create_table(
        TableName="sessions",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        **more,
    )


TABLES = (
    "dynamodb-table-encryption",
    "dynamodb-table-on-demand",
    "dynamodb-table-recovery",
)


def test_a_good_table(session: Boto, read: Read) -> None:
    key = session.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    encrypted = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    make_table(session, BillingMode="PAY_PER_REQUEST", SSESpecification=encrypted)
    session.client("dynamodb").update_continuous_backups(
        TableName="sessions",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    audit = read(TABLE, "aws_kms_key", "aws_kms_alias")
    says = {control: audit.says(control, TABLE, "sessions") for control in TABLES}
    assert says == dict.fromkeys(TABLES, Status.PASS)


def test_a_table_of_defaults(session: Boto, read: Read) -> None:
    make_table(session, ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1})
    audit = read(TABLE, "aws_kms_key", "aws_kms_alias")
    says = {control: audit.says(control, TABLE, "sessions") for control in TABLES}
    assert says == dict.fromkeys(TABLES, Status.FAIL)


def test_a_subnet_that_gives_out_public_addresses(session: Boto, read: Read) -> None:
    ec2 = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    made = {
        name: ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.1.{number}.0/24", AvailabilityZone=f"us-west-2{name}"
        )["Subnet"]["SubnetId"]
        for number, name in enumerate("ab")
    }
    audit = read("aws_vpc", "aws_subnet", "aws_route_table")
    assert audit.says("ec2-subnet-no-public-ip", "aws_subnet", made["a"]) is Status.PASS
    assert audit.says("ec2-vpc-zones", "aws_vpc", vpc) is Status.PASS
    ec2.modify_subnet_attribute(SubnetId=made["a"], MapPublicIpOnLaunch={"Value": True})
    audit = read("aws_vpc", "aws_subnet", "aws_route_table")
    assert audit.says("ec2-subnet-no-public-ip", "aws_subnet", made["a"]) is Status.FAIL
    assert audit.says("ec2-vpc-zones", "aws_vpc", vpc) is Status.FAIL
    ec2.delete_subnet(SubnetId=made["a"])
    audit = read("aws_vpc", "aws_subnet", "aws_route_table")
    assert audit.says("ec2-vpc-zones", "aws_vpc", vpc) is Status.FAIL


def test_a_key_that_a_table_and_a_bucket_share(session: Boto, read: Read) -> None:
    key = session.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    encrypted = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key["Arn"]}
    make_table(session, BillingMode="PAY_PER_REQUEST", SSESpecification=encrypted)
    types = (
        *("aws_kms_key", "aws_kms_alias", TABLE, "aws_s3_bucket", "aws_lambda_function"),
        *("aws_db_instance", CLUSTER),
    )
    control = "kms-key-one-service"
    assert read(*types).says(control, "aws_kms_key", key["KeyId"]) is Status.PASS
    s3 = session.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]}
    s3.put_bucket_encryption(
        Bucket="data",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    assert read(*types).says(control, "aws_kms_key", key["KeyId"]) is Status.FAIL
