"""The deployed zero-trust stack, spoiled through AWS's API: each row that is judged live notices.

`SPOILED` says of each row what spoils it and which control must fail. What is spoiled is put back,
and at the end everything passes again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.deploy.spoiled import (
    Deployed,
    Spoiled,
    Undo,
    case_id,
    deployed_blueprint,
    judged_live,
    not_passed,
    require_noticed,
)

from revet.model.finding import Status

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

NAME = "zero-trust"
ALL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
OPEN = json.dumps({"Version": "2012-10-17", "Statement": [ALL]})


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed_blueprint(NAME, "us-west-2", tmp_path_factory.mktemp("spoiled")) as found:
        yield found


def internet(it: Deployed) -> Undo:
    ec2, vpc = it.client("ec2"), it.of["vpc_id"]
    way = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=way, VpcId=vpc)

    def undo() -> None:
        ec2.detach_internet_gateway(InternetGatewayId=way, VpcId=vpc)
        ec2.delete_internet_gateway(InternetGatewayId=way)

    return undo


def endpoint(it: Deployed) -> Undo:
    ec2, own = it.client("ec2"), it.of["kms_endpoint_id"]
    [found] = ec2.describe_vpc_endpoints(VpcEndpointIds=[own])["VpcEndpoints"]
    ec2.modify_vpc_endpoint(VpcEndpointId=own, PolicyDocument=OPEN)
    before = found["PolicyDocument"]
    return lambda: ec2.modify_vpc_endpoint(VpcEndpointId=own, PolicyDocument=before)


def port(it: Deployed) -> Undo:
    ec2, group = it.client("ec2"), it.of["application_security_group_id"]
    ranges = [{"CidrIp": "10.0.0.0/16", "Description": "by hand"}]
    asked = {
        "GroupId": group,
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ranges},
        ],
    }
    ec2.authorize_security_group_ingress(**asked)
    return lambda: ec2.revoke_security_group_ingress(**asked)


def rotation(it: Deployed) -> Undo:
    kms, key = it.client("kms"), it.of["data_key_arn"]
    kms.disable_key_rotation(KeyId=key)
    return lambda: kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)


def key_policy(it: Deployed) -> Undo:
    kms, key = it.client("kms"), it.of["data_key_arn"]
    before = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    document = json.loads(before)
    root = {"AWS": f"arn:aws:iam::{it.of['account_id']}:root"}
    document["Statement"].append(
        {"Sid": "Hand", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    return lambda: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=before)


def lifecycle(it: Deployed) -> Undo:
    s3, bucket = it.client("s3"), it.of["audit_bucket_name"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    s3.delete_bucket_lifecycle(Bucket=bucket)
    return lambda: s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules}
    )


def encryption(it: Deployed) -> Undo:
    s3, bucket = it.client("s3"), it.of["data_bucket_name"]
    before = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [default]})
    return lambda: s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=before)


def retention(it: Deployed) -> Undo:
    logs, group = it.client("logs"), it.of["application_log_group_name"]
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    return lambda: logs.put_retention_policy(logGroupName=group, retentionInDays=90)


def boundary(it: Deployed) -> Undo:
    iam, role = it.client("iam"), it.of["application_role_arn"].rpartition("/")[2]
    own = it.of["boundary_arn"]
    iam.delete_role_permissions_boundary(RoleName=role)
    return lambda: iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=own)


def session(it: Deployed) -> Undo:
    iam, role = it.client("iam"), it.of["auditor_role_arn"].rpartition("/")[2]
    iam.update_role(RoleName=role, MaxSessionDuration=43200)
    return lambda: iam.update_role(RoleName=role, MaxSessionDuration=3600)


def recorder(it: Deployed) -> Undo:
    config, name = it.client("config"), it.of["config_recorder_name"]
    config.stop_configuration_recorder(ConfigurationRecorderName=name)
    return lambda: config.start_configuration_recorder(ConfigurationRecorderName=name)


def channel(it: Deployed) -> Undo:
    config = it.client("config")
    [before] = config.describe_delivery_channels()["DeliveryChannels"]
    without_key = {name: before[name] for name in before if name != "s3KmsKeyArn"}
    config.put_delivery_channel(DeliveryChannel=without_key)
    return lambda: config.put_delivery_channel(DeliveryChannel=before)


def remediation(it: Deployed) -> Undo:
    config, name = it.client("config"), _rule(it, "S3_DEFAULT_ENCRYPTION_KMS")
    [before] = config.describe_remediation_configurations(ConfigRuleNames=[name])[
        "RemediationConfigurations"
    ]
    config.delete_remediation_configuration(ConfigRuleName=name)
    kept = {key: value for key, value in before.items() if key not in ("Arn", "CreatedByService")}
    return lambda: config.put_remediation_configurations(RemediationConfigurations=[kept])


def rule(it: Deployed) -> Undo:
    config, name = it.client("config"), _rule(it, "ACCESS_KEYS_ROTATED")
    [before] = config.describe_config_rules(ConfigRuleNames=[name])["ConfigRules"]
    config.delete_config_rule(ConfigRuleName=name)
    tags = [{"Key": key, "Value": "dev"} for key in ("Environment", "Owner", "Purpose")]
    kept = {
        key: before[key]
        for key in ("ConfigRuleName", "Source", "InputParameters", "Description")
        if key in before
    }
    return lambda: config.put_config_rule(ConfigRule=kept, Tags=tags)


def _rule(it: Deployed, identifier: str) -> str:
    [name] = [
        one["ConfigRuleName"]
        for one in it.client("config").describe_config_rules()["ConfigRules"]
        if one["Source"]["SourceIdentifier"] == identifier
    ]
    return str(name)


SPOILED = (
    Spoiled(("ZT-02",), internet, "ec2-vpc-no-internet"),
    Spoiled(("ZT-03", "ZT-12"), endpoint, "ec2-vpc-endpoint-policy"),
    Spoiled(("ZT-04",), port, "ec2-security-group-ports"),
    Spoiled(("ZT-05", "ZT-12"), rotation, "kms-key-rotation"),
    Spoiled(("ZT-05",), key_policy, "kms-key-use"),
    Spoiled(("ZT-06", "ZT-12"), lifecycle, "s3-bucket-lifecycle"),
    Spoiled(("ZT-06",), encryption, "s3-bucket-encryption"),
    Spoiled(("ZT-09", "ZT-12"), encryption, "config-rules"),
    Spoiled(("ZT-07",), retention, "logs-group-retention"),
    Spoiled(("ZT-08", "ZT-12"), boundary, "iam-role-boundary"),
    Spoiled(("ZT-08",), session, "iam-role-session"),
    Spoiled(("ZT-09", "ZT-12"), recorder, "config-recorder-on"),
    Spoiled(("ZT-09", "ZT-12"), channel, "config-delivery-channel"),
    Spoiled(("ZT-09",), remediation, "config-rule-remediation"),
    Spoiled(("ZT-11",), rule, "terraform-outputs"),
)


def test_what_was_deployed_passes(deployed: Deployed) -> None:
    assert not_passed(deployed.verify()) == []


def test_every_row_that_is_judged_live_is_spoiled() -> None:
    assert {row for one in SPOILED for row in one.rows} == judged_live(NAME)


@pytest.mark.parametrize("one", SPOILED, ids=case_id)
def test_its_rows_notice(deployed: Deployed, one: Spoiled) -> None:
    require_noticed(deployed, one)


def test_all_is_as_it_was(deployed: Deployed) -> None:
    failed = [f for f in deployed.verify().findings if f.status is Status.FAIL]
    assert {f.control for f in failed} <= {"terraform-outputs"}, "the rule that came back is new"
