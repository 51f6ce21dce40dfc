"""Resources that managed rules of AWS Config judge, and what they say of them: the cases."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

Client = Callable[..., Any]

ACCOUNT = "123456789012"
REGION = "eu-west-1"


class Region(NamedTuple):
    """Clients of one Region, and a name that nobody else uses."""

    client: Client
    name: str
    region: str = REGION

    def __call__(self, service: str) -> Any:  # noqa: ANN401 - boto3's client
        return self.client(service, region_name=self.region)


def bucket(there: Region) -> str:
    made = {"LocationConstraint": there.region}
    there("s3").create_bucket(Bucket=there.name, CreateBucketConfiguration=made)
    return there.name


def encrypt(there: Region, algorithm: str, key: str | None = None) -> str:
    name = bucket(there)
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    there("s3").put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    return name


def key_arn(there: Region) -> str:
    return str(there("kms").create_key()["KeyMetadata"]["Arn"])


def open_bucket(
    there: Region, action: str | list[str], condition: dict[str, Any] | None = None
) -> str:
    name = bucket(there)
    allow = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{name}/*",
        **({"Condition": condition} if condition else {}),
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    there("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    return name


def blocked(there: Region, name: str) -> str:
    there("s3").put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
            True,
        ),
    )
    return name


def unlisted(there: Region, canned: str) -> str:
    """A bucket with a public list that counts for nothing."""
    name = acl(there, canned)
    there("s3").put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    return name


def acl(there: Region, canned: str) -> str:
    there("s3").put_bucket_acl(Bucket=bucket(there), ACL=canned)
    return there.name


def function(there: Region, *, inside: bool) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    role = there("iam").create_role(
        RoleName=there.name,
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": {**trust, "Action": "sts:AssumeRole"}}
        ),
    )["Role"]["Arn"]
    network = {}
    if inside:
        ec2 = there("ec2")
        own = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=own, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        guard = ec2.create_security_group(GroupName=there.name, Description="x", VpcId=own)
        network = {"SubnetIds": [subnet], "SecurityGroupIds": [guard["GroupId"]]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handle(event, context): return event")
    there("lambda").create_function(
        FunctionName=there.name,
        Runtime="python3.12",
        Role=role,
        Handler="main.handle",
        Code={"ZipFile": packed.getvalue()},
        **({"VpcConfig": network} if inside else {}),
    )
    return there.name


def tls(there: Region, resources: tuple[str, ...]) -> str:
    name = bucket(there)
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [one.format(name) for one in resources],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": deny}
    there("s3").put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    return name


def versioned(there: Region) -> str:
    there("s3").put_bucket_versioning(
        Bucket=bucket(there), VersioningConfiguration={"Status": "Enabled"}
    )
    return there.name


def rotating(there: Region, *, rotates: bool) -> str:
    key = key_arn(there)
    if rotates:
        there("kms").enable_key_rotation(KeyId=key)
    return key.rpartition("/")[2]


def user(there: Region, *, key: bool = True, status: str = "Active") -> str:
    iam = there("iam")
    made = iam.create_user(UserName=there.name)["User"]
    if key:
        access = iam.create_access_key(UserName=there.name)["AccessKey"]["AccessKeyId"]
        iam.update_access_key(UserName=there.name, AccessKeyId=access, Status=status)
    return str(made["UserId"])


def policied(there: Region) -> str:
    found = user(there)
    allow = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allow]}
    there("iam").put_user_policy(
        UserName=there.name, PolicyName="own", PolicyDocument=json.dumps(document)
    )
    return found


def log_group(there: Region, *, keyed: bool) -> str:
    more = {"kmsKeyId": key_arn(there)} if keyed else {}
    there("logs").create_log_group(logGroupName=there.name, **more)
    return there.name


def table(there: Region, *, recoverable: bool) -> str:
    dynamodb = there("dynamodb")
    dynamodb.create_table(
        TableName=there.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        **({"SSESpecification": {"Enabled": True, "SSEType": "KMS"}} if recoverable else {}),
    )
    dynamodb.update_continuous_backups(
        TableName=there.name,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recoverable},
    )
    return there.name


def database(there: Region, *, encrypted: bool) -> str:
    made = there("rds").create_db_instance(
        DBInstanceIdentifier=there.name,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="postgres",
        MasterUserPassword="x" * 12,
        AllocatedStorage=20,
        StorageEncrypted=encrypted,
        PubliclyAccessible=not encrypted,
    )
    return str(made["DBInstance"]["DbiResourceId"])


def volume(there: Region, *, encrypted: bool, attached: bool = True) -> str:
    ec2 = there("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    zone = f"{there.region}a"
    made = ec2.create_volume(AvailabilityZone=zone, Size=8, Encrypted=encrypted)["VolumeId"]
    if attached:
        run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]
        ec2.attach_volume(VolumeId=made, InstanceId=run["InstanceId"], Device="/dev/sdz")
    return str(made)


def group(there: Region, *, ssh_from: str, port: int = 22) -> str:
    ec2 = there("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_security_group(GroupName=there.name, Description="x", VpcId=vpc)["GroupId"]
    six = ":" in ssh_from
    permission = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "Ipv6Ranges" if six else "IpRanges": [{"CidrIpv6" if six else "CidrIp": ssh_from}],
    }
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[permission])
    return str(made)


def default_group(there: Region, *, closed: bool) -> str:
    ec2 = there("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    (found,) = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    if closed:
        ec2.revoke_security_group_egress(
            GroupId=found["GroupId"], IpPermissions=found["IpPermissionsEgress"]
        )
        if found["IpPermissions"]:
            ec2.revoke_security_group_ingress(
                GroupId=found["GroupId"], IpPermissions=found["IpPermissions"]
            )
    return str(found["GroupId"])


def vpc(there: Region, *, logged: bool) -> str:
    ec2 = there("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    if logged:
        destination = f"arn:aws:s3:::{bucket(there)}"
        ec2.create_flow_logs(
            ResourceIds=[made],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination=destination,
        )
    return str(made)


def secret(there: Region) -> str:
    return str(there("secretsmanager").create_secret(Name=there.name, SecretString="x")["ARN"])


def replicated(there: Region) -> str:
    elsewhere = there._replace(region="eu-north-1")
    made = elsewhere("secretsmanager").create_secret(
        Name=there.name, SecretString="x", AddReplicaRegions=[{"Region": there.region}]
    )["ARN"]
    return str(made.replace(elsewhere.region, there.region))


ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
GOOD, BAD, NONE = "COMPLIANT", "NON_COMPLIANT", ""
CASES: list[tuple[str, str, dict[str, str], Callable[[Region], str]]] = [
    ("S3_DEFAULT_ENCRYPTION_KMS", BAD, {}, bucket),
    ("S3_DEFAULT_ENCRYPTION_KMS", BAD, {}, lambda at: encrypt(at, "AES256")),
    ("S3_DEFAULT_ENCRYPTION_KMS", GOOD, {}, lambda at: encrypt(at, "aws:kms", key_arn(at))),
    ("S3_DEFAULT_ENCRYPTION_KMS", GOOD, {}, lambda at: encrypt(at, "aws:kms:dsse", key_arn(at))),
    ("S3_DEFAULT_ENCRYPTION_KMS", GOOD, {}, lambda at: encrypt(at, "aws:kms")),
    (
        "S3_DEFAULT_ENCRYPTION_KMS",
        BAD,
        {"kmsKeyArns": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/other"},
        lambda at: encrypt(at, "aws:kms", key_arn(at)),
    ),
    ("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", GOOD, {}, bucket),
    ("S3_BUCKET_VERSIONING_ENABLED", BAD, {}, bucket),
    ("S3_BUCKET_VERSIONING_ENABLED", GOOD, {}, versioned),
    ("S3_BUCKET_LOGGING_ENABLED", BAD, {}, bucket),
    ("S3_BUCKET_SSL_REQUESTS_ONLY", BAD, {}, bucket),
    (
        "S3_BUCKET_SSL_REQUESTS_ONLY",
        GOOD,
        {},
        lambda at: tls(at, ("arn:aws:s3:::{}", "arn:aws:s3:::{}/*")),
    ),
    ("S3_BUCKET_SSL_REQUESTS_ONLY", BAD, {}, lambda at: tls(at, ("arn:aws:s3:::{}/*",))),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", GOOD, {}, bucket),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", BAD, {}, lambda at: open_bucket(at, "s3:GetObject")),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", BAD, {}, lambda at: open_bucket(at, "s3:*")),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", GOOD, {}, lambda at: open_bucket(at, "s3:PutObject")),
    (
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        GOOD,
        {},
        lambda at: open_bucket(at, "s3:GetObject", ORGANIZATION),
    ),
    (
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        GOOD,
        {},
        lambda at: blocked(at, open_bucket(at, "s3:GetObject")),
    ),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", BAD, {}, lambda at: acl(at, "public-read")),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", GOOD, {}, lambda at: unlisted(at, "public-read")),
    ("S3_BUCKET_PUBLIC_READ_PROHIBITED", NONE, {}, lambda at: open_bucket(at, "s3:GetFooBar")),
    (
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        NONE,
        {},
        lambda at: open_bucket(at, ["s3:GetFooBar", "s3:PutObject"]),
    ),
    (
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        BAD,
        {},
        lambda at: open_bucket(at, ["s3:GetFooBar", "s3:GetObject"]),
    ),
    (
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        GOOD,
        {},
        lambda at: open_bucket(at, "s3:GetFooBar", ORGANIZATION),
    ),
    ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", GOOD, {}, lambda at: acl(at, "public-read")),
    ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", BAD, {}, lambda at: acl(at, "public-read-write")),
    ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", BAD, {}, lambda at: open_bucket(at, "s3:PutObject")),
    ("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", BAD, {}, bucket),
    ("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", GOOD, {}, lambda at: blocked(at, bucket(at))),
    ("ACCESS_KEYS_ROTATED", GOOD, {"maxAccessKeyAge": "90"}, user),
    ("ACCESS_KEYS_ROTATED", BAD, {"maxAccessKeyAge": "0"}, user),
    ("ACCESS_KEYS_ROTATED", GOOD, {"maxAccessKeyAge": "0"}, lambda at: user(at, status="Inactive")),
    ("ACCESS_KEYS_ROTATED", GOOD, {"maxAccessKeyAge": "0"}, lambda at: user(at, key=False)),
    ("IAM_USER_MFA_ENABLED", BAD, {}, user),
    ("IAM_USER_NO_POLICIES_CHECK", GOOD, {}, user),
    ("IAM_USER_NO_POLICIES_CHECK", BAD, {}, policied),
    ("CMK_BACKING_KEY_ROTATION_ENABLED", GOOD, {}, lambda at: rotating(at, rotates=True)),
    ("CMK_BACKING_KEY_ROTATION_ENABLED", BAD, {}, lambda at: rotating(at, rotates=False)),
    ("CLOUDWATCH_LOG_GROUP_ENCRYPTED", GOOD, {}, lambda at: log_group(at, keyed=True)),
    ("CLOUDWATCH_LOG_GROUP_ENCRYPTED", BAD, {}, lambda at: log_group(at, keyed=False)),
    ("DYNAMODB_PITR_ENABLED", GOOD, {}, lambda at: table(at, recoverable=True)),
    ("DYNAMODB_PITR_ENABLED", BAD, {}, lambda at: table(at, recoverable=False)),
    ("DYNAMODB_TABLE_ENCRYPTED_KMS", GOOD, {}, lambda at: table(at, recoverable=True)),
    ("DYNAMODB_TABLE_ENCRYPTED_KMS", BAD, {}, lambda at: table(at, recoverable=False)),
    ("RDS_STORAGE_ENCRYPTED", GOOD, {}, lambda at: database(at, encrypted=True)),
    ("RDS_STORAGE_ENCRYPTED", BAD, {}, lambda at: database(at, encrypted=False)),
    ("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", GOOD, {}, lambda at: database(at, encrypted=True)),
    ("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", BAD, {}, lambda at: database(at, encrypted=False)),
    ("ENCRYPTED_VOLUMES", GOOD, {}, lambda at: volume(at, encrypted=True)),
    ("ENCRYPTED_VOLUMES", BAD, {}, lambda at: volume(at, encrypted=False)),
    ("ENCRYPTED_VOLUMES", NONE, {}, lambda at: volume(at, encrypted=False, attached=False)),
    ("INCOMING_SSH_DISABLED", BAD, {}, lambda at: group(at, ssh_from="0.0.0.0/0")),
    ("INCOMING_SSH_DISABLED", BAD, {}, lambda at: group(at, ssh_from="::/0")),
    ("INCOMING_SSH_DISABLED", BAD, {}, lambda at: group(at, ssh_from="0:0:0:0:0:0:0:0/0")),
    ("INCOMING_SSH_DISABLED", GOOD, {}, lambda at: group(at, ssh_from="2001:db8::/32")),
    ("INCOMING_SSH_DISABLED", GOOD, {}, lambda at: group(at, ssh_from="10.0.0.0/8")),
    ("INCOMING_SSH_DISABLED", GOOD, {}, lambda at: group(at, ssh_from="0.0.0.0/0", port=443)),
    ("VPC_DEFAULT_SECURITY_GROUP_CLOSED", BAD, {}, lambda at: default_group(at, closed=False)),
    ("VPC_DEFAULT_SECURITY_GROUP_CLOSED", GOOD, {}, lambda at: default_group(at, closed=True)),
    ("VPC_FLOW_LOGS_ENABLED", BAD, {}, lambda at: vpc(at, logged=False)),
    ("VPC_FLOW_LOGS_ENABLED", GOOD, {}, lambda at: vpc(at, logged=True)),
    ("LAMBDA_INSIDE_VPC", GOOD, {}, lambda at: function(at, inside=True)),
    ("LAMBDA_INSIDE_VPC", BAD, {}, lambda at: function(at, inside=False)),
    (
        "LAMBDA_INSIDE_VPC",
        BAD,
        {"subnetIds": "subnet-0123456789abcdef0"},
        lambda at: function(at, inside=True),
    ),
    ("SECRETSMANAGER_ROTATION_ENABLED_CHECK", BAD, {}, secret),
    ("SECRETSMANAGER_ROTATION_ENABLED_CHECK", BAD, {}, replicated),
]
