"""What matches becomes a metric, a metric an alarm, and an alarm a message."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from tests.embedded.log_delivery.conftest import Way

from revet.embedded.log_delivery import alarms

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def datum(value: float, ago: float, *dimensions: tuple[str, str], unit: str = "Count") -> Any:  # noqa: ANN401 - in the place of moto's object
    return SimpleNamespace(
        namespace="app",
        name="errors",
        value=value,
        timestamp=(NOW - dt.timedelta(seconds=ago)).replace(tzinfo=None),
        dimensions=[SimpleNamespace(name=name, value=text) for name, text in dimensions],
        unit=unit,
    )


def alarm(**more: Any) -> Any:  # noqa: ANN401 - in the place of moto's object
    made = SimpleNamespace(
        namespace="app",
        metric_name="errors",
        dimensions=[],
        unit=None,
        statistic="Sum",
        extended_statistic=None,
        period=60,
        evaluation_periods=3,
        datapoints_to_alarm=None,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1.0,
        treat_missing_data=None,
        state_value="INSUFFICIENT_DATA",
        rule=None,
        metric_data_queries=[],
        threshold_metric_id=None,
        state_reason="",
    )
    vars(made).update(more)
    made.update_state = lambda reason, _data, state: vars(made).update(
        state_reason=reason, state_value=state
    )
    return made


ONE = {"evaluation_periods": 1}
STATES: list[tuple[str, dict[str, Any], Sequence[Any], str]] = [
    ("nothing", {}, [], "INSUFFICIENT_DATA"),
    ("nothing is fine", {"treat_missing_data": "notBreaching"}, [], "OK"),
    ("nothing is bad", {"treat_missing_data": "breaching"}, [], "ALARM"),
    ("nothing is ignored", {"treat_missing_data": "ignore", "state_value": "OK"}, [], "OK"),
    ("one of one", ONE, [datum(1, 0)], "ALARM"),
    ("below", ONE, [datum(0, 10)], "OK"),
    ("older than the period", ONE, [datum(1, 60)], "INSUFFICIENT_DATA"),
    ("in the future", ONE, [datum(1, -5)], "INSUFFICIENT_DATA"),
    ("all of three", {}, [datum(1, 0), datum(1, 61), datum(1, 121)], "ALARM"),
    ("one of three is not enough", {}, [datum(1, 0), datum(0, 61), datum(0, 121)], "OK"),
    ("one of three is enough", {"datapoints_to_alarm": 1}, [datum(1, 0), datum(0, 61)], "ALARM"),
    (
        "missing ones breach too",
        {"datapoints_to_alarm": 2, "treat_missing_data": "breaching"},
        [datum(0, 0)],
        "ALARM",
    ),
    ("a sum", {**ONE, "threshold": 3.0}, [datum(1, 0), datum(2, 1)], "ALARM"),
    ("an average", {**ONE, "threshold": 3.0, "statistic": "Average"}, [datum(1, 0)], "OK"),
    (
        "a count",
        {**ONE, "threshold": 2.0, "statistic": "SampleCount"},
        [datum(0, 0), datum(0, 1)],
        "ALARM",
    ),
    (
        "a percentile",
        {**ONE, "threshold": 9.0, "extended_statistic": "p90", "statistic": None},
        [datum(value, 0) for value in range(11)],
        "ALARM",
    ),
    ("greater", {**ONE, "comparison_operator": "GreaterThanThreshold"}, [datum(1, 0)], "OK"),
    ("less", {**ONE, "comparison_operator": "LessThanThreshold"}, [datum(0, 0)], "ALARM"),
    (
        "less or equal",
        {**ONE, "comparison_operator": "LessThanOrEqualToThreshold"},
        [datum(1, 0)],
        "ALARM",
    ),
    ("other dimensions", ONE, [datum(1, 0, ("a", "b"))], "INSUFFICIENT_DATA"),
    (
        "the same dimensions",
        {**ONE, "dimensions": [SimpleNamespace(name="a", value="b")]},
        [datum(1, 0, ("a", "b"))],
        "ALARM",
    ),
    ("another unit", {**ONE, "unit": "Bytes"}, [datum(1, 0)], "INSUFFICIENT_DATA"),
]


@pytest.mark.parametrize("case", STATES, ids=lambda case: case[0])
def test_states(case: tuple[str, dict[str, Any], Sequence[Any], str]) -> None:
    _, settings, data, expected = case
    made = alarm(**settings)
    alarms._evaluate(made, SimpleNamespace(metric_data=data), NOW)
    assert made.state_value == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"rule": 'ALARM("x")'},
        {"metric_data_queries": [object()]},
        {"comparison_operator": "GreaterThanUpperThreshold"},
        {"extended_statistic": "tm99"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_what_is_not_evaluated_says_so(settings: dict[str, Any]) -> None:
    made = alarm(**settings, state_value="OK")
    alarms._evaluate(made, SimpleNamespace(metric_data=[datum(9, 0)]), NOW)
    assert made.state_value == "OK"
    assert made.state_reason.startswith(alarms.NOT_EVALUATED)


class Alarmed:
    """A group with a metric filter, an alarm, and a queue behind the alarm's topic."""

    def __init__(self, way: Way, **filter_settings: Any) -> None:  # noqa: ANN401 - of MetricTransformation
        self.way = way
        self.logs, self.watch = way.client("logs"), way.client("cloudwatch")
        self.logs.create_log_group(logGroupName=way.group)
        self.logs.create_log_stream(logGroupName=way.group, logStreamName="one")
        self.logs.put_metric_filter(
            logGroupName=way.group,
            filterName="errors",
            filterPattern=filter_settings.pop("pattern", "ERROR"),
            metricTransformations=[
                {
                    "metricName": "errors",
                    "metricNamespace": way.name,
                    "metricValue": "1",
                    **filter_settings,
                }
            ],
        )
        self.topic = way.client("sns").create_topic(Name=way.name)["TopicArn"]
        sqs = way.client("sqs")
        self.queue = sqs.create_queue(QueueName=way.name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{self.topic.split(':')[4]}:{way.name}"
        way.client("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)
        self.watch.put_metric_alarm(
            AlarmName=way.name,
            Namespace=way.name,
            MetricName="errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=[self.topic],
        )

    def admit(self, **condition: Any) -> None:  # noqa: ANN401 - of a policy
        policy = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": self.topic,
                **({"Condition": condition} if condition else {}),
            },
        }
        self.way.client("sns").set_topic_attributes(
            TopicArn=self.topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
        )

    def state(self) -> str:
        return str(
            self.watch.describe_alarms(AlarmNames=[self.way.name])["MetricAlarms"][0]["StateValue"]
        )

    def messages(self) -> list[dict[str, Any]]:
        found = self.way.client("sqs").receive_message(QueueUrl=self.queue).get("Messages", [])
        return [json.loads(json.loads(one["Body"])["Message"]) for one in found]


def test_an_event_sets_the_alarm_off(way: Way) -> None:
    made = Alarmed(way)
    way.daemon.settle()  # whether the courier has come already or not
    assert made.state() == "OK"
    made.admit(ArnLike={"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"})
    way.put("fine")
    way.daemon.settle()
    assert (made.state(), made.messages()) == ("OK", [])
    way.put("an ERROR")
    assert way.name in way.daemon.settle()["alarms"]
    assert made.state() == "ALARM"
    (message,) = made.messages()
    assert (message["NewStateValue"], message["OldStateValue"]) == ("ALARM", "OK")
    assert message["AlarmName"] == way.name
    way.put("another ERROR")
    way.daemon.settle()
    assert made.messages() == []  # it is told once


def test_a_topic_that_does_not_admit_alarms_hears_nothing(way: Way) -> None:
    made = Alarmed(way)
    made.admit(StringEquals={"aws:SourceAccount": "999999999999"})
    way.put("an ERROR")
    done = way.daemon.settle()
    assert made.state() == "ALARM"
    assert made.messages() == []
    assert any("does not admit cloudwatch" in line for line in done["failed"])


@pytest.mark.parametrize("admitted", [True, False])
def test_a_topics_key_must_admit_alarms(way: Way, admitted: bool) -> None:  # noqa: FBT001 - a case
    made = Alarmed(way)
    made.admit()
    kms = way.client("kms")
    key = kms.create_key()["KeyMetadata"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com" if admitted else "s3.amazonaws.com"},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
    }
    kms.put_key_policy(
        KeyId=key["KeyId"],
        PolicyName="default",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    way.client("sns").set_topic_attributes(
        TopicArn=made.topic, AttributeName="KmsMasterKeyId", AttributeValue=key["Arn"]
    )
    way.put("an ERROR")
    way.daemon.settle()
    assert len(made.messages()) == int(admitted)


def values(way: Way, *dimensions: dict[str, str]) -> list[float]:
    now = dt.datetime.now(dt.UTC)
    found = way.client("cloudwatch").get_metric_statistics(
        Namespace=way.name,
        MetricName="errors",
        Dimensions=list(dimensions),
        StartTime=now - dt.timedelta(minutes=5),
        EndTime=now + dt.timedelta(minutes=5),
        Period=3600,
        Statistics=["Sum", "SampleCount"],
    )["Datapoints"]
    return [value for point in found for value in (point["Sum"], point["SampleCount"])]


def test_a_default_value_is_put_when_nothing_matches(way: Way) -> None:
    Alarmed(way, defaultValue=0.0)
    way.put("fine", "fine")
    assert values(way) == [0.0, 1.0]
    way.put("an ERROR", "fine")
    assert values(way) == [1.0, 2.0]


def test_values_and_dimensions_come_from_the_event(way: Way) -> None:
    Alarmed(
        way,
        pattern='{ $.level = "ERROR" }',
        metricValue="$.seconds",
        dimensions={"Path": "$.path"},
    )
    way.put(
        '{"level": "ERROR", "seconds": 1.5, "path": "/a"}',
        '{"level": "ERROR", "seconds": 2, "path": "/a"}',
        '{"level": "ERROR", "seconds": "slow", "path": "/a"}',
        '{"level": "ERROR", "seconds": 4}',
        '{"level": "INFO", "seconds": 8, "path": "/a"}',
    )
    assert values(way, {"Name": "Path", "Value": "/a"}) == [3.5, 2.0]


def test_an_alarm_that_is_put_again_keeps_its_state(way: Way) -> None:
    made = Alarmed(way)
    way.put("an ERROR")
    way.daemon.settle()
    made.watch.put_metric_alarm(
        AlarmName=way.name,
        Namespace=way.name,
        MetricName="errors",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    assert made.state() == "ALARM"
