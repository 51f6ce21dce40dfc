"""What AWS always answers, and what it lets be changed: where moto leaves it out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

ACCOUNT = "123456789012"
TRUST = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


READ = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}


def test_details_of_the_account_name_every_policy(client: Client) -> None:
    iam = client("iam")
    iam.create_role(
        RoleName="detailed",
        AssumeRolePolicyDocument=document({**TRUST, "Action": "sts:AssumeRole"}),
    )
    iam.put_role_policy(RoleName="detailed", PolicyName="own", PolicyDocument=document(READ))
    made = iam.create_policy(PolicyName="detailed", PolicyDocument=document(READ))["Policy"]
    said = iam.get_account_authorization_details(Filter=["Role", "LocalManagedPolicy"])
    (policy,) = (one for one in said["Policies"] if one["Arn"] == made["Arn"])
    assert (policy["PolicyName"], policy["PolicyId"]) == ("detailed", made["PolicyId"])
    assert not any(one["Arn"].startswith("arn:aws:iam::aws:") for one in said["Policies"])
    assert said["UserDetailList"] == []
    (role,) = (one for one in said["RoleDetailList"] if one["RoleName"] == "detailed")
    assert [one["PolicyName"] for one in role["RolePolicyList"]] == ["own"]


def test_a_user_keeps_its_boundary(client: Client) -> None:
    iam = client("iam")
    arn = iam.create_policy(PolicyName="bounds", PolicyDocument=document(READ))["Policy"]["Arn"]
    iam.create_user(UserName="bound", PermissionsBoundary=arn)
    assert _boundary(iam) == arn
    iam.delete_user_permissions_boundary(UserName="bound")
    assert _boundary(iam) is None
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.delete_user_permissions_boundary(UserName="bound")
    iam.put_user_permissions_boundary(UserName="bound", PermissionsBoundary=arn)
    assert _boundary(iam) == arn
    found = iam.get_account_authorization_details(Filter=["User"])["UserDetailList"]
    (said,) = (user for user in found if user["UserName"] == "bound")
    assert said["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn


def test_a_boundary_limits_the_requests_of_a_user(client: Client) -> None:
    iam = client("iam")
    arn = iam.create_policy(PolicyName="narrow", PolicyDocument=document(READ))["Policy"]["Arn"]
    iam.create_user(UserName="narrow", PermissionsBoundary=arn)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.put_user_policy(UserName="narrow", PolicyName="admin", PolicyDocument=document(everything))
    trust = document({**TRUST, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="wanted", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    key = iam.create_access_key(UserName="narrow")["AccessKey"]
    sts = client("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    with pytest.raises(ClientError, match="AccessDenied"):
        sts.assume_role(RoleArn=role, RoleSessionName="wanted")
    iam.delete_user_permissions_boundary(UserName="narrow")
    assert sts.assume_role(RoleArn=role, RoleSessionName="wanted")["Credentials"]


def test_the_default_version_of_an_attached_policy_counts(client: Client) -> None:
    iam = client("iam")
    trust = document({**TRUST, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="asked", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    arn = iam.create_policy(PolicyName="may", PolicyDocument=document(assume))["Policy"]["Arn"]
    iam.create_user(UserName="asks")
    iam.attach_user_policy(UserName="asks", PolicyArn=arn)
    key = iam.create_access_key(UserName="asks")["AccessKey"]
    sts = client("sts", key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    assert sts.assume_role(RoleArn=role, RoleSessionName="asks")["Credentials"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(READ), SetAsDefault=True)
    with pytest.raises(ClientError, match="AccessDenied"):
        sts.assume_role(RoleArn=role, RoleSessionName="asks")


def _boundary(iam: Any) -> str | None:  # noqa: ANN401 - boto3's client
    said = iam.get_user(UserName="bound")["User"].get("PermissionsBoundary", {})
    found: str | None = said.get("PermissionsBoundaryArn")
    return found


@pytest.mark.parametrize("has_gateway", [True, False])
def test_a_database_is_public_where_its_network_has_a_way_out(
    client: Client,
    has_gateway: bool,  # noqa: FBT001 - a case
) -> None:
    ec2, rds, name = client("ec2"), client("rds"), f"out-{str(has_gateway).lower()}"
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    if has_gateway:
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    rds.create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=[subnet]
    )
    common = {
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "MasterUsername": "postgres",
        "ManageMasterUserPassword": True,
        "DBSubnetGroupName": name,
    }
    rds.create_db_instance(DBInstanceIdentifier=name, AllocatedStorage=20, **common)
    (said,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert said["PubliclyAccessible"] is has_gateway


@pytest.mark.parametrize("more", [{}, {"MultiRegion": True}, {"Origin": "EXTERNAL"}])
def test_a_key_has_a_usage(client: Client, more: dict[str, Any]) -> None:
    kms = client("kms")
    made = kms.create_key(**more)["KeyMetadata"]
    assert made["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"]["KeyUsage"] == "ENCRYPT_DECRYPT"
    signs = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert signs["KeyUsage"] == "SIGN_VERIFY"


@pytest.mark.parametrize("how", ["logGroupName", "resourceIdentifier"])
def test_the_key_of_a_log_group_changes(client: Client, how: str) -> None:
    logs, name = client("logs"), f"keyed-{how}"
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName=name)
    arn = _group(logs, name)["arn"]
    names = {"logGroupName": name, "resourceIdentifier": arn}
    logs.associate_kms_key(kmsKeyId=key, **{how: names[how]})
    assert _group(logs, name)["kmsKeyId"] == key
    logs.disassociate_kms_key(**{how: names[how]})
    assert "kmsKeyId" not in _group(logs, name)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.associate_kms_key(logGroupName="absent", kmsKeyId=key)


def _group(logs: Any, name: str) -> Any:  # noqa: ANN401 - boto3's client
    return logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]


@pytest.mark.parametrize("size", [None, "varies_by_storage_class"])
def test_lifecycle_rules_keep_the_size_that_they_begin_with(client: Client, size: str) -> None:
    s3, name = client("s3"), f"sized-{str(size).lower().replace('_', '-')}"
    s3.create_bucket(Bucket=name)
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    more = {"TransitionDefaultMinimumObjectSize": size} if size else {}
    s3.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration={"Rules": [rule]}, **more
    )
    said = s3.get_bucket_lifecycle_configuration(Bucket=name)
    assert said["TransitionDefaultMinimumObjectSize"] == (size or "all_storage_classes_128K")
    assert [one["ID"] for one in said["Rules"]] == ["a"]


LOGGING = {"Service": "logging.s3.amazonaws.com"}
TLS = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("principal", "action", "resource", "takes"),
    [
        (LOGGING, "s3:PutObject", "arn:aws:s3:::{bucket}/*", True),
        ({"Service": ["logging.s3.amazonaws.com"]}, ["s3:Put*"], ["arn:aws:s3:::{bucket}/*"], True),
        (LOGGING, "s3:PutObject", "arn:aws:s3:::{bucket}/logs/*", True),
        ("*", "s3:PutObject", "arn:aws:s3:::{bucket}/*", True),
        (LOGGING, "s3:PutObject", "arn:aws:s3:::{bucket}/other/*", False),
        (LOGGING, "s3:GetObject", "arn:aws:s3:::{bucket}/*", False),
        ({"Service": "ec2.amazonaws.com"}, "s3:PutObject", "arn:aws:s3:::{bucket}/*", False),
        (None, "", "", False),
    ],
)
def test_a_bucket_takes_logs_as_its_policy_says(
    client: Client,
    principal: Any,  # noqa: ANN401 - as in a policy
    action: str | list[str],
    resource: str | list[str],
    takes: bool,  # noqa: FBT001 - a case
) -> None:
    s3 = client("s3")
    bucket = f"takes-logs-{abs(hash(str((principal, action, resource))))}"
    s3.create_bucket(Bucket=bucket)
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    policy = document(TLS, *([allow] if principal else []))
    s3.put_bucket_policy(Bucket=bucket, Policy=policy.replace("{bucket}", bucket))
    wanted = {"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": "logs/"}}
    if takes:
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=wanted)
        assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetBucket"] == bucket
    else:
        with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
            s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=wanted)


def test_a_prefix_list_keeps_its_name_when_its_entries_change(client: Client) -> None:
    ec2 = client("ec2")
    made = ec2.create_managed_prefix_list(
        PrefixListName="inside", MaxEntries=2, AddressFamily="IPv4"
    )["PrefixList"]
    asked = {"PrefixListId": made["PrefixListId"], "CurrentVersion": made["Version"]}
    ec2.modify_managed_prefix_list(**asked, AddEntries=[{"Cidr": "10.0.0.0/8"}])
    only = {"PrefixListIds": [made["PrefixListId"]]}
    (found,) = ec2.describe_managed_prefix_lists(**only)["PrefixLists"]
    assert found["PrefixListName"] == "inside"
    ec2.modify_managed_prefix_list(PrefixListId=made["PrefixListId"], PrefixListName="other")
    (found,) = ec2.describe_managed_prefix_lists(**only)["PrefixLists"]
    assert found["PrefixListName"] == "other"
    ec2.delete_managed_prefix_list(PrefixListId=made["PrefixListId"])
    assert ec2.describe_managed_prefix_lists(**only)["PrefixLists"] == []


def test_a_replica_of_a_secret_has_the_policy_of_its_primary(client: Client) -> None:
    secrets = client("secretsmanager")
    arn = secrets.create_secret(
        Name="replicated", SecretString="x", AddReplicaRegions=[{"Region": "eu-west-1"}]
    )["ARN"]
    replica = client("secretsmanager", region_name="eu-west-1")
    there = arn.replace(arn.split(":")[3], "eu-west-1")
    assert "ResourcePolicy" not in replica.get_resource_policy(SecretId=there)
    policy = document({**TRUST, "Action": "secretsmanager:GetSecretValue", "Resource": "*"})
    secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy)
    said = replica.get_resource_policy(SecretId=there)
    assert (said["ARN"], json.loads(said["ResourcePolicy"])) == (there, json.loads(policy))
