"""The zero-trust stack in every lifecycle, region and partition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cdktn
import pytest

from revet.blueprints.zero_trust import ZeroTrustStack
from revet.iam.reference.regions import all_regions, partition_of
from revet.model.errors import ArgumentError
from revet.synth import new_app, synth

GIVEN: dict[str, Any] = {
    "environment_suffix": "dev",
    "state_bucket": "states",
    "state_bucket_region": "us-west-2",
}
PLACES = ("us-west-1", "eu-central-1", "ap-northeast-1", "us-gov-west-1", "cn-north-1")
STATE = "us-west-2"
EVERYWHERE = re.compile(r"\b0\.0\.0\.0/0|(?<![\w:])::/0")


def made(folder: Path, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as the stack takes
    app = new_app(folder)
    ZeroTrustStack(app, "ZeroTrustStack", **{**GIVEN, "aws_region": "eu-central-1", **arguments})
    return synth(app).stacks["ZeroTrustStack"].json


def of_type(stack: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [body for name, body in stack["resource"].get(kind, {}).items() if name != "//"]


def test_a_plain_app_will_do(tmp_path: Path) -> None:
    app = cdktn.App(outdir=str(tmp_path))
    ZeroTrustStack(app, "ZeroTrustStack", **GIVEN, aws_region="eu-central-1")
    app.synth()
    assert (tmp_path / "stacks/ZeroTrustStack/cdk.tf.json").is_file()


@pytest.mark.parametrize("region", PLACES)
def test_no_other_region_or_partition_is_written_in(region: str, tmp_path: Path) -> None:
    stack = made(tmp_path, aws_region=region)
    text = json.dumps({key: stack[key] for key in ("resource", "data", "provider")})
    partition = partition_of(region)
    assert partition is not None
    others = [name for name in all_regions() if name != region and f"{region}-" not in name]
    assert not [name for name in others if re.search(rf"\b{name}\b", text)]
    assert {found.split(":")[1] for found in re.findall(r"arn:[a-z-]+:", text)} == {partition.id}
    assert not re.search(rf"\b{region}[a-f]\b", text), "a zone is written in"


@pytest.mark.parametrize(
    ("region", "service", "name"),
    [
        ("eu-central-1", "kms", "com.amazonaws.eu-central-1.kms"),
        ("eu-central-1", "kms-fips", "com.amazonaws.eu-central-1.kms-fips"),
        ("us-gov-west-1", "kms-fips", "com.amazonaws.us-gov-west-1.kms-fips"),
        ("cn-north-1", "sts", "cn.com.amazonaws.cn-north-1.sts"),
        ("cn-north-1", "ec2", "cn.com.amazonaws.cn-north-1.ec2"),
        ("cn-north-1", "s3", "com.amazonaws.cn-north-1.s3"),
        ("cn-north-1", "kms", "com.amazonaws.cn-north-1.kms"),
    ],
)
def test_endpoints_have_the_name_of_their_region(
    region: str, service: str, name: str, tmp_path: Path
) -> None:
    stack = made(tmp_path, aws_region=region)
    names = [body["service_name"] for body in of_type(stack, "aws_vpc_endpoint")]
    assert names.count(name) == 1
    ends = [found for found in names if found.endswith(f".{service}")]
    assert ends == [name]


def test_a_region_whose_names_are_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        made(tmp_path, aws_region="us-iso-east-1")
    assert "aws-us-gov" in caught.value.expected


def test_there_is_no_fips_endpoint_where_none_is_documented(tmp_path: Path) -> None:
    stack = made(tmp_path, aws_region="cn-north-1")
    names = [body["service_name"] for body in of_type(stack, "aws_vpc_endpoint")]
    assert not [name for name in names if "fips" in name]


def test_nothing_is_open_to_everybody(tmp_path: Path) -> None:
    stack = made(tmp_path, allowed_cidr_blocks=["172.20.0.0/16"])
    assert not EVERYWHERE.search(json.dumps(stack["resource"]))
    for kind in ("ingress", "egress"):
        rules = of_type(stack, f"aws_vpc_security_group_{kind}_rule")
        assert rules
        assert {(one["from_port"], one["to_port"], one["ip_protocol"]) for one in rules} == {
            (443, 443, "tcp")
        }


@pytest.mark.parametrize("kind", ["aws_internet_gateway", "aws_nat_gateway", "aws_route"])
def test_nothing_leads_to_the_internet(kind: str, tmp_path: Path) -> None:
    stack = made(tmp_path)
    assert of_type(stack, "aws_vpc"), "there is a network"
    assert of_type(stack, kind) == []


def test_every_role_is_bounded_and_its_sessions_last_an_hour(tmp_path: Path) -> None:
    roles = of_type(made(tmp_path), "aws_iam_role")
    assert len(roles) == 4
    boundaries = {role["permissions_boundary"] for role in roles}
    assert len(boundaries) == 1
    assert boundaries.pop().startswith("${aws_iam_policy.boundary")
    assert {role["max_session_duration"] for role in roles} == {3600}


def test_an_organization_takes_the_place_of_the_account(tmp_path: Path) -> None:
    stack = made(tmp_path, organization_id="o-a1b2c3d4e5")
    for endpoint in of_type(stack, "aws_vpc_endpoint"):
        first = json.loads(endpoint["policy"])["Statement"][0]
        assert first["Condition"]["StringEquals"] == {
            "aws:PrincipalOrgID": "o-a1b2c3d4e5",
            "aws:ResourceOrgID": "o-a1b2c3d4e5",
        }


def test_config_starts_in_an_order_that_cannot_race(tmp_path: Path) -> None:
    stack = made(tmp_path)
    [channel] = of_type(stack, "aws_config_delivery_channel")
    [status] = of_type(stack, "aws_config_configuration_recorder_status")
    kinds = {name.split(".")[0] for name in channel["depends_on"]}
    assert kinds == {"aws_config_configuration_recorder", "aws_s3_bucket_policy"}
    assert [name.split(".")[0] for name in status["depends_on"]] == ["aws_config_delivery_channel"]
    assert len(of_type(stack, "aws_config_config_rule")) == 3
    for rule in of_type(stack, "aws_config_config_rule"):
        assert [name.split(".")[0] for name in rule["depends_on"]] == [
            "aws_config_configuration_recorder_status"
        ]


def test_the_service_linked_role_is_made_unless_it_is_there(tmp_path: Path) -> None:
    assert len(of_type(made(tmp_path / "a"), "aws_iam_service_linked_role")) == 1
    stack = made(tmp_path / "b", has_config_role=True)
    assert of_type(stack, "aws_iam_service_linked_role") == []
    [recorder] = of_type(stack, "aws_config_configuration_recorder")
    assert recorder["role_arn"].endswith(
        ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    )


def test_access_keys_are_never_deactivated_by_themselves(tmp_path: Path) -> None:
    remediations = of_type(made(tmp_path), "aws_config_remediation_configuration")
    assert [one["resource_type"] for one in remediations] == ["AWS::S3::Bucket"]
    assert "iam:" not in json.dumps(of_type(made(tmp_path / "b"), "aws_ssm_document"))
