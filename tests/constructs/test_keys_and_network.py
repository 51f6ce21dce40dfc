from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from revet.constructs import ec2, iam, kms, logs, rds
from revet.constructs.context import Lifecycle
from revet.model.errors import ArgumentError

if TYPE_CHECKING:
    from tests.constructs.conftest import Made, MakeStack, Synthesize

ACCOUNT = "${data.aws_caller_identity.revet_account_5228BAC8.account_id}"


def test_a_key_rotates_has_an_alias_and_locks_nobody_out(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    kms.Key(stack, "key", description="Encrypts data")
    made = synthesized(stack)
    body = made.one("aws_kms_key")
    assert (body["enable_key_rotation"], body["rotation_period_in_days"]) == (True, 365)
    assert "bypass_policy_lockout_safety_check" not in body
    assert made.one("aws_kms_alias")["name"] == "alias/app-key-test"
    assert made.statements("aws_kms_key") == {
        "AccountAdministersThroughIam": {
            "Sid": "AccountAdministersThroughIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    }


@pytest.mark.parametrize(
    ("region", "principal", "partition"),
    [
        ("us-west-2", "logs.us-west-2.amazonaws.com", "aws"),
        ("cn-north-1", "logs.cn-north-1.amazonaws.com.cn", "aws-cn"),
        ("us-gov-west-1", "logs.us-gov-west-1.amazonaws.com", "aws-us-gov"),
    ],
)
def test_services_are_admitted_for_their_resources_only(
    make_stack: MakeStack, synthesized: Synthesize, region: str, principal: str, partition: str
) -> None:
    stack = make_stack(region=region)
    access = [kms.cloudwatch_logs("app-logs-test"), kms.cloudtrail("app-trail-test")]
    kms.Key(stack, "key", description="Encrypts logs", service_access=access)
    statements = synthesized(stack).statements("aws_kms_key")
    of_logs = statements["CloudWatchLogs"]
    assert of_logs["Principal"] == {"Service": principal}
    arn = f"arn:{partition}:logs:{region}:{ACCOUNT}:log-group:app-logs-test"
    assert of_logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": [arn]}}
    trail = f"arn:{partition}:cloudtrail:{region}:{ACCOUNT}:trail/app-trail-test"
    of_trail = [item for sid, item in statements.items() if sid.startswith("CloudTrail")]
    assert [item["Condition"]["StringEquals"] for item in of_trail] == [
        {"aws:SourceArn": trail}
    ] * 3
    context = "kms:EncryptionContext:aws:cloudtrail:arn"
    assert statements["CloudTrailEncrypt"]["Condition"]["StringLike"] == {
        context: f"arn:{partition}:cloudtrail:*:{ACCOUNT}:trail/*"
    }


@pytest.mark.parametrize("names", [(), ("app-*",)])
def test_logs_are_admitted_by_full_name(names: tuple[str, ...]) -> None:
    with pytest.raises(ArgumentError, match="full name"):
        kms.cloudwatch_logs(*names)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"description": ""}, "description"),
        ({"description": "x", "rotation_period_in_days": 89}, "90 to 2560 days"),
        ({"description": "x", "rotation_period_in_days": 2561}, "90 to 2560 days"),
    ],
)
def test_a_bad_key(stack: cdktn.TerraformStack, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        kms.Key(stack, "key", **arguments)


@pytest.mark.parametrize("days", [0, 2, 2555, 3650])
def test_a_retention_that_logs_does_not_know(stack: cdktn.TerraformStack, days: int) -> None:
    key = kms.Key(stack, "key", description="x")
    with pytest.raises(ArgumentError, match="one of"):
        logs.LogGroup(stack, "group", key=key, retention_in_days=days)


def network(stack: cdktn.TerraformStack, **arguments: Any) -> ec2.Vpc:  # noqa: ANN401 - as Vpc
    key = kms.Key(stack, "key", description="x")
    group = logs.LogGroup(stack, "group", key=key)
    return ec2.Vpc(stack, "vpc", flow_log_group=group, **arguments)


@pytest.mark.parametrize("zones", [2, 3])
def test_a_vpc_is_private_and_its_traffic_is_logged(
    stack: cdktn.TerraformStack, synthesized: Synthesize, zones: int
) -> None:
    network(stack, cidr_block="10.8.0.0/20", zones=zones)
    made = synthesized(stack)
    kinds = set(made.json["resource"])
    assert not kinds & {"aws_internet_gateway", "aws_nat_gateway", "aws_route", "aws_eip"}
    subnets = made.all("aws_subnet")
    assert [item["cidr_block"] for item in subnets] == [
        f"10.8.{number}.0/24" for number in range(zones)
    ]
    assert {item["map_public_ip_on_launch"] for item in subnets} == {False}
    assert len({item["availability_zone"] for item in subnets}) == zones
    assert len(made.all("aws_route_table_association")) == zones
    assert "route" not in made.one("aws_route_table")
    assert not {"ingress", "egress"} & set(made.one("aws_default_security_group"))
    flow = made.one("aws_flow_log")
    assert flow["traffic_type"] == "ALL"
    assert "aws_cloudwatch_log_group" in flow["log_destination"]
    group = flow["log_destination"].removesuffix("}")
    trust = made.statements("aws_iam_role", "assume_role_policy")
    assert trust["ServiceAssumesForThisAccount"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:us-west-2:{ACCOUNT}:vpc-flow-log/*"},
    }
    assert made.statements("aws_iam_role_policy") == {
        "WriteLogEvents": {
            "Sid": "WriteLogEvents",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [f"{group}}}", f"{group}}}:*"],
        }
    }


@pytest.mark.parametrize("arguments", [{"cidr_block": "10.0.0.0/8"}, {"zones": 1}, {"zones": 4}])
def test_a_bad_network(stack: cdktn.TerraformStack, arguments: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        network(stack, **arguments)


def test_a_rule_names_a_group_and_has_a_description(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    vpc = network(stack)
    web = ec2.SecurityGroup(stack, "web", vpc=vpc, description="Web")
    database = ec2.SecurityGroup(stack, "db", vpc=vpc, description="Database")
    database.allow_from(web, port=5432, description="Queries")
    made = synthesized(stack)
    for body in made.all("aws_security_group"):
        assert not {"ingress", "egress"} & set(body)
    for kind in ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"):
        rule = made.one(kind)
        assert rule["description"] == "Queries"
        assert (rule["from_port"], rule["to_port"], rule["ip_protocol"]) == (5432, 5432, "tcp")
        assert "aws_security_group" in rule["referenced_security_group_id"]
        assert not {"cidr_ipv4", "cidr_ipv6"} & set(rule)
    listed = {address for item in made.records().values() for address in item["resources"]}
    assert set(made.addresses()) == listed
    for port, description in ((0, "x"), (65536, "x"), (1, ""), (1, "x" * 256)):
        with pytest.raises(ArgumentError):
            database.allow_from(web, port=port, description=description)


def database(stack: cdktn.TerraformStack, **arguments: Any) -> rds.Instance:  # noqa: ANN401 - as Instance
    vpc = network(stack)
    data = kms.Key(stack, "data-key", description="x")
    secrets = kms.Key(stack, "secrets-key", description="x")
    return rds.Instance(stack, "db", vpc=vpc, key=data, secret_key=secrets, **arguments)


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_a_database_is_private_encrypted_and_its_password_unknown(
    make_stack: MakeStack, synthesized: Synthesize, lifecycle: Lifecycle
) -> None:
    stack = make_stack(lifecycle)
    database(stack)
    made: Made = synthesized(stack)
    body = made.one("aws_db_instance")
    assert body["publicly_accessible"] is False
    assert body["storage_encrypted"] is True
    assert "data-key" in body["kms_key_id"]
    assert body["manage_master_user_password"] is True
    assert "secrets-key" in body["master_user_secret_kms_key_id"]
    assert not {"password", "password_wo"} & set(body)
    protected = lifecycle is Lifecycle.PROTECTED
    assert body["deletion_protection"] is protected
    assert body["skip_final_snapshot"] is not protected
    assert body["delete_automated_backups"] is not protected
    assert body.get("final_snapshot_identifier") == ("app-db-final-test" if protected else None)
    parameters = made.one("aws_db_parameter_group")
    assert parameters["family"] == "postgres17"
    assert parameters["parameter"] == [{"name": "rds.force_ssl", "value": "1"}]
    subnets = made.one("aws_db_subnet_group")["subnet_ids"]
    assert len(subnets) == 2
    assert all("private-subnet" in item for item in subnets)
    assert "password" not in json.dumps(made.json).lower().replace(
        "manage_master_user_password", ""
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"username": "postgres"},
        {"username": "1st"},
        {"username": ""},
        {"db_name": "a-b"},
        {"engine_version": 9},
        {"allocated_storage": 5},
        {"backup_retention_period": 0},
    ],
)
def test_a_bad_database(stack: cdktn.TerraformStack, arguments: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        database(stack, **arguments)


def test_a_role_without_a_source_or_with_a_long_session_is_refused(
    stack: cdktn.TerraformStack,
) -> None:
    open_service = iam.ServicePrincipal("ec2.amazonaws.com", "")
    service = iam.ServicePrincipal("ec2.amazonaws.com", "arn:aws:ec2:*:*:x")
    with pytest.raises(ArgumentError, match="source ARN"):
        iam.Role(stack, "role", description="x", assumed_by=open_service)
    with pytest.raises(ArgumentError, match="3600 to 43200 seconds"):
        iam.Role(stack, "role", description="x", assumed_by=service, max_session_duration=60)
