"""Resources that managed rules of AWS Config judge."""

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


def logged(there: Region, prefix: str = "") -> str:
    name, s3 = bucket(there), there("s3")
    target = bucket(there._replace(name=f"{name}-logs"))
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps(policy))
    enabled = {"TargetBucket": target, "TargetPrefix": prefix}
    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": enabled})
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


def guarded(there: Region) -> str:
    found, iam = user(there), there("iam")
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=there.name)["VirtualMFADevice"][
        "SerialNumber"
    ]
    iam.enable_mfa_device(
        UserName=there.name,
        SerialNumber=serial,
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    return found


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


def kept_group(there: Region, days: int = 0) -> str:
    name = log_group(there, keyed=False)
    if days:
        there("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
    return name


def cluster(there: Region, *, encrypted: bool) -> str:
    made = there("rds").create_db_cluster(
        DBClusterIdentifier=there.name,
        Engine="aurora-postgresql",
        MasterUsername="postgres",
        MasterUserPassword="x" * 12,
        StorageEncrypted=encrypted,
    )
    return str(made["DBCluster"]["DbClusterResourceId"])


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


def exporting(there: Region, engine: str, *logs: str, cluster: str = "") -> str:
    """A database that exports logs; of a cluster, the cluster does."""
    rds = there("rds")
    if cluster:
        rds.create_db_cluster(
            DBClusterIdentifier=cluster,
            Engine=engine,
            MasterUsername="master",
            MasterUserPassword="x" * 12,
            EnableCloudwatchLogsExports=list(logs),
        )
    own = {"MasterUsername": "master", "MasterUserPassword": "x" * 12, "AllocatedStorage": 20}
    made = rds.create_db_instance(
        DBInstanceIdentifier=there.name,
        DBInstanceClass="db.t4g.medium",
        Engine=engine,
        **({"DBClusterIdentifier": cluster} if cluster else own),
        **({} if cluster else {"EnableCloudwatchLogsExports": list(logs)}),
    )
    return str(made["DBInstance"]["DbiResourceId"])


def stage(there: Region, **levels: str) -> str:
    """A stage of an API, with a logging level for each method."""
    gateway = there("apigateway")
    api = gateway.create_rest_api(name=there.name)["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="v1")
    places = {"every": "/*/*", "get": "/~1/GET"}
    for method, level in levels.items():
        change = {"op": "replace", "path": f"{places[method]}/logging/loglevel", "value": level}
        gateway.update_stage(restApiId=api, stageName="v1", patchOperations=[change])
    return f"arn:aws:apigateway:{there.region}::/restapis/{api}/stages/v1"


def http_stage(there: Region) -> str:
    """A stage of an HTTP API."""
    gateway = there("apigatewayv2")
    api = gateway.create_api(Name=there.name, ProtocolType="HTTP")["ApiId"]
    gateway.create_stage(ApiId=api, StageName="v1")
    return f"{api}/v1"


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


def rotated(there: Region, days: int) -> str:
    found = secret(there)
    there("secretsmanager").rotate_secret(
        SecretId=found, RotationRules={"AutomaticallyAfterDays": days}
    )
    return found


def replicated(there: Region) -> str:
    elsewhere = there._replace(region="eu-north-1")
    made = elsewhere("secretsmanager").create_secret(
        Name=there.name, SecretString="x", AddReplicaRegions=[{"Region": there.region}]
    )["ARN"]
    return str(made.replace(elsewhere.region, there.region))
