"""What goes from log groups into an archive, and what raises an alarm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cdktn
import pytest

from revet.constructs import cloudwatch, firehose, kms, logs, s3, sns

if TYPE_CHECKING:
    from tests.constructs.conftest import Made, Synthesize


def archive(stack: cdktn.TerraformStack) -> tuple[logs.LogGroup, firehose.DeliveryStream]:
    key = kms.Key(stack, "key", description="x")
    bucket = s3.Bucket(stack, "archive", key=key, archive_after_days=90, expiration_days=400)
    group = logs.LogGroup(stack, "group", key=key)
    stream = firehose.DeliveryStream(stack, "stream", bucket=bucket, key=key, log_group=group)
    return group, stream


def role(made: Made, name: str) -> dict[str, object]:
    (found,) = (body for body in made.all("aws_iam_role") if body["name"] == f"app-{name}-test")
    return found


@pytest.mark.parametrize(
    ("name", "service", "source"),
    [
        ("stream-delivery", "firehose", "arn:aws:firehose:us-west-2:*:deliverystream/app-stream-*"),
        ("stream-logs", "logs", "arn:aws:logs:us-west-2:*:*"),
    ],
)
def test_each_role_trusts_one_service_of_this_account(
    stack: cdktn.TerraformStack, synthesized: Synthesize, name: str, service: str, source: str
) -> None:
    archive(stack)
    found = role(synthesized(stack), name)
    (trust,) = json.loads(str(found["assume_role_policy"]))["Statement"]
    assert trust["Principal"] == {"Service": f"{service}.amazonaws.com"}
    assert "account_id" in trust["Condition"]["StringEquals"]["aws:SourceAccount"]
    given = trust["Condition"]["ArnLike"]["aws:SourceArn"].split(":")
    expected = source.split(":")
    assert (given[2], given[3], given[5][:10]) == (expected[2], expected[3], expected[5][:10])


def test_what_is_delivered_is_encrypted_compressed_and_kept_apart_from_failures(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    archive(stack)
    made = synthesized(stack).one("aws_kinesis_firehose_delivery_stream")
    assert made["server_side_encryption"]["key_type"] == "CUSTOMER_MANAGED_CMK"
    destination = made["extended_s3_configuration"]
    assert destination["prefix"] == "logs/!{timestamp:yyyy/MM/dd}/"
    assert destination["error_output_prefix"].startswith("errors/!{firehose:error-output-type}/")
    assert destination["compression_format"] == "GZIP"
    assert "arn" in destination["kms_key_arn"]
    assert destination["cloudwatch_logging_options"]["enabled"] is True
    assert destination["processing_configuration"]["processors"] == [
        {
            "parameters": [{"parameter_name": "CompressionFormat", "parameter_value": "GZIP"}],
            "type": "Decompression",
        }
    ]


def test_a_subscription_waits_for_the_role_that_it_uses(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    group, stream = archive(stack)
    firehose.SubscriptionFilter(stack, "all", log_group=group, stream=stream)
    firehose.SubscriptionFilter(stack, "critical", log_group=group, stream=stream, pattern="?ERROR")
    made = synthesized(stack)
    filters = {item["name"]: item for item in made.all("aws_cloudwatch_log_subscription_filter")}
    assert filters["app-all-test"]["filter_pattern"] == ""
    assert filters["app-critical-test"]["filter_pattern"] == "?ERROR"
    for item in filters.values():
        (waits,) = item["depends_on"]
        policy = made.json["resource"]["aws_iam_role_policy"][waits.partition(".")[2]]
        (allowed,) = json.loads(policy["policy"])["Statement"]
        assert allowed["Action"] == ["firehose:PutRecord", "firehose:PutRecordBatch"]
        assert item["destination_arn"] == allowed["Resource"]


def test_an_alarm_watches_what_a_filter_counts(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    key = kms.Key(stack, "key", description="x", service_access=[kms.cloudwatch_alarms()])
    group = logs.LogGroup(stack, "group", key=key)
    counted = logs.MetricFilter(stack, "critical", log_group=group, pattern="?ERROR ?CRITICAL")
    topic = sns.Topic(stack, "alarms", key=key, service_access=[sns.cloudwatch_alarms()])
    cloudwatch.Alarm(stack, "events", metric=counted.metric, topic=topic, description="Look")
    made = synthesized(stack)
    alarm = made.one("aws_cloudwatch_metric_alarm")
    transformed = made.one("aws_cloudwatch_log_metric_filter")["metric_transformation"]
    assert alarm["metric_name"] == transformed["name"] == "app-critical-test"
    assert alarm["namespace"] == transformed["namespace"] == "app-test"
    assert alarm["treat_missing_data"] == "notBreaching"
    assert "dimensions" not in alarm
    statements = made.statements("aws_sns_topic_policy")
    assert statements["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    for admitted in (
        statements["AlarmsPublish"],
        made.statements("aws_kms_key")["AlarmsPublish"],
    ):
        assert admitted["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert set(admitted["Condition"]) == {"StringEquals", "ArnLike"}


def test_objects_move_to_the_archive_tier_before_they_end(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    archive(stack)
    rules = {
        item["id"]: item
        for item in synthesized(stack).one("aws_s3_bucket_lifecycle_configuration")["rule"]
    }
    assert rules["archive"]["transition"] == [{"days": 90, "storage_class": "GLACIER_IR"}]
    assert rules["retention"]["expiration"] == [{"days": 400}]


def test_two_streams_may_share_the_group_of_their_errors(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    group, first = archive(stack)
    key = kms.Key(stack, "other-key", description="x")
    firehose.DeliveryStream(stack, "second", bucket=first.bucket, key=key, log_group=group)
    names = {item["name"] for item in synthesized(stack).all("aws_cloudwatch_log_stream")}
    assert names == {"app-stream-test", "app-second-test"}
