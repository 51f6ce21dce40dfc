"""Automations are executed as their role, by hand and for what AWS Config found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.judged import ACCOUNT, Region, bucket, encrypt
from tests.embedded.test_compliance import compliance, put_rule, record

from revet.embedded import start_daemon, stop_daemon

Client = Callable[..., Any]

REGION = "us-east-2"
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ssm.amazonaws.com"},
    "Action": "sts:AssumeRole",
    "Condition": {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ssm:*:{ACCOUNT}:automation-execution/*"},
    },
}
ENCRYPT: dict[str, Any] = {
    "name": "encrypt",
    "action": "aws:executeAwsApi",
    "inputs": {
        "Service": "s3",
        "Api": "PutBucketEncryption",
        "Bucket": "{{ BucketName }}",
        "ServerSideEncryptionConfiguration": {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": "{{ KeyArn }}",
                    },
                    "BucketKeyEnabled": True,
                }
            ]
        },
    },
}
READ: dict[str, Any] = {
    "name": "read",
    "action": "aws:executeAwsApi",
    "inputs": {"Service": "s3", "Api": "get_bucket_encryption", "Bucket": "{{ BucketName }}"},
    "outputs": [
        {
            "Name": "Algorithm",
            "Selector": "$.ServerSideEncryptionConfiguration.Rules[0]"
            ".ApplyServerSideEncryptionByDefault.SSEAlgorithm",
            "Type": "String",
        }
    ],
}
CHECK: dict[str, Any] = {
    "name": "check",
    "action": "aws:assertAwsResourceProperty",
    "inputs": {
        "Service": "s3",
        "Api": "GetBucketVersioning",
        "Bucket": "{{ BucketName }}",
        "PropertySelector": "$.Status",
        "DesiredValues": ["Enabled"],
    },
}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(actions: list[str], resource: str = "arn:aws:s3:::*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


WRITES = allow(["s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"])


class Automation:
    """A document and its role, of a name of their own."""

    def __init__(self, client: Client, name: str, region: str = REGION) -> None:
        self.at = Region(client, name, region)
        self.ssm = self.at("ssm")
        self.role = f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def make(self, *steps: dict[str, Any], trust: dict[str, Any] = TRUST, **more: Any) -> None:  # noqa: ANN401 - parts of the document
        self.at("iam").create_role(RoleName=self.at.name, AssumeRolePolicyDocument=document(trust))
        content = {
            "schemaVersion": "0.3",
            "assumeRole": "{{ AutomationAssumeRole }}",
            "parameters": {
                "AutomationAssumeRole": {"type": "String"},
                "BucketName": {"type": "String"},
                "KeyArn": {"type": "String", "default": KEY},
            },
            "mainSteps": list(steps),
            **more,
        }
        self.ssm.create_document(
            Content=json.dumps(content), Name=self.at.name, DocumentType="Automation"
        )

    def may(self, *statements: dict[str, Any]) -> None:
        self.at("iam").put_role_policy(
            RoleName=self.at.name, PolicyName="may", PolicyDocument=document(*statements)
        )

    def run(self, **parameters: str) -> Any:  # noqa: ANN401 - an answer
        given = {"AutomationAssumeRole": self.role, "BucketName": self.at.name, **parameters}
        made = self.ssm.start_automation_execution(
            DocumentName=self.at.name, Parameters={name: [one] for name, one in given.items()}
        )
        execution = made["AutomationExecutionId"]
        return self.ssm.get_automation_execution(AutomationExecutionId=execution)[
            "AutomationExecution"
        ]


def algorithm(automation: Automation) -> str:
    """How a bucket encrypts; empty when nobody said."""
    try:
        said = automation.at("s3").get_bucket_encryption(Bucket=automation.at.name)
    except ClientError as error:
        if "ConfigurationNotFound" not in str(error):
            raise
        return ""
    (rule,) = said["ServerSideEncryptionConfiguration"]["Rules"]
    return str(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])


def test_steps_are_executed_as_the_role(client: Client, daemon: Any) -> None:  # noqa: ANN401 - a daemon
    automation = Automation(client, "runs-steps")
    automation.make(ENCRYPT, READ, outputs=["read.Algorithm"])
    automation.may(WRITES)
    bucket(automation.at)
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Success"
    assert [step["StepName"] for step in run["StepExecutions"]] == ["encrypt", "read"]
    assert run["StepExecutions"][1]["Outputs"] == {"Algorithm": ["aws:kms"]}
    assert run["Outputs"] == {"read.Algorithm": ["aws:kms"]}
    assert algorithm(automation) == "aws:kms"
    calls = [one for one in daemon.calls() if one["userIdentity"]["type"] == "AssumedRole"]
    (call,) = (
        one
        for one in calls
        if (one["requestParameters"] or {}).get("bucketName") == "runs-steps"
        and one["eventName"] == "PutBucketEncryption"
    )
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/runs-steps/Automation-"
    assert call["userIdentity"]["arn"] == session + run["AutomationExecutionId"]
    steps = automation.ssm.describe_automation_step_executions(
        AutomationExecutionId=run["AutomationExecutionId"]
    )["StepExecutions"]
    assert len(steps) == 2
    named = [{"Key": "DocumentNamePrefix", "Values": ["runs-st"]}]
    (listed,) = automation.ssm.describe_automation_executions(Filters=named)[
        "AutomationExecutionMetadataList"
    ]
    assert listed["AutomationExecutionStatus"] == "Success"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (
            [allow(["s3:GetEncryptionConfiguration"])],
            "because no identity-based policy allows the s3:PutEncryptionConfiguration action",
        ),
        (
            [allow(["s3:PutEncryptionConfiguration"], "arn:aws:s3:::other")],
            "because no identity-based policy allows the s3:PutEncryptionConfiguration action",
        ),
        ([WRITES, {**WRITES, "Effect": "Deny"}], "explicit deny"),
        (
            [allow(["s3:PutBucketEncryption"])],
            "because no identity-based policy allows the s3:PutEncryptionConfiguration action",
        ),
    ],
)
def test_a_role_does_what_its_policies_allow(
    client: Client, statements: list[dict[str, Any]], why: str
) -> None:
    automation = Automation(client, f"narrow-{abs(hash(json.dumps(statements)))}")
    automation.make(ENCRYPT)
    automation.may(*statements)
    bucket(automation.at)
    run = automation.run()
    assert run["AutomationExecutionStatus"] == "Failed"
    assert "AccessDenied" in run["FailureMessage"]
    assert why in run["FailureMessage"]
    assert algorithm(automation) == ""


def test_a_boundary_and_the_policy_of_the_bucket_count(client: Client) -> None:
    automation = Automation(client, "bounded-run")
    automation.make(ENCRYPT)
    automation.may(WRITES)
    bucket(automation.at)
    iam, s3 = automation.at("iam"), automation.at("s3")
    bounds = iam.create_policy(
        PolicyName="bounded-run", PolicyDocument=document(allow(["s3:ListBucket"]))
    )["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="bounded-run", PermissionsBoundary=bounds)
    assert automation.run()["AutomationExecutionStatus"] == "Failed"
    iam.delete_role_permissions_boundary(RoleName="bounded-run")
    assert automation.run()["AutomationExecutionStatus"] == "Success"
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutEncryptionConfiguration",
        "Resource": "arn:aws:s3:::bounded-run",
    }
    s3.put_bucket_policy(Bucket="bounded-run", Policy=document(deny))
    assert "explicit deny" in automation.run()["FailureMessage"]


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ssm:*:*:document/*"}}},
    ],
)
def test_the_role_must_trust_the_service(client: Client, change: dict[str, Any]) -> None:
    automation = Automation(client, f"untrusting-{abs(hash(json.dumps(change)))}")
    automation.make(ENCRYPT, trust={**TRUST, **change})
    automation.may(WRITES)
    with pytest.raises(ClientError, match="unable to be assumed"):
        automation.run()


@pytest.mark.parametrize(
    ("parameters", "why"),
    [({"Unknown": "x"}, "not in the document"), ({"KeyArn": "elsewhere"}, "not among the allowed")],
)
def test_parameters_are_checked(client: Client, parameters: dict[str, str], why: str) -> None:
    automation = Automation(client, f"checked-{next(iter(parameters)).lower()}")
    declared = {
        "AutomationAssumeRole": {"type": "String"},
        "BucketName": {"type": "String"},
        "KeyArn": {"type": "String", "allowedValues": [KEY], "default": KEY},
    }
    automation.make(ENCRYPT, parameters=declared)
    with pytest.raises(ClientError, match=why):
        automation.run(**parameters)


def test_steps_fail_go_on_and_jump(client: Client) -> None:
    automation = Automation(client, "jumping-run")
    script = {"name": "script", "action": "aws:executeScript", "inputs": {}}
    automation.make({**CHECK, "onFailure": "step:read"}, ENCRYPT, {**READ, "isEnd": True}, script)
    automation.may(WRITES, allow(["s3:GetBucketVersioning"]))
    encrypt(automation.at, "aws:kms")
    run = automation.run()
    assert [(step["StepName"], step["StepStatus"]) for step in run["StepExecutions"]] == [
        ("check", "Failed"),
        ("read", "Success"),
    ]
    assert run["AutomationExecutionStatus"] == "Failed"
    other = Automation(client, "waiting-run")
    wait = {**CHECK, "name": "wait", "action": "aws:waitForAwsResourceProperty"}
    other.make({**CHECK, "onFailure": "Continue", "isCritical": False}, wait, script)
    other.may(allow(["s3:GetBucketVersioning"]))
    bucket(other.at)
    run = other.run()
    assert [step["StepStatus"] for step in run["StepExecutions"]] == ["Failed", "TimedOut"]
    assert run["AutomationExecutionStatus"] == "TimedOut"


def test_a_step_that_is_not_modelled_says_so(client: Client) -> None:
    automation = Automation(client, "scripted-run")
    automation.make({"name": "script", "action": "aws:executeScript", "inputs": {}})
    assert "aws:executeScript" in automation.run()["FailureMessage"]


def remediated(automation: Automation, *, automatic: bool) -> Any:  # noqa: ANN401 - boto3's client
    record(automation.at.client, automation.at.region)
    config = automation.at("config")
    put_rule(config, "kms", "S3_DEFAULT_ENCRYPTION_KMS", {})
    configuration: dict[str, Any] = {
        "ConfigRuleName": "kms",
        "ResourceType": "AWS::S3::Bucket",
        "TargetType": "SSM_DOCUMENT",
        "TargetId": automation.at.name,
        "TargetVersion": "1",
        "Parameters": {
            "AutomationAssumeRole": {"StaticValue": {"Values": [automation.role]}},
            "BucketName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
        },
        "Automatic": automatic,
        "MaximumAutomaticAttempts": 2,
        "RetryAttemptSeconds": 600,
    }
    config.put_remediation_configurations(RemediationConfigurations=[configuration])
    return config


def status(config: Any, name: str) -> Any:  # noqa: ANN401 - boto3's client
    said = config.describe_remediation_execution_status(
        ConfigRuleName="kms",
        ResourceKeys=[{"resourceType": "AWS::S3::Bucket", "resourceId": name}],
    )["RemediationExecutionStatuses"]
    return said[0] if said else None


def test_a_bucket_is_remediated_by_hand(client: Client) -> None:
    automation = Automation(client, "by-hand", "ap-south-1")
    automation.make(ENCRYPT)
    automation.may(WRITES)
    config = remediated(automation, automatic=False)
    bucket(automation.at)
    config.start_config_rules_evaluation(ConfigRuleNames=["kms"])
    assert algorithm(automation) == ""
    keys = [{"resourceType": "AWS::S3::Bucket", "resourceId": "by-hand"}]
    assert (
        config.start_remediation_execution(ConfigRuleName="kms", ResourceKeys=keys)["FailedItems"]
        == []
    )
    said = status(config, "by-hand")
    assert (said["State"], said["StepDetails"][0]["State"]) == ("SUCCEEDED", "SUCCEEDED")
    assert algorithm(automation) == "aws:kms"
    of = {"ResourceType": "AWS::S3::Bucket", "ResourceId": "by-hand"}
    (found,) = config.describe_compliance_by_resource(**of)["ComplianceByResources"]
    assert found["Compliance"]["ComplianceType"] == "COMPLIANT"


def test_buckets_are_remediated_automatically(client: Client) -> None:
    automation = Automation(client, "automatic-one", "ap-south-2")
    automation.make(ENCRYPT)
    config = remediated(automation, automatic=True)
    bucket(automation.at)
    fine = encrypt(automation.at._replace(name="automatic-two"), "aws:kms")
    config.describe_compliance_by_config_rule(ConfigRuleNames=["kms"])
    assert status(config, "automatic-one") is None
    config.start_config_rules_evaluation(ConfigRuleNames=["kms"])
    said = status(config, "automatic-one")
    assert said["State"] == "FAILED"
    assert "AccessDenied" in said["StepDetails"][0]["ErrorMessage"]
    assert status(config, fine) is None
    automation.may(WRITES)
    config.start_config_rules_evaluation()
    assert status(config, "automatic-one")["State"] == "SUCCEEDED"
    assert compliance(config, "kms")["ComplianceType"] == "COMPLIANT"
    automation.at("s3").delete_bucket_encryption(Bucket="automatic-one")
    config.start_config_rules_evaluation()
    assert algorithm(automation) == ""  # two attempts in ten minutes are used up


def test_remediations_are_checked(client: Client) -> None:
    automation = Automation(client, "misconfigured", "ap-southeast-3")
    automation.make(ENCRYPT)
    config = remediated(automation, automatic=False)
    (kept,) = config.describe_remediation_configurations(ConfigRuleNames=["kms"])[
        "RemediationConfigurations"
    ]
    kept.pop("Arn")
    changes: tuple[dict[str, Any], ...] = (
        {"ConfigRuleName": "absent"},
        {"TargetId": "absent"},
        {"TargetVersion": "7"},
        {"Parameters": {}},
        {"Parameters": {**kept["Parameters"], "Other": {"StaticValue": {"Values": ["x"]}}}},
        {"Automatic": True, "Parameters": {"BucketName": kept["Parameters"]["BucketName"]}},
    )
    for change in changes:
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            config.put_remediation_configurations(RemediationConfigurations=[{**kept, **change}])
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        config.delete_config_rule(ConfigRuleName="kms")
    config.delete_remediation_configuration(ConfigRuleName="kms")
    with pytest.raises(ClientError, match="NoSuchRemediationConfigurationException"):
        config.start_remediation_execution(
            ConfigRuleName="kms",
            ResourceKeys=[{"resourceType": "AWS::S3::Bucket", "resourceId": "x"}],
        )
    config.delete_config_rule(ConfigRuleName="kms")


def test_what_happened_is_kept(state: Any, client_for: Callable[..., Any]) -> None:  # noqa: ANN401 - a folder
    daemon = start_daemon(state)
    automation = Automation(lambda *names, **more: client_for(daemon, *names, **more), "kept-run")
    automation.make(ENCRYPT)
    automation.may(WRITES)
    config = remediated(automation, automatic=True)
    bucket(automation.at)
    config.start_config_rules_evaluation()
    assert daemon.internal_errors() == []
    stop_daemon(state)
    again = start_daemon(state)
    config = client_for(again, "config", region_name=REGION)
    assert status(config, "kept-run")["State"] == "SUCCEEDED"
    ssm = client_for(again, "ssm", region_name=REGION)
    listed, _ = ssm.describe_automation_executions()["AutomationExecutionMetadataList"]
    found = ssm.get_automation_execution(AutomationExecutionId=listed["AutomationExecutionId"])[
        "AutomationExecution"
    ]
    assert found["AutomationExecutionStatus"] == "Success"
    (rule,) = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"]
    assert rule["FirstEvaluationStarted"]
