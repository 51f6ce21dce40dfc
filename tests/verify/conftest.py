"""An account as the slice of the `tap` stack leaves it, made through the API in this process."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.utils import method_names_from_class

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.model.finding import Origin
from revet.model.verdict import Verdict
from revet.plan.state import load_state
from revet.verify.api import Api
from revet.verify.audit import AuditInput
from revet.verify.boto import BotoReader
from revet.verify.deployed import judge_deployed
from revet.verify.read_only import Reader

Boto = Any  # a session or client; boto3's types know services only as literals
Add = Callable[..., None]

REGION = "us-west-2"
ACCOUNT = "123456789012"
NETWORK = (
    "ec2-default-network-acl-closed",
    "ec2-default-security-group-closed",
    "ec2-security-group-ports",
    "ec2-vpc-endpoint-policy",
    "ec2-vpc-no-internet",
)
"""Controls that run on request; the network of this account is closed."""
TAGS = {"Environment": "dev", "Owner": "security", "Purpose": "tests"}
SETTINGS: dict[str, dict[str, Any]] = {
    "iam-role-session": {"seconds": 3600},
    "ec2-security-group-ports": {"ports": (443, 5432)},
    "rds-instance-encryption": {"customer_managed_key": True},
    "s3-bucket-encryption": {"customer_managed_key": True},
    "terraform-outputs": {"names": ("bucket_name", "key_arn")},
    "tags-required": {"keys": ("Environment", "Owner", "Purpose")},
}


@dataclasses.dataclass
class Account:
    """The deployed resources: how to reach them, and what Terraform would say of them."""

    session: Boto
    state: Mapping[str, Any]
    mock: Any
    clients: dict[str, Any] = dataclasses.field(default_factory=dict)

    def client(self, service: str) -> Boto:
        """A client that is made once; making one takes longer than a call."""
        if service not in self.clients:
            self.clients[service] = self.session.client(service)
        return self.clients[service]

    def rebuild(self) -> None:
        """Empty the account and fill it again."""
        self.mock.reset()
        self.state = _build(self.session)


@pytest.fixture(scope="session", autouse=True)
def _moto_repeats_nothing() -> Iterator[None]:
    """Keep moto from making machine images for each account, and from listing its operations anew
    for each call: no test starts an image, and the operations stay the same.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        listed = cache(method_names_from_class)
        patch.setattr("moto.core.responses.method_names_from_class", listed)
        yield


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with mock_aws() as mock:
        session = boto3.session.Session("testing", "testing", region_name=REGION)
        yield Account(session, _build(session), mock)


@pytest.fixture(scope="module")
def boto_reader(account: Account) -> BotoReader:
    return BotoReader(account.session)


class KeyUsage:
    """Answers as AWS does: moto leaves `KeyUsage` out of the keys that it makes without one.

    Source: KMS API Reference, `KeyMetadata`.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self.reader.call(service, operation, **parameters)
        if operation == "describe_key":
            usage = answer["KeyMetadata"].get("KeyUsage") or "ENCRYPT_DECRYPT"
            return {**answer, "KeyMetadata": {**answer["KeyMetadata"], "KeyUsage": usage}}
        return answer


@pytest.fixture
def deployed(account: Account, boto_reader: Reader) -> Callable[..., Verdict]:
    """Judges what the state names; `reader` stands in for the one that asks the account."""

    def run(
        *,
        reader: Callable[[Reader], Reader] = KeyUsage,
        beside: bool = False,
        settings: Mapping[str, Mapping[str, Any]] = SETTINGS,
        **against: Any,  # noqa: ANN401 - fields of AuditInput
    ) -> Verdict:
        return judge_deployed(
            Api(reader(KeyUsage(boto_reader)), ACCOUNT, REGION),
            load_state(account.state),
            AuditInput(
                load_catalog(),
                baseline=Baseline("tests", controls=("*", *NETWORK), settings=settings),
                **against,
            ),
            stack="tap",
            regions={},
            origin=Origin.EMULATED,
            beside=beside,
        )

    return run


def _pairs(key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in TAGS.items()]


def _spec(kind: str) -> list[Any]:
    return [{"ResourceType": kind, "Tags": _pairs()}]


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _tls_only(bucket: str) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _build(session: Boto) -> dict[str, Any]:
    resources: list[dict[str, Any]] = []

    def state(address: str, **values: object) -> None:
        kind, _, rest = address.partition(".")
        name, _, index = rest.partition("[")
        node = {"address": address, "mode": "managed", "type": kind, "name": name}
        number = {"index": int(index.rstrip("]"))} if index else {}
        values.setdefault("tags_all", TAGS)
        provider = "registry.terraform.io/hashicorp/aws"
        resources.append({**node, **number, "provider_name": provider, "values": values})

    key = _key(session, state)
    for name in ("data", "trail"):
        _bucket(session, state, name, key)
    _trail(session, state, key)
    groups = {name: _log_group(session, state, name, key) for name in ("app", "flow")}
    vpc, subnets = _network(session, state)
    _flow_log(session, state, vpc, groups["flow"])
    _database(session, state, key, subnets)
    outputs = {
        "bucket_name": "tap-data-dev",
        "key_arn": key,
        "vpc_id": vpc,
        "subnet_ids": subnets,
        "log_group": groups["app"],
        "trail_arn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/tap-trail-dev",
        "database_id": "tap-db-dev",
        "database_endpoint": "tap-db-dev.example:5432",
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/tap-flow-dev",
        "security_group_id": resources[-1]["values"]["vpc_security_group_ids"][0],
    }
    return {
        "format_version": "1.0",
        "values": {
            "outputs": {
                name: {"value": value, "sensitive": False} for name, value in outputs.items()
            },
            "root_module": {"resources": resources},
        },
    }


def _key(session: Boto, state: Add) -> str:
    kms = session.client("kms")
    trail = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/tap-trail-dev"
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": trail}},
        },
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    made = kms.create_key(Policy=policy, Tags=_pairs("TagKey", "TagValue"))["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(AliasName="alias/tap-data-dev", TargetKeyId=made["KeyId"])
    state(
        "aws_kms_key.data",
        id=made["KeyId"],
        arn=made["Arn"],
        customer_master_key_spec="SYMMETRIC_DEFAULT",
    )
    return str(made["Arn"])


def _bucket(session: Boto, state: Add, name: str, key: str) -> None:
    s3 = session.client("s3")
    bucket = f"tap-{name}-dev"
    trail = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/tap-trail-dev"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": _pairs()})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    },
                    "BucketKeyEnabled": True,
                }
            ]
        },
    )
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "incomplete-uploads",
                    "Status": "Enabled",
                    "Filter": {},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
    )
    deliver = [
        {
            "Sid": "Acl",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": {"StringEquals": {"aws:SourceArn": trail}},
        },
        {
            "Sid": "Deliver",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/*",
            "Condition": {
                "StringEquals": {
                    "aws:SourceArn": trail,
                    "s3:x-amz-acl": "bucket-owner-full-control",
                }
            },
        },
    ]
    policy = _policy(_tls_only(bucket), *(deliver if name == "trail" else []))
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    state(
        f"aws_s3_bucket.{name}",
        id=bucket,
        bucket=bucket,
        arn=f"arn:aws:s3:::{bucket}",
        region=REGION,
    )


def _trail(session: Boto, state: Add, key: str) -> None:
    cloudtrail = session.client("cloudtrail")
    made = cloudtrail.create_trail(
        Name="tap-trail-dev",
        S3BucketName="tap-trail-dev",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
        TagsList=_pairs(),
    )
    cloudtrail.start_logging(Name=made["TrailARN"])
    state("aws_cloudtrail.trail", id=made["TrailARN"], arn=made["TrailARN"], name="tap-trail-dev")


def _log_group(session: Boto, state: Add, name: str, key: str) -> str:
    logs = session.client("logs")
    group = f"/tap/{name}-dev"
    logs.create_log_group(logGroupName=group, kmsKeyId=key, tags=TAGS)
    logs.put_retention_policy(logGroupName=group, retentionInDays=90)
    state(
        f"aws_cloudwatch_log_group.{name}",
        id=group,
        name=group,
        arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
    )
    return group


def _network(session: Boto, state: Add) -> tuple[str, list[str]]:
    ec2 = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=_spec("vpc"))["Vpc"]["VpcId"]
    state("aws_vpc.main", id=vpc, arn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/{vpc}")
    subnets = []
    for number, zone in enumerate("ab"):
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=f"{REGION}{zone}",
            TagSpecifications=_spec("subnet"),
        )["Subnet"]["SubnetId"]
        state(
            f"aws_subnet.private[{number}]",
            id=subnet,
            arn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{subnet}",
        )
        subnets.append(subnet)
    _close(ec2, state, vpc)
    return vpc, subnets


def _close(ec2: Boto, state: Add, vpc: str) -> None:
    """Nothing is left open by default, and what passes the endpoint is own."""
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    [group] = ec2.describe_security_groups(Filters=own)["SecurityGroups"]
    name = group["GroupId"]
    ec2.revoke_security_group_ingress(GroupId=name, IpPermissions=group["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=name, IpPermissions=group["IpPermissionsEgress"])
    ec2.create_tags(Resources=[name], Tags=_pairs())
    state("aws_default_security_group.main", id=name, vpc_id=vpc)
    [default] = ec2.describe_network_acls(Filters=own)["NetworkAcls"]
    closed = default["NetworkAclId"]
    for egress in (False, True):
        ec2.delete_network_acl_entry(NetworkAclId=closed, RuleNumber=100, Egress=egress)
    ec2.create_tags(Resources=[closed], Tags=_pairs())
    state("aws_default_network_acl.main", id=closed, default_network_acl_id=closed, vpc_id=vpc)
    made = ec2.create_network_acl(VpcId=vpc, TagSpecifications=_spec("network-acl"))
    private = made["NetworkAcl"]["NetworkAclId"]
    for link in default["Associations"]:
        ec2.replace_network_acl_association(
            AssociationId=link["NetworkAclAssociationId"], NetworkAclId=private
        )
    state("aws_network_acl.private", id=private, vpc_id=vpc)
    same = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
    everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = _policy({**everything, "Condition": {"StringEquals": same}})
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        PolicyDocument=policy,
        TagSpecifications=_spec("vpc-endpoint"),
    )["VpcEndpoint"]["VpcEndpointId"]
    state(
        "aws_vpc_endpoint.s3",
        id=endpoint,
        policy=policy,
        vpc_endpoint_type="Gateway",
        vpc_id=vpc,
    )


def _flow_log(session: Boto, state: Add, vpc: str, group: str) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    writes = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*",
    }
    iam = session.client("iam")
    role = iam.create_role(
        RoleName="tap-flow-dev",
        AssumeRolePolicyDocument=_policy(trust),
        Tags=_pairs(),
    )["Role"]["Arn"]
    iam.put_role_policy(RoleName="tap-flow-dev", PolicyName="write", PolicyDocument=_policy(writes))
    state("aws_iam_role.flow", id="tap-flow-dev", name="tap-flow-dev", arn=role)
    flow_log = session.client("ec2").create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=group,
        DeliverLogsPermissionArn=role,
        TagSpecifications=_spec("vpc-flow-log"),
    )["FlowLogIds"][0]
    state(
        "aws_flow_log.main",
        id=flow_log,
        arn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/{flow_log}",
        iam_role_arn=role,
    )


def _database(session: Boto, state: Add, key: str, subnets: list[str]) -> None:
    ec2 = session.client("ec2")
    vpc = ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    group = ec2.create_security_group(
        GroupName="tap-db-dev",
        Description="the database",
        VpcId=vpc,
        TagSpecifications=_spec("security-group"),
    )["GroupId"]
    out = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=out)  # as the provider does
    state(
        "aws_security_group.db",
        id=group,
        arn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{group}",
    )
    rds = session.client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="tap-db-dev",
        DBSubnetGroupDescription="private",
        SubnetIds=subnets,
        Tags=_pairs(),
    )
    made = rds.create_db_instance(
        DBInstanceIdentifier="tap-db-dev",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        DBSubnetGroupName="tap-db-dev",
        StorageEncrypted=True,
        KmsKeyId=key,
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=key,
        MasterUsername="postgres",
        PubliclyAccessible=False,
        Tags=_pairs(),
    )["DBInstance"]
    state(
        "aws_db_instance.main",
        id=made["DbiResourceId"],
        identifier="tap-db-dev",
        arn=made["DBInstanceArn"],
        vpc_security_group_ids=[group],
    )


def _load_corrupting() -> ModuleType:
    """`corrupting.py`, by its path: the test folders are no packages."""
    path = Path(__file__).with_name("corrupting.py")
    spec = importlib.util.spec_from_file_location("revet_tests_corrupting", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def corrupting() -> ModuleType:
    return _load_corrupting()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each corruption of the table becomes a case."""
    if "corruption" in metafunc.fixturenames:
        module = _load_corrupting()
        cases = module.corruptions()
        metafunc.parametrize("corruption", cases, ids=[module.case_id(case) for case in cases])
