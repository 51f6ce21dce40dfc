"""What cases cannot say: data sources, forgotten resources, and a plan of HCL configuration."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Finding, Status
from revet.plan import Inventory, load_plan

MakePlan = Callable[..., dict[str, Any]]
HOSTILE = Path(__file__).parents[1] / "plan" / "data" / "hostile.json"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234"
TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}}]}"""
WRITE = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
  "Resource": "${aws_cloudwatch_log_group.flow.arn}:*"}]}"""


def found(plan: Inventory, control: str, address: str) -> Finding:
    """The finding of one control for one resource."""
    chosen = [one for one in select(load_catalog(), None, None) if one.meta.id == control]
    judged = run_controls(plan, chosen, subject="plan")
    assert judged.problems == ()
    (finding,) = [finding for finding in judged.findings if finding.address == address]
    return finding


def with_data(plan: dict[str, Any], kind: str, values: Mapping[str, Any]) -> Inventory:
    source = {
        "address": f"data.{kind}.found",
        "mode": "data",
        "type": kind,
        "name": "found",
        "values": values,
    }
    plan["prior_state"] = {"values": {"root_module": {"resources": [source]}}}
    return load_plan(plan)


def forgetting(plan: dict[str, Any], kind: str, values: Mapping[str, Any]) -> Inventory:
    """The plan with one more resource, which apply forgets but does not destroy."""
    plan["resource_changes"].append(
        {
            "address": f"{kind}.old",
            "mode": "managed",
            "type": kind,
            "name": "old",
            "change": {"actions": ["forget"], "before": values, "after": None},
        }
    )
    return load_plan(plan)


@pytest.mark.parametrize(
    ("kind", "values", "argument", "status"),
    [
        (
            "aws_db_snapshot",
            {"id": "rds:old", "encrypted": True},
            {"snapshot_identifier": "rds:old"},
            Status.PASS,
        ),
        (
            "aws_db_snapshot",
            {
                "db_snapshot_arn": "arn:aws:rds:us-west-2:111122223333:snapshot:s",
                "encrypted": False,
            },
            {"snapshot_identifier": "arn:aws:rds:us-west-2:111122223333:snapshot:s"},
            Status.FAIL,
        ),
        (
            "aws_db_snapshot",
            {"id": "rds:another", "encrypted": True},
            {"snapshot_identifier": "rds:old"},
            Status.UNKNOWN,
        ),
        (
            "aws_db_instance",
            {"db_instance_identifier": "old", "storage_encrypted": True},
            {"restore_to_point_in_time": [{"source_db_instance_identifier": "old"}]},
            Status.PASS,
        ),
        (
            "aws_db_instance",
            {"db_instance_identifier": "old", "storage_encrypted": False},
            {"replicate_source_db": "old"},
            Status.FAIL,
        ),
        (
            "aws_rds_cluster",
            {"cluster_identifier": "old", "storage_encrypted": True},
            {"replicate_source_db": "old"},
            Status.PASS,
        ),
    ],
)
def test_a_source_of_a_database_that_a_data_source_found(
    make_plan: MakePlan,
    kind: str,
    values: dict[str, Any],
    argument: dict[str, Any],
    status: Status,
) -> None:
    plan = with_data(make_plan({"aws_db_instance": {"new": argument}}), kind, values)

    assert found(plan, "rds-instance-encryption", "aws_db_instance.new").status is status


@pytest.mark.parametrize(
    ("kind", "values", "status"),
    [
        ("aws_kms_alias", {"name": "alias/aws/logs", "target_key_arn": KEY}, Status.FAIL),
        ("aws_kms_alias", {"name": "alias/own", "target_key_arn": KEY}, Status.PASS),
        ("aws_kms_key", {"key_id": "alias/aws/logs", "arn": KEY}, Status.FAIL),
        ("aws_kms_key", {"key_id": "1234", "key_manager": "AWS", "arn": KEY}, Status.FAIL),
        ("aws_kms_key", {"key_id": "1234", "key_manager": "CUSTOMER", "arn": KEY}, Status.PASS),
    ],
)
def test_a_key_that_a_data_source_found(
    make_plan: MakePlan, kind: str, values: dict[str, Any], status: Status
) -> None:
    plan = make_plan({"aws_cloudwatch_log_group": {"app": {"name": "app", "kms_key_id": KEY}}})

    finding = found(
        with_data(plan, kind, values), "logs-group-encryption", "aws_cloudwatch_log_group.app"
    )

    assert finding.status is status


@pytest.mark.parametrize("account", ["111122223333", "999999999999"])
def test_a_trail_of_the_account_that_the_plan_is_for(make_plan: MakePlan, account: str) -> None:
    source = "arn:aws:cloudtrail:us-west-2:111122223333:trail/main"
    plan = make_plan(
        {
            "aws_s3_bucket": {"trail": {"bucket": "trail"}},
            "aws_s3_bucket_policy": {
                "trail": {
                    "bucket": "${aws_s3_bucket.trail.id}",
                    "policy": f"""{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
                      "Principal": {{"Service": "cloudtrail.amazonaws.com"}},
                      "Action": "s3:GetBucketAcl", "Resource": "${{aws_s3_bucket.trail.arn}}"}},
                     {{"Effect": "Allow",
                      "Principal": {{"Service": "cloudtrail.amazonaws.com"}},
                      "Action": "s3:PutObject", "Resource": "${{aws_s3_bucket.trail.arn}}/*",
                      "Condition": {{"StringEquals": {{"aws:SourceArn": "{source}"}}}}}}]}}""",
                }
            },
            "aws_cloudtrail": {
                "main": {"name": "main", "s3_bucket_name": "${aws_s3_bucket.trail.id}"}
            },
        }
    )

    known = with_data(plan, "aws_caller_identity", {"account_id": account})
    finding = found(known, "cloudtrail-trail-bucket", "aws_cloudtrail.main")

    assert finding.status is (Status.PASS if account == "111122223333" else Status.FAIL)


def test_a_trail_whose_place_data_sources_say(make_plan: MakePlan) -> None:
    arn = (
        "arn:$${data.aws_partition.current.partition}:cloudtrail:$${data.aws_region.current.name}:"
        "$${data.aws_caller_identity.current.account_id}:trail/main"
    )
    by = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceArn": arn}},
    }
    bucket = "${aws_s3_bucket.trail.arn}"
    under = f"{bucket}/AWSLogs/$${{data.aws_caller_identity.current.account_id}}/*"
    statements = [
        {**by, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**by, "Action": "s3:PutObject", "Resource": under},
    ]
    for denied, status in (("eu-west-1", Status.PASS), ("us-west-2", Status.FAIL)):
        denial = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{bucket}/AWSLogs/*/CloudTrail/{denied}/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [*statements, denial]}
        plan = make_plan(
            {
                "aws_s3_bucket": {"trail": {"bucket": "trail"}},
                "aws_s3_bucket_policy": {
                    "trail": {
                        "bucket": "${aws_s3_bucket.trail.id}",
                        "policy": json.dumps(policy),
                    }
                },
                "aws_cloudtrail": {
                    "main": {"name": "main", "s3_bucket_name": "${aws_s3_bucket.trail.id}"}
                },
            }
        )
        finding = found(load_plan(plan), "cloudtrail-trail-bucket", "aws_cloudtrail.main")
        assert finding.status is status, finding.implemented


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            "aws_iam_role_policy_attachment",
            {"role": "flow", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ),
        (
            "aws_iam_role_policy",
            {
                "role": "flow",
                "policy": '{"Version": "2012-10-17", "Statement": '
                '[{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
            },
        ),
    ],
)
def test_a_forgotten_policy_is_still_in_effect(
    make_plan: MakePlan, kind: str, values: dict[str, Any]
) -> None:
    plan = make_plan(
        {
            "aws_cloudwatch_log_group": {"flow": {"name": "flow"}},
            "aws_iam_role": {"flow": {"name": "flow", "assume_role_policy": TRUST}},
            "aws_iam_role_policy": {"flow": {"role": "${aws_iam_role.flow.id}", "policy": WRITE}},
            "aws_flow_log": {
                "main": {
                    "log_destination": "${aws_cloudwatch_log_group.flow.arn}",
                    "iam_role_arn": "${aws_iam_role.flow.arn}",
                }
            },
        }
    )
    before = found(load_plan(plan), "ec2-flow-log-role", "aws_flow_log.main")

    after = found(forgetting(plan, kind, values), "ec2-flow-log-role", "aws_flow_log.main")

    assert (before.status, after.status) == (Status.PASS, Status.FAIL)


def test_a_forgotten_route_still_leads_out(make_plan: MakePlan) -> None:
    plan = make_plan(
        {
            "aws_vpc": {"main": {"cidr_block": "10.0.0.0/16"}},
            "aws_subnet": {"a": {"vpc_id": "${aws_vpc.main.id}"}},
            "aws_route_table": {"a": {"vpc_id": "${aws_vpc.main.id}", "id": "rtb-1"}},
            "aws_route_table_association": {
                "a": {
                    "subnet_id": "${aws_subnet.a.id}",
                    "route_table_id": "${aws_route_table.a.id}",
                }
            },
            "aws_db_subnet_group": {"main": {"subnet_ids": ["${aws_subnet.a.id}"]}},
            "aws_db_instance": {
                "main": {"db_subnet_group_name": "${aws_db_subnet_group.main.name}"}
            },
        }
    )
    control, address = "rds-instance-private-subnets", "aws_db_instance.main"
    before = found(load_plan(plan), control, address)

    left = {"route_table_id": "rtb-1", "gateway_id": "igw-1"}
    after = found(forgetting(plan, "aws_route", left), control, address)

    assert (before.status, after.status) == (Status.PASS, Status.FAIL)


def test_hcl_lists_may_hold_more_than_they_refer_to() -> None:
    plan = load_plan(HOSTILE)

    finding = found(plan, "rds-instance-private-subnets", "aws_db_instance.mixed")

    assert finding.status is Status.UNKNOWN
    assert "what else is in it" in finding.implemented


def test_what_hcl_lists_show_may_be_enough_to_fail() -> None:
    plan = load_plan(HOSTILE)

    finding = found(plan, "rds-instance-private-subnets", "aws_db_instance.public")

    assert finding.status is Status.FAIL
    assert finding.related == ("aws_db_subnet_group.public", "aws_subnet.public")


def test_a_key_behind_a_known_switch() -> None:
    plan = load_plan(HOSTILE)
    control = "logs-group-encryption"

    assert found(plan, control, "aws_cloudwatch_log_group.switched").status is Status.PASS
    assert found(plan, control, "aws_cloudwatch_log_group.later").status is Status.UNKNOWN


def test_tag_keys_may_have_dots() -> None:
    plan = load_plan(HOSTILE)
    (choice,) = [one for one in select(load_catalog(), None, None) if one.meta.id == TAGS]

    for keys, status in ((DOTTED, Status.PASS), ((*DOTTED, "example.com/x"), Status.FAIL)):
        settings = {**choice.settings, "keys": keys}
        judged = run_controls(plan, [type(choice)(choice.control, settings)], subject="plan")
        answers = {finding.address: finding.status for finding in judged.findings}
        assert answers["aws_cloudwatch_log_group.switched"] is status


TAGS = "tags-required"
DOTTED = ("example.com/owner.team",)


@pytest.mark.parametrize(
    ("kind", "values", "status"),
    [
        ("aws_iam_policy", {"name": "read"}, Status.FAIL),
        ("aws_iam_role_policy", {"name": "read", "role": "app"}, Status.PASS),
    ],
)
def test_a_policy_of_7000_characters(
    make_plan: MakePlan, kind: str, values: dict[str, Any], status: Status
) -> None:
    """IAM takes it inline in a role, not as a managed policy."""
    resources = [f"arn:aws:s3:::reports-111122223333/{number:04}/*" for number in range(150)]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    plan = load_plan(make_plan({kind: {"large": {**values, "policy": policy}}}))
    finding = found(plan, "iam-policy-valid", f"{kind}.large")

    assert finding.status is status


def test_a_sensitive_key_store_is_not_shown_and_not_judged(make_plan: MakePlan) -> None:
    values = {"custom_key_store_id": "cks-1234567890abcdef0"}
    plan = make_plan({"aws_kms_key": {"data": values}})
    plan["resource_changes"][0]["change"]["after_sensitive"] = {"custom_key_store_id": True}
    finding = found(load_plan(plan), "kms-key-rotation", "aws_kms_key.data")
    assert finding.status is Status.UNKNOWN
    assert "sensitive" in finding.implemented
