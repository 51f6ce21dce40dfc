"""Parameters and scopes of rules count, or the rule says that it is not evaluated."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.judged import Region, bucket, encrypt
from tests.embedded.judged_cases import BAD, GOOD
from tests.embedded.test_compliance import compliance, put_rule, record, undecided_by, why_not

Client = Callable[..., Any]
REGION = "sa-east-1"


@pytest.fixture(scope="module")
def config(client: Client) -> Any:  # noqa: ANN401 - boto3's client
    """Config of a Region that no other file records, its recorder on."""
    record(client, REGION)
    return client("config", region_name=REGION)


def rules_with_parameters() -> list[tuple[str, str]]:
    from moto.config.models import MANAGED_RULES_CONSTRAINTS  # noqa: PLC0415 - loads moto

    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    return [
        (identifier, str(parameter["Name"]))
        for identifier in RULES
        for parameter in MANAGED_RULES_CONSTRAINTS[identifier]["Parameters"]
    ]


def test_a_rule_evaluates_a_parameter_or_says_that_it_does_not(client: Client) -> None:
    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    there = Region(client, "given-parameters", "eu-south-2")
    record(client, there.region)
    config = there("config")
    known = rules_with_parameters()
    evaluated = {(name, one) for name, rule in RULES.items() for one in rule.parameters}
    assert evaluated <= set(known)
    dropped = set(known) - evaluated
    assert dropped == {
        ("MULTI_REGION_CLOUD_TRAIL_ENABLED", "includeManagementEvents"),
        ("MULTI_REGION_CLOUD_TRAIL_ENABLED", "readWriteType"),
        ("SECRETSMANAGER_ROTATION_ENABLED_CHECK", "maximumAllowedRotationFrequencyInHours"),
    }
    values = {"includeManagementEvents": "true", "readWriteType": "ALL"}
    for identifier, parameter in sorted(dropped):
        put_rule(config, "given", identifier, {parameter: values.get(parameter, "24")})
        assert parameter in why_not(config, "given")
        config.delete_config_rule(ConfigRuleName="given")


MALFORMED: list[tuple[str, str, str]] = [
    ("ACCESS_KEYS_ROTATED", '{"maxAccessKeyAge": "ninety"}', "maxAccessKeyAge is not a number"),
    ("ACCESS_KEYS_ROTATED", '{"maxAccessKeyAge": "-1"}', "maxAccessKeyAge is not a number"),
    ("ACCESS_KEYS_ROTATED", '{"maxAccessKeyAge": "9999999"}', "maxAccessKeyAge is not a number"),
    ("ACCESS_KEYS_ROTATED", '{"maxAccessKeyAge": 1.5}', "maxAccessKeyAge have no value"),
    ("S3_BUCKET_VERSIONING_ENABLED", '{"isMfaDeleteEnabled": "yes"}', "neither true nor false"),
    ("S3_DEFAULT_ENCRYPTION_KMS", '{"kmsKeyArns": null}', "kmsKeyArns have no value"),
    ("S3_DEFAULT_ENCRYPTION_KMS", '{"kmsKeyArns": " "}', "kmsKeyArns have no value"),
    ("S3_DEFAULT_ENCRYPTION_KMS", '{"kmsKeyArns": ["a"]}', "kmsKeyArns have no value"),
    ("IAM_PASSWORD_POLICY", '{"RequireSymbols": "on"}', "neither true nor false"),
    ("IAM_PASSWORD_POLICY", '{"MinimumPasswordLength": "x"}', "is not a number"),
    (
        "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
        '{"BlockPublicAcls": "no"}',
        "neither true nor false",
    ),
]


@pytest.mark.parametrize("case", MALFORMED, ids=[f"{one[0]}-{one[1]}" for one in MALFORMED])
def test_a_rule_with_a_malformed_parameter_is_not_evaluated(
    config: Any,  # noqa: ANN401 - boto3's client
    client: Client,
    case: tuple[str, str, str],
) -> None:
    identifier, parameters, why = case
    name = f"malformed-{MALFORMED.index(case)}"
    there = Region(client, name, REGION)
    bucket(there)
    there("iam").create_user(UserName=name)
    iam = there("iam")
    iam.update_account_password_policy(MinimumPasswordLength=16)
    source = {"Owner": "AWS", "SourceIdentifier": identifier}
    config.put_config_rule(
        ConfigRule={"ConfigRuleName": name, "Source": source, "InputParameters": parameters}
    )
    assert why in why_not(config, name)
    config.delete_config_rule(ConfigRuleName=name)
    iam.delete_account_password_policy()


@pytest.mark.parametrize("parameters", ["[]", '"x"', "5"])
def test_parameters_that_are_not_an_object_are_refused(config: Any, parameters: str) -> None:  # noqa: ANN401 - boto3's client
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        config.put_config_rule(
            ConfigRule={
                "ConfigRuleName": "listed",
                "Source": {"Owner": "AWS", "SourceIdentifier": "IAM_USER_MFA_ENABLED"},
                "InputParameters": parameters,
            }
        )


def test_the_scope_of_a_rule_counts(client: Client) -> None:
    there = Region(client, "scoped-one", "ap-northeast-2")
    record(client, there.region)
    config, name = there("config"), bucket(there)
    other = encrypt(there._replace(name="scoped-two"), "aws:kms")
    rule = {
        "ConfigRuleName": "scoped",
        "Source": {"Owner": "AWS", "SourceIdentifier": "S3_DEFAULT_ENCRYPTION_KMS"},
    }
    kind = ["AWS::S3::Bucket"]
    one = {"ComplianceResourceTypes": kind, "ComplianceResourceId": name}
    for scope, expected in (
        (one, BAD),
        ({**one, "ComplianceResourceId": other}, GOOD),
        ({**one, "ComplianceResourceId": "absent"}, "INSUFFICIENT_DATA"),
        ({"ComplianceResourceTypes": ["AWS::IAM::User"]}, "INSUFFICIENT_DATA"),
        ({"TagKey": "a", "TagValue": "b"}, "INSUFFICIENT_DATA"),
        ({"TagKey": "a"}, "INSUFFICIENT_DATA"),
        (one, BAD),
    ):
        config.put_config_rule(ConfigRule={**rule, "Scope": scope})
        (shown,) = config.describe_config_rules(ConfigRuleNames=["scoped"])["ConfigRules"]
        assert shown["Scope"] == scope
        assert compliance(config, "scoped")["ComplianceType"] == expected
    there("s3").delete_bucket(Bucket=name)
    assert compliance(config, "scoped") == {"ComplianceType": "INSUFFICIENT_DATA"}
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    assert undecided_by(config, "scoped") == "no configuration recorder is on"


TAGS = {"tag1Key": "CostCenter", "tag2Key": "Environment", "tag2Value": "dev,prod"}


def make_tagged(there: Region) -> dict[str, str]:
    """What has the tags and what has not: name of each to what the rule says of it."""
    tags = [{"Key": "CostCenter", "Value": "cc1"}, {"Key": "Environment", "Value": "prod"}]
    buckets = {name: bucket(there._replace(name=f"tagged-{name}")) for name in ("a", "b", "c")}
    there("s3").put_bucket_tagging(Bucket=buckets["a"], Tagging={"TagSet": tags})
    other = [tags[0], {"Key": "Environment", "Value": "test"}]
    there("s3").put_bucket_tagging(Bucket=buckets["b"], Tagging={"TagSet": other})
    spec = [{"ResourceType": "vpc", "Tags": tags}]
    vpc = there("ec2").create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=spec)["Vpc"]["VpcId"]
    return {buckets["a"]: GOOD, buckets["b"]: BAD, buckets["c"]: BAD, vpc: GOOD}


def test_required_tags_are_looked_for_on_the_types_of_the_scope(client: Client) -> None:
    there = Region(client, "tagged", "ap-south-1")
    record(client, there.region)
    config, expected = there("config"), make_tagged(there)
    rule = {
        "ConfigRuleName": "tagged",
        "Source": {"Owner": "AWS", "SourceIdentifier": "REQUIRED_TAGS"},
        "InputParameters": json.dumps(TAGS),
    }
    types = ["AWS::S3::Bucket", "AWS::EC2::VPC"]
    config.put_config_rule(ConfigRule={**rule, "Scope": {"ComplianceResourceTypes": types}})
    found = config.get_compliance_details_by_config_rule(ConfigRuleName="tagged")
    said = {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one
        for one in found["EvaluationResults"]
    }
    assert {name: said[name]["ComplianceType"] for name in expected} == expected
    for scope, why in (
        ({}, "only where its scope names types"),
        ({"ComplianceResourceTypes": ["AWS::ACM::Certificate"]}, "AWS::ACM::Certificate"),
        ({"ComplianceResourceTypes": [*types, "AWS::EC2::Instance"]}, "AWS::EC2::Instance"),
    ):
        named = {"ConfigRuleName": "elsewhere", **({"Scope": scope} if scope else {})}
        config.put_config_rule(ConfigRule={**rule, **named})
        assert why in why_not(config, "elsewhere")


def test_the_judges_read_the_parameters_that_their_rows_name() -> None:
    """Each name that a row lists is a text or a key of a table in its file, beside the row."""
    from revet.embedded.managed_rules import RULES  # noqa: PLC0415 - loads moto

    for identifier, rule in RULES.items():
        for parameter in rule.parameters:
            names = names_of(rule.judge)
            assert parameter in names, (identifier, parameter)


def names_of(judge: Callable[..., Any]) -> set[str]:
    """The texts in a function's code, and in the tables that it names."""
    code = judge.__code__
    texts = {one for one in code.co_consts if isinstance(one, str)}
    tables = (judge.__globals__.get(name) for name in code.co_names)
    return texts.union(*(set(one) for one in tables if isinstance(one, (dict, tuple))))


@pytest.mark.parametrize(
    ("engine", "status", "expected"),
    [("db2-se", "available", "UNKNOWN"), ("mysql", "creating", "NOT_APPLICABLE")],
)
def test_a_database_that_cannot_be_judged(engine: str, status: str, expected: str) -> None:
    from revet.embedded.managed_rules import RULES, Place, Subject  # noqa: PLC0415 - loads moto

    database = SimpleNamespace(status=status, engine=engine)
    rule = RULES["RDS_LOGGING_ENABLED"]
    found = rule.judge(Subject(rule.type, "", database), {}, Place("", REGION, "aws"))
    assert found.outcome.name == expected
