"""A recorder that is on, its channel, and rules; there is one recorder a region at most."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

Boto = Any  # boto3 knows services only as literals

_EVALUATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_ROLE = "arn:aws:iam::123456789012:role/config"
_REMEDIATIONS: dict[str, dict[str, Any]] = {
    "encryption": {
        "ConfigRuleName": "encryption",
        "Arn": "arn:aws:config:us-west-2:123456789012:remediation-configuration/encryption/1",
        "TargetType": "SSM_DOCUMENT",
        "TargetId": "encrypt-buckets",
        "TargetVersion": "1",
        "ResourceType": "AWS::S3::Bucket",
        "Automatic": True,
        "MaximumAutomaticAttempts": 3,
        "RetryAttemptSeconds": 60,
        "Parameters": {
            "AutomationAssumeRole": {"StaticValue": {"Values": [_ROLE]}},
            "BucketName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
            "Tables": {"StaticValue": {"Values": ["a", "b"]}},
        },
        "ExecutionControls": {
            "SsmControls": {"ConcurrentExecutionRatePercentage": 25, "ErrorPercentage": 20}
        },
    }
}


def _policy(*statements: tuple[list[str], list[str]]) -> str:
    """What lets AWS Config in, for its own account."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "config.amazonaws.com"},
                    "Action": actions,
                    "Resource": resources,
                    "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
                }
                for actions, resources in statements
            ],
        }
    )


def _bucket(session: Boto) -> str:
    """The bucket that AWS Config delivers into, locked without a retention; gives its key."""
    key: str = session.client("kms").create_key(
        Policy=_policy((["kms:Decrypt", "kms:GenerateDataKey"], ["*"])),
        Tags=[{"TagKey": "Owner", "TagValue": "security"}],
    )["KeyMetadata"]["Arn"]
    s3 = session.client("s3")
    s3.create_bucket(
        Bucket="config-bucket",
        CreateBucketConfiguration={"LocationConstraint": session.region_name},
        ObjectLockEnabledForBucket=True,
    )
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket="config-bucket",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": encryption}]
        },
    )
    arn = "arn:aws:s3:::config-bucket"
    may = (["s3:GetBucketAcl", "s3:ListBucket"], [arn]), (["s3:PutObject"], [f"{arn}/*"])
    s3.put_bucket_policy(Bucket="config-bucket", Policy=_policy(*may))
    return key


def make(session: Boto) -> None:
    config = session.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": _ROLE,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(
        DeliveryChannel={
            "name": "default",
            "s3BucketName": "config-bucket",
            "s3KmsKeyArn": _bucket(session),
        }
    )
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    for name, identifier in (
        ("encryption", "S3_DEFAULT_ENCRYPTION_KMS"),
        ("passwords", "IAM_PASSWORD_POLICY"),
    ):
        config.put_config_rule(
            ConfigRule={
                "ConfigRuleName": name,
                "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
            },
            Tags=[{"Key": "Owner", "Value": "security"}],
        )


def _remediations(
    _send: Callable[[], dict[str, Any]], parameters: dict[str, Any]
) -> dict[str, Any]:
    """Moto has no remediation."""
    asked = parameters["ConfigRuleNames"]
    found = [_REMEDIATIONS[name] for name in asked if name in _REMEDIATIONS]
    return {"RemediationConfigurations": found}


def _compliance(_send: Callable[[], dict[str, Any]], parameters: dict[str, Any]) -> dict[str, Any]:
    """Moto has no compliance."""
    return {
        "ComplianceByConfigRules": [
            {"ConfigRuleName": name, "Compliance": {"ComplianceType": "COMPLIANT"}}
            for name in parameters["ConfigRuleNames"]
        ]
    }


def _status(_send: Callable[[], dict[str, Any]], parameters: dict[str, Any]) -> dict[str, Any]:
    """Moto has no evaluations."""
    return {
        "ConfigRulesEvaluationStatus": [
            {
                "ConfigRuleName": name,
                "FirstEvaluationStarted": True,
                "LastSuccessfulEvaluationTime": _EVALUATED,
            }
            for name in parameters["ConfigRuleNames"]
        ]
    }


CORRECTED = {
    ("config", "describe_compliance_by_config_rule"): _compliance,
    ("config", "describe_config_rule_evaluation_status"): _status,
    ("config", "describe_remediation_configurations"): _remediations,
}
