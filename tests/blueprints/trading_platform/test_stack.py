"""The trading platform in every lifecycle and region, and what it refuses."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.blueprints.trading_platform import TradingPlatformStack
from revet.blueprints.trading_platform.rules import TAGS
from revet.iam.reference.global_services import GLOBAL_ACTIONS
from revet.iam.reference.regions import all_regions, partition_of
from revet.model.errors import ArgumentError
from revet.synth import new_app, synth

GIVEN: dict[str, Any] = {
    "environment_suffix": "dev",
    "state_bucket": "states",
    "state_bucket_region": "us-west-2",
}
PLACES = ("eu-central-1", "ap-northeast-1", "us-gov-west-1", "cn-north-1")
FUNCTIONS = Path("src/revet/blueprints/trading_platform/functions")


def made(folder: Path, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as the stack takes
    app = new_app(folder)
    TradingPlatformStack(app, "Platform", **{**GIVEN, "aws_region": "eu-central-1", **arguments})
    return synth(app).stacks["Platform"].json


def of_type(stack: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [body for name, body in stack["resource"].get(kind, {}).items() if name != "//"]


@pytest.mark.parametrize("region", PLACES)
def test_no_other_region_or_partition_is_written_in(region: str, tmp_path: Path) -> None:
    stack = made(tmp_path, aws_region=region)
    text = json.dumps({key: stack[key] for key in ("resource", "data", "provider")})
    partition = partition_of(region)
    assert partition is not None
    others = [name for name in all_regions() if name != region and f"{region}-" not in name]
    assert not [name for name in others if re.search(rf"\b{name}\b", text)]
    assert {found.split(":")[1] for found in re.findall(r"arn:[a-z-]+:", text)} == {partition.id}


def test_what_is_packed_is_what_lies_there(tmp_path: Path) -> None:
    stack = made(tmp_path)
    functions = of_type(stack, "aws_lambda_function")
    assert len(functions) == len(list(FUNCTIONS.iterdir()))
    for function in functions:
        packed = tmp_path / "stacks" / "Platform" / function["filename"]
        source = FUNCTIONS / packed.stem.removesuffix("-fn") / "index.py"
        assert zipfile.ZipFile(packed).read("index.py") == source.read_bytes()


def test_each_function_has_a_role_of_its_own(tmp_path: Path) -> None:
    roles = [function["role"] for function in of_type(made(tmp_path), "aws_lambda_function")]
    assert len(set(roles)) == len(roles)


def test_everything_is_tagged_and_rules_ask_for_the_same(tmp_path: Path) -> None:
    stack = made(tmp_path, cost_center="4711", data_classification="cardholder-data")
    [provider] = stack["provider"]["aws"]
    [defaults] = provider["default_tags"]
    assert defaults["tags"] == {
        "Environment": "dev",
        "CostCenter": "4711",
        "Compliance": "PCI-DSS",
        "DataClassification": "cardholder-data",
    }
    [asked] = [
        json.loads(rule["input_parameters"])
        for rule in of_type(stack, "aws_config_config_rule")
        if rule["source"]["source_identifier"] == "REQUIRED_TAGS"
    ]
    assert set(asked.values()) == set(TAGS) == set(defaults["tags"])


def test_a_domain_of_its_own_takes_tls_1_2_alone(tmp_path: Path) -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    stack = made(tmp_path, domain_name="api.example.com", certificate_arn=certificate)
    [domain] = of_type(stack, "aws_api_gateway_domain_name")
    assert domain["security_policy"] == "TLS_1_2"
    [api] = of_type(stack, "aws_api_gateway_rest_api")
    assert api["disable_execute_api_endpoint"] is True


@pytest.mark.parametrize("lifecycle", ["PROTECTED", "EPHEMERAL"])
def test_a_lifecycle_is_the_same_everywhere(lifecycle: str, tmp_path: Path) -> None:
    kept = lifecycle == "PROTECTED"
    stack = made(tmp_path, lifecycle=lifecycle)
    assert {bucket["force_destroy"] for bucket in of_type(stack, "aws_s3_bucket")} == {not kept}
    assert {
        table["deletion_protection_enabled"] for table in of_type(stack, "aws_dynamodb_table")
    } == {kept}
    [cluster] = of_type(stack, "aws_rds_cluster")
    assert cluster["deletion_protection"] is kept
    assert cluster["skip_final_snapshot"] is not kept
    assert cluster["delete_automated_backups"] is not kept
    for kind in ("aws_s3_bucket", "aws_dynamodb_table", "aws_rds_cluster", "aws_kms_key"):
        protects = [
            body.get("lifecycle", {}).get("prevent_destroy", False) for body in of_type(stack, kind)
        ]
        assert set(protects) == {kept}, kind


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"data_classification": "public"}, "data_classification"),
        ({"lifecycle": "EPHEMERAL", "environment_suffix": "prod"}, "lifecycle"),
        ({"lifecycle": "ephemeral"}, "lifecycle"),
        ({"domain_name": "api.example.com"}, "certificate_arn"),
        ({"certificate_arn": "arn:aws:acm:eu-central-1:123456789012:certificate/1"}, "name"),
        ({"allowed_origin": "*"}, "cors.origin"),
        ({"cost_center": ""}, "cost_center"),
        ({"default_tags": {"Owner": 5}}, "default_tags"),
    ],
    ids=str,
)
def test_what_is_not_allowed_is_refused(
    arguments: dict[str, Any], where: str, tmp_path: Path
) -> None:
    with pytest.raises(ArgumentError, match=where):
        made(tmp_path, **arguments)


def test_what_is_proved_of_regions_leaves_out_what_the_guard_does() -> None:
    file = Path("src/revet/blueprints/trading_platform/properties.toml")
    properties = tomllib.loads(file.read_text("utf-8"))["property"]
    [regions] = [one for one in properties if one["id"] == "no-role-acts-in-another-region"]
    assert tuple(regions["not_actions"]) == GLOBAL_ACTIONS
