"""A recorder that is on, its channel, and rules; there is one recorder a region at most."""

from __future__ import annotations

import datetime as dt
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


def make(session: Boto) -> None:
    config = session.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": _ROLE,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    where = {"LocationConstraint": session.region_name}
    session.client("s3").create_bucket(Bucket="config-bucket", CreateBucketConfiguration=where)
    config.put_delivery_channel(
        DeliveryChannel={"name": "default", "s3BucketName": "config-bucket"}
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
