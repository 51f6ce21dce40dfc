"""The recorder, its channel, rules and what corrects what they find."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
KIND = "aws_config_delivery_channel"
_LINKED = (
    "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
)
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)


def test_a_delivery_channel(whole: Audit) -> None:
    values = whole.one(KIND, "default").values
    assert values["s3_kms_key_arn"] in {
        key.values["arn"] for key in whole.all("aws_kms_key").values()
    }
    assert {**values, "s3_kms_key_arn": ""} == {
        "id": "default",
        "name": "default",
        "s3_bucket_name": "config-bucket",
        "s3_key_prefix": "",
        "s3_kms_key_arn": "",
        "sns_topic_arn": "",
    }
    assert whole.says("config-delivery-channel", KIND, "default") is Status.PASS


def test_one_that_writes_into_the_bucket_of_a_trail(answering: Callable[..., Audit]) -> None:
    arn = "arn:aws:cloudtrail:us-west-2:123456789012:trail/good-trail"
    for bucket, used in (("trail-bucket", True), ("config-bucket", False)):
        channels = [{"name": "default", "s3BucketName": bucket}]
        answers = {("config", "describe_delivery_channels"): {"DeliveryChannels": channels}}
        audit = answering(answers)
        trail = audit.inventory.resources[audit.one("aws_s3_bucket", "trail-bucket").address]
        found = audit.inventory.attached(trail, KIND, via="s3_bucket_name", every=True)
        assert bool(found) is used
        says = audit.says("cloudtrail-trail-bucket", "aws_cloudtrail", arn)
        assert says is (Status.FAIL if used else Status.PASS)


@pytest.mark.parametrize(
    ("account", "denial", "says"),
    [
        ("123456789012", {"Bool": {"aws:SecureTransport": "false"}}, Status.PASS),
        ("123456789012", {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, Status.FAIL),
        ("123456789012", {"Bool": {"aws:PrincipalIsAWSService": "true"}}, Status.FAIL),
        ("123456789012", {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}, Status.UNKNOWN),
        ("210987654321", {"Bool": {"aws:SecureTransport": "false"}}, Status.FAIL),
    ],
)
def test_a_bucket_that_lets_it_deliver(
    whole: Audit,
    answering: Callable[..., Audit],
    account: str,
    denial: dict[str, Any],
    says: Status,
) -> None:
    (key, *_) = (
        one.values["arn"] for one in whole.all("aws_kms_key").values() if one.values["is_enabled"]
    )
    audit = answering(_delivering(key, account, denial))
    found = audit.why("config-delivery-channel", KIND, "default")
    assert audit.says("config-delivery-channel", KIND, "default") is says, found


def _encrypting(condition: dict[str, Any]) -> dict[str, str]:
    """The policy of a key that lets AWS Config in, under a condition."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "config.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": condition,
    }
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


@pytest.mark.parametrize(
    ("role", "says"),
    [(_LINKED, Status.PASS), ("arn:aws:iam::123456789012:role/config", Status.FAIL)],
)
def test_the_role_of_a_recorder(answering: Callable[..., Audit], role: str, says: Status) -> None:
    kind = "aws_config_configuration_recorder"
    recorders = [{"name": "default", "roleARN": role}]
    asked = ("config", "describe_configuration_recorders")
    audit = answering({asked: {"ConfigurationRecorders": recorders}})
    assert audit.says("config-recorder-role", kind, "default") is says


def test_a_recorder_that_is_on(whole: Audit, answering: Callable[..., Audit]) -> None:
    kind = "aws_config_configuration_recorder"
    assert whole.says("config-recorder-on", kind, "default") is Status.PASS
    assert whole.says("config-rules", kind, "default") is Status.PASS
    asked = ("config", "describe_configuration_recorder_status")
    off = {asked: {"ConfigurationRecordersStatus": [{"name": "default", "recording": False}]}}
    assert answering(off).says("config-recorder-on", kind, "default") is Status.FAIL


@pytest.mark.parametrize(
    ("compliance", "status", "says"),
    [
        ("COMPLIANT", {"LastSuccessfulEvaluationTime": NOON}, Status.PASS),
        ("INSUFFICIENT_DATA", {"LastSuccessfulEvaluationTime": NOON}, Status.UNKNOWN),
        ("NON_COMPLIANT", {"LastSuccessfulEvaluationTime": NOON}, Status.FAIL),
        ("INSUFFICIENT_DATA", {"FirstEvaluationStarted": False}, Status.UNKNOWN),
        ("INSUFFICIENT_DATA", {"LastErrorCode": "X", "LastErrorMessage": "no role"}, Status.FAIL),
        (
            "COMPLIANT",
            {"LastSuccessfulEvaluationTime": NOON, "LastFailedEvaluationTime": LATER},
            Status.FAIL,
        ),
        (
            "COMPLIANT",
            {
                "LastErrorCode": "X",
                "LastFailedInvocationTime": NOON,
                "LastSuccessfulEvaluationTime": LATER,
            },
            Status.PASS,
        ),
    ],
)
def test_what_a_rule_says(
    answering: Callable[..., Audit], compliance: str, status: dict[str, Any], says: Status
) -> None:
    said = {
        ("config", "describe_compliance_by_config_rule"): {
            "ComplianceByConfigRules": [{"Compliance": {"ComplianceType": compliance}}]
        },
        ("config", "describe_config_rule_evaluation_status"): {
            "ConfigRulesEvaluationStatus": [status]
        },
    }
    audit = answering(said)
    assert audit.says("config-rules", "aws_config_configuration_recorder", "default") is says


def test_a_rule_with_its_remediation(whole: Audit, answering: Callable[..., Audit]) -> None:
    control, kind = "config-rule-remediation", "aws_config_config_rule"
    assert whole.says(control, kind, "encryption") is Status.PASS
    none: dict[tuple[str, str], Any] = {
        ("config", "describe_remediation_configurations"): {"RemediationConfigurations": []}
    }
    assert answering(none).says(control, kind, "encryption") is Status.FAIL
    found = whole.one("aws_config_remediation_configuration", "encryption").values
    assert found["parameter"] == [
        {
            "name": "AutomationAssumeRole",
            "resource_value": "",
            "static_value": "arn:aws:iam::123456789012:role/config",
            "static_values": [],
        },
        {
            "name": "BucketName",
            "resource_value": "RESOURCE_ID",
            "static_value": "",
            "static_values": [],
        },
        {"name": "Tables", "resource_value": "", "static_value": "", "static_values": ["a", "b"]},
    ]


_RETAINING = {
    "ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
}


@pytest.mark.parametrize(
    ("call", "answer", "says"),
    [
        (
            ("kms", "get_key_policy"),
            _encrypting({"StringEquals": {"aws:SourceAccount": "210987654321"}}),
            Status.FAIL,
        ),
        (
            ("kms", "get_key_policy"),
            _encrypting({"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}),
            Status.UNKNOWN,
        ),
        (
            ("s3", "get_object_lock_configuration"),
            {"ObjectLockConfiguration": _RETAINING},
            Status.FAIL,
        ),
        (
            ("s3", "get_object_lock_configuration"),
            {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
            Status.PASS,
        ),
    ],
)
def test_a_key_and_a_lock_that_let_it_deliver(
    whole: Audit,
    answering: Callable[..., Audit],
    call: tuple[str, str],
    answer: dict[str, Any],
    says: Status,
) -> None:
    (key, *_) = (
        one.values["arn"] for one in whole.all("aws_kms_key").values() if one.values["is_enabled"]
    )
    fine = _delivering(key, "123456789012", {"Bool": {"aws:SecureTransport": "false"}})
    audit = answering({**fine, call: answer})
    found = audit.why("config-delivery-channel", KIND, "default")
    assert audit.says("config-delivery-channel", KIND, "default") is says, found


def _delivering(key: str, account: str, denial: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """What the account answers where its bucket has the guide's policy, and denies something."""
    arn = "arn:aws:s3:::config-bucket"
    given = {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}}
    source = {"StringEquals": {"aws:SourceAccount": account}}
    statements = [
        {**given, "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": arn},
        {**given, "Action": "s3:PutObject", "Resource": f"{arn}/AWSLogs/{account}/Config/*"},
    ]
    policy = [{**one, "Condition": source} for one in statements]
    policy.append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": denial,
        }
    )
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    recorder = {"name": "default", "roleARN": _LINKED}
    return {
        ("config", "describe_configuration_recorders"): {"ConfigurationRecorders": [recorder]},
        ("config", "describe_delivery_channels"): {
            "DeliveryChannels": [
                {"name": "default", "s3BucketName": "config-bucket", "s3KmsKeyArn": key}
            ]
        },
        ("s3", "get_bucket_encryption"): {
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
            }
        },
        ("s3", "get_bucket_policy"): {
            "Policy": json.dumps({"Version": "2012-10-17", "Statement": policy})
        },
        ("kms", "get_key_policy"): _encrypting({"StringEquals": {"aws:SourceAccount": account}}),
    }
