"""AWS Config says of what exists whether it complies with managed rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.judged import (
    ACCOUNT,
    REGION,
    Region,
    bucket,
    encrypt,
    open_bucket,
)
from tests.embedded.judged_cases import BAD, CASES, GOOD, UNKNOWN

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def config(client: Client) -> Any:  # noqa: ANN401 - boto3's client
    """Config of a Region, its recorder on."""
    found = client("config", region_name=REGION)
    record(client, REGION)
    return found


def record(client: Client, region: str, group: dict[str, Any] | None = None) -> None:
    config = client("config", region_name=region)
    target = client("s3", region_name=region)
    name = f"recorded-{region}"
    target.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config",
            "recordingGroup": group or {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": name})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def put_rule(config: Any, name: str, identifier: str, parameters: dict[str, str]) -> None:  # noqa: ANN401 - boto3's client
    rule = {
        "ConfigRuleName": name,
        "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
        **({"InputParameters": json.dumps(parameters)} if parameters else {}),
    }
    config.put_config_rule(ConfigRule=rule)


@pytest.mark.parametrize(
    ("number", "case"),
    list(enumerate(CASES)),
    ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)],
)
def test_a_managed_rule(config: Any, client: Client, number: int, case: Any) -> None:  # noqa: ANN401 - boto3's client
    identifier, expected, parameters, make = case
    name = f"judged-{number}"
    resource = make(Region(client, name))
    put_rule(config, name, identifier, parameters)
    results = config.get_compliance_details_by_config_rule(ConfigRuleName=name)["EvaluationResults"]
    found = {
        result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result
        for result in results
    }
    undecided = undecided_by(config, name)
    config.delete_config_rule(ConfigRuleName=name)
    assert (resource in undecided) == (expected == UNKNOWN)
    if expected not in (GOOD, BAD):
        assert resource not in found
        return
    assert found[resource]["ComplianceType"] == expected
    assert ("Annotation" in found[resource]) == (expected == BAD)


def undecided_by(config: Any, name: str) -> str:  # noqa: ANN401 - boto3's client
    """What a rule says of the resources that it cannot decide."""
    (status,) = config.describe_config_rule_evaluation_status(ConfigRuleNames=[name])[
        "ConfigRulesEvaluationStatus"
    ]
    return str(status.get("LastErrorMessage", ""))


TRAIL_RULES = ("CLOUD_TRAIL_ENABLED", "MULTI_REGION_CLOUD_TRAIL_ENABLED")
RULES_OF_TRAILS = ("CLOUD_TRAIL_ENCRYPTION_ENABLED", "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED")
OWN_TESTS = {
    "IAM_PASSWORD_POLICY",
    "REQUIRED_TAGS",
    *TRAIL_RULES,
    *RULES_OF_TRAILS,
    "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
}
"""Rules whose resources are the account or its trails; each test shows both outcomes."""
ALWAYS_GOOD = {"S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"}


def test_every_rule_has_cases_of_both_outcomes() -> None:
    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    shown = {(case[0], case[1]) for case in CASES}
    assert {name for name, _ in shown} == set(RULES) - OWN_TESTS
    assert {name for name in set(RULES) - OWN_TESTS if (name, GOOD) not in shown} == set()
    assert {name for name in set(RULES) - OWN_TESTS if (name, BAD) not in shown} == ALWAYS_GOOD


def test_every_rule_that_can_be_undecided_has_a_case_of_it() -> None:
    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    undecided = {case[0] for case in CASES if case[1] == UNKNOWN}
    assert {name for name, rule in RULES.items() if "unknown" in rule.judge.__code__.co_names} == (
        undecided
    )


def compliance(config: Any, name: str) -> Any:  # noqa: ANN401 - boto3's client
    (found,) = config.describe_compliance_by_config_rule(ConfigRuleNames=[name])[
        "ComplianceByConfigRules"
    ]
    return found["Compliance"]


def test_the_password_policy(config: Any, client: Client) -> None:  # noqa: ANN401 - boto3's client
    iam = client("iam")
    put_rule(config, "passwords", "IAM_PASSWORD_POLICY", {"MinimumPasswordLength": "16"})
    assert compliance(config, "passwords")["ComplianceType"] == BAD
    strong: dict[str, Any] = {
        "MinimumPasswordLength": 16,
        "RequireSymbols": True,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 24,
    }
    iam.update_account_password_policy(**strong)
    assert compliance(config, "passwords")["ComplianceType"] == GOOD
    for weaker in (
        {"MinimumPasswordLength": 15},
        {"RequireSymbols": False},
        {"MaxPasswordAge": 91},
    ):
        iam.update_account_password_policy(**{**strong, **weaker})
        assert compliance(config, "passwords")["ComplianceType"] == BAD
    iam.delete_account_password_policy()


def key_for_trails(there: Region) -> str:
    allow = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    principals = {"Service": "cloudtrail.amazonaws.com"}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    statements = [{**allow, "Principal": one} for one in principals]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return str(there("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def test_trails(config: Any, client: Client) -> None:  # noqa: ANN401 - boto3's client
    rules, of_trail = TRAIL_RULES, RULES_OF_TRAILS
    for identifier in (*rules, *of_trail):
        put_rule(config, identifier, identifier, {})
    assert {compliance(config, name)["ComplianceType"] for name in rules} == {BAD}
    assert {compliance(config, name)["ComplianceType"] for name in of_trail} == {
        "INSUFFICIENT_DATA"
    }
    there = Region(client, "trails-watched")
    bucket(there)
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{there.name}", f"arn:aws:s3:::{there.name}/*"],
    }
    there("s3").put_bucket_policy(
        Bucket=there.name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    )
    trail = there("cloudtrail")
    trail.create_trail(Name="watched", S3BucketName=there.name, EnableLogFileValidation=True)
    assert compliance(config, rules[0])["ComplianceType"] == BAD
    trail.start_logging(Name="watched")
    assert compliance(config, rules[0])["ComplianceType"] == GOOD
    assert compliance(config, rules[1])["ComplianceType"] == BAD
    assert compliance(config, of_trail[0])["ComplianceType"] == BAD
    assert compliance(config, of_trail[1])["ComplianceType"] == GOOD
    trail.update_trail(
        Name="watched",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=False,
        KmsKeyId=key_for_trails(there),
    )
    assert compliance(config, rules[1])["ComplianceType"] == GOOD
    assert compliance(config, of_trail[0])["ComplianceType"] == GOOD
    assert compliance(config, of_trail[1])["ComplianceType"] == BAD
    trail.delete_trail(Name="watched")


def test_block_public_access_of_the_account(config: Any, client: Client) -> None:  # noqa: ANN401 - boto3's client
    name = "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC"
    put_rule(config, name, name, {})
    assert compliance(config, name)["ComplianceType"] == BAD
    control = client("s3control")
    control.put_public_access_block(
        AccountId=ACCOUNT,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
            True,
        ),
    )
    assert compliance(config, name)["ComplianceType"] == GOOD
    control.delete_public_access_block(AccountId=ACCOUNT)


def test_the_operations_agree(client: Client) -> None:
    there = Region(client, "agreeing-one", "eu-west-2")
    record(client, there.region)
    config = there("config")
    name = bucket(there)
    encrypted = encrypt(there._replace(name="agreeing-two"), "aws:kms")
    put_rule(config, "kms", "S3_DEFAULT_ENCRYPTION_KMS", {})
    put_rule(config, "versions", "S3_BUCKET_VERSIONING_ENABLED", {})
    config.start_config_rules_evaluation(ConfigRuleNames=["kms", "versions"])
    count = {"CappedCount": 2, "CapExceeded": False}
    assert compliance(config, "kms") == {
        "ComplianceType": BAD,
        "ComplianceContributorCount": count,
    }
    only = config.describe_compliance_by_config_rule(ComplianceTypes=["COMPLIANT"])
    assert only["ComplianceByConfigRules"] == []
    of = {"ResourceType": "AWS::S3::Bucket", "ResourceId": encrypted}
    (said,) = config.describe_compliance_by_resource(**of)["ComplianceByResources"]
    assert said["Compliance"] == {
        "ComplianceType": BAD,
        "ComplianceContributorCount": {"CappedCount": 1, "CapExceeded": False},
    }
    details = config.get_compliance_details_by_resource(**of)["EvaluationResults"]
    assert {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ConfigRuleName"]: one[
            "ComplianceType"
        ]
        for one in details
    } == {"kms": GOOD, "versions": BAD}
    first = config.get_compliance_details_by_config_rule(ConfigRuleName="kms", Limit=1)
    second = config.get_compliance_details_by_config_rule(
        ConfigRuleName="kms", NextToken=first["NextToken"]
    )
    assert len(first["EvaluationResults"]) == 1
    assert len(second["EvaluationResults"]) == 2
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["NonCompliantResourceCount"]["CappedCount"] == 2
    (status,) = config.describe_config_rule_evaluation_status(ConfigRuleNames=["kms"])[
        "ConfigRulesEvaluationStatus"
    ]
    assert status["FirstEvaluationStarted"]
    assert status["LastSuccessfulEvaluationTime"] >= status["FirstActivatedTime"]
    there("s3").delete_bucket(Bucket=name)
    left = config.get_compliance_details_by_config_rule(ConfigRuleName="kms")["EvaluationResults"]
    assert len(left) == 2


def test_a_rule_that_does_not_exist(config: Any) -> None:  # noqa: ANN401 - boto3's client
    questions: tuple[Callable[[], Any], ...] = (
        lambda: config.describe_compliance_by_config_rule(ConfigRuleNames=["absent"]),
        lambda: config.get_compliance_details_by_config_rule(ConfigRuleName="absent"),
        lambda: config.start_config_rules_evaluation(ConfigRuleNames=["absent"]),
        lambda: config.describe_config_rule_evaluation_status(ConfigRuleNames=["absent"]),
    )
    for ask in questions:
        with pytest.raises(ClientError, match="NoSuchConfigRuleException"):
            ask()


def why_not(config: Any, name: str) -> str:  # noqa: ANN401 - boto3's client
    (status,) = config.describe_config_rule_evaluation_status(ConfigRuleNames=[name])[
        "ConfigRulesEvaluationStatus"
    ]
    assert not status["FirstEvaluationStarted"]
    assert compliance(config, name) == {"ComplianceType": "INSUFFICIENT_DATA"}
    return str(status["LastErrorMessage"])


def test_nothing_is_evaluated_that_is_not_recorded(client: Client) -> None:
    there = Region(client, "unrecorded", "eu-west-3")
    config = there("config")
    bucket(there)
    put_rule(config, "kms", "S3_DEFAULT_ENCRYPTION_KMS", {})
    assert why_not(config, "kms") == "no configuration recorder is on"
    record(client, there.region, {"allSupported": True, "includeGlobalResourceTypes": False})
    assert compliance(config, "kms")["ComplianceType"] == BAD
    put_rule(config, "keys", "ACCESS_KEYS_ROTATED", {"maxAccessKeyAge": "90"})
    assert why_not(config, "keys") == "the configuration recorder does not record AWS::IAM::User"
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config",
            "recordingGroup": {"allSupported": False, "resourceTypes": ["AWS::IAM::User"]},
        }
    )
    assert compliance(config, "kms")["ComplianceType"] == "INSUFFICIENT_DATA"
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    assert compliance(config, "keys")["ComplianceType"] == "INSUFFICIENT_DATA"


def test_a_rule_that_is_not_evaluated_says_so(config: Any) -> None:  # noqa: ANN401 - boto3's client
    put_rule(config, "unknown", "EC2_EBS_ENCRYPTION_BY_DEFAULT", {})
    assert "EC2_EBS_ENCRYPTION_BY_DEFAULT" in why_not(config, "unknown")
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "guard",
            "Source": {
                "Owner": "CUSTOM_POLICY",
                "SourceDetails": [
                    {
                        "EventSource": "aws.config",
                        "MessageType": "ConfigurationItemChangeNotification",
                    }
                ],
                "CustomPolicyDetails": {"PolicyRuntime": "guard-2.x.x", "PolicyText": "rule x {}"},
            },
        }
    )
    assert "CUSTOM_POLICY" in why_not(config, "guard")
    assert config.get_custom_rule_policy(ConfigRuleName="guard")["PolicyText"] == "rule x {}"


def test_a_bucket_that_cannot_be_decided_makes_the_rule_say_nothing(client: Client) -> None:
    there = Region(client, "undecided-one", "eu-south-1")
    record(client, there.region)
    config = there("config")
    put_rule(config, "reads", "S3_BUCKET_PUBLIC_READ_PROHIBITED", {})
    assert compliance(config, "reads")["ComplianceType"] == GOOD
    name = open_bucket(there, "s3:GetFooBar")
    assert compliance(config, "reads") == {"ComplianceType": "INSUFFICIENT_DATA"}
    (status,) = config.describe_config_rule_evaluation_status(ConfigRuleNames=["reads"])[
        "ConfigRulesEvaluationStatus"
    ]
    assert status["FirstEvaluationStarted"]
    assert name in status["LastErrorMessage"]
    assert "not known" in status["LastErrorMessage"]
    put_rule(config, "encrypted", "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", {})
    (said,) = config.describe_compliance_by_resource(
        ResourceType="AWS::S3::Bucket", ResourceId=name
    )["ComplianceByResources"]
    assert said["Compliance"] == {"ComplianceType": "INSUFFICIENT_DATA"}
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["CompliantResourceCount"]["CappedCount"] == 1
    open_bucket(there._replace(name="undecided-two"), "s3:GetObject")
    assert compliance(config, "reads")["ComplianceType"] == BAD


def test_the_page_lists_the_rules() -> None:
    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    page = (Path(__file__).parents[2] / "docs" / "embedded.md").read_text()
    table = page.partition("| about | rules |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([A-Z0-9_]+)`", table)) == set(RULES)
