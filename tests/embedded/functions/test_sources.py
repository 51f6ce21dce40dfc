"""Events of AWS services: their form, who lets them in, and that producers do not notice."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import pytest
from botocore.exceptions import ClientError
from tests.embedded.functions.deployed import ACCOUNT, ECHO, FAILS, Deployed


def _events(deployed: Deployed, end: str = "f") -> list[Any]:
    return [json.loads(line) for line in deployed.printed(end)]


def _bucket(deployed: Deployed, events: list[str], rules: dict[str, str]) -> str:
    name = deployed.name("b")
    deployed.s3.create_bucket(Bucket=name)
    filters = [{"Name": key, "Value": text} for key, text in rules.items()]
    one: dict[str, Any] = {"LambdaFunctionArn": deployed.arn("f"), "Events": events}
    if filters:
        one["Filter"] = {"Key": {"FilterRules": filters}}
    deployed.s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"LambdaFunctionConfigurations": [one]}
    )
    return name


def test_objects_are_notified_by_event_prefix_and_suffix(deployed: Deployed) -> None:
    deployed.function("f", ECHO)
    bucket = _bucket(deployed, ["s3:ObjectCreated:*"], {"prefix": "in/", "suffix": ".txt"})
    deployed.let("f", "s3.amazonaws.com", f"arn:aws:s3:::{bucket}", SourceAccount=ACCOUNT)
    for key in ("in/ä b+c.txt", "out/a.txt", "in/a.csv"):
        deployed.s3.put_object(Bucket=bucket, Key=key, Body=b"12")
    deployed.s3.delete_object(Bucket=bucket, Key="in/ä b+c.txt")
    (event,) = _events(deployed)
    (record,) = event["Records"]
    assert record["eventSource"] == "aws:s3"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{bucket}"
    assert record["s3"]["object"]["key"] == "in/%C3%A4+b%2Bc.txt"
    assert unquote_plus(record["s3"]["object"]["key"]) == "in/ä b+c.txt"
    assert record["s3"]["object"]["size"] == 2


def test_a_removed_object_is_notified_without_a_size(deployed: Deployed) -> None:
    deployed.function("f", ECHO)
    bucket = _bucket(deployed, ["s3:ObjectRemoved:*"], {})
    deployed.let("f", "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
    deployed.s3.put_object(Bucket=bucket, Key="k", Body=b"12")
    deployed.s3.delete_object(Bucket=bucket, Key="k")
    (event,) = _events(deployed)
    assert event["Records"][0]["eventName"] == "ObjectRemoved:Delete"
    assert "size" not in event["Records"][0]["s3"]["object"]


LET: dict[str, tuple[dict[str, Any], bool]] = {
    "source": ({}, True),
    "account": ({"SourceAccount": ACCOUNT}, True),
    "other-source": ({"SourceArn": "arn:aws:s3:::another"}, False),
    "other-account": ({"SourceAccount": "999999999999"}, False),
    "other-service": ({"Principal": "sns.amazonaws.com"}, False),
    "other-action": ({"Action": "lambda:GetFunction"}, False),
}


@pytest.mark.parametrize("case", [*LET.values(), None], ids=[*LET, "nothing"])
def test_a_service_invokes_only_whom_a_policy_lets_it(
    case: tuple[dict[str, Any], bool] | None, deployed: Deployed
) -> None:
    deployed.function("f", ECHO)
    bucket = _bucket(deployed, ["s3:ObjectCreated:Put"], {})
    given, allowed = case or ({}, False)
    if case is not None:
        asked = {
            "FunctionName": deployed.name("f"),
            "StatementId": "s",
            "Action": "lambda:InvokeFunction",
            "Principal": "s3.amazonaws.com",
            "SourceArn": f"arn:aws:s3:::{bucket}",
        }
        deployed.functions.add_permission(**{**asked, **given})
    deployed.s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert len(_events(deployed)) == allowed
    kinds = [kind for kind, _ in deployed.notes("f")]
    assert kinds == ([] if allowed else ["not allowed"])


def test_a_topic_reaches_functions_by_its_filter_policies(deployed: Deployed) -> None:
    deployed.function("f", ECHO)
    topic = deployed.sns.create_topic(Name=deployed.name("t"))["TopicArn"]
    deployed.let("f", "sns.amazonaws.com", topic)
    policy = {"FilterPolicy": json.dumps({"kind": ["order"]})}
    deployed.sns.subscribe(
        TopicArn=topic, Protocol="lambda", Endpoint=deployed.arn("f"), Attributes=policy
    )
    for kind in ("order", "other"):
        deployed.sns.publish(
            TopicArn=topic,
            Message=kind,
            Subject="s",
            MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}},
        )
    (event,) = _events(deployed)
    (record,) = event["Records"]
    assert record["EventSource"] == "aws:sns"
    assert record["Sns"]["TopicArn"] == topic
    assert (record["Sns"]["Message"], record["Sns"]["Subject"]) == ("order", "s")
    assert record["Sns"]["MessageAttributes"] == {"kind": {"Type": "String", "Value": "order"}}


PRODUCERS = ("s3", "sns", "events")


@pytest.mark.parametrize("what", ["fails", "hangs", "gone", "node"])
@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_producer_does_not_notice_what_its_consumer_does(
    producer: str, what: str, deployed: Deployed
) -> None:
    hangs = "import threading\ndef handler(event, context): threading.Event().wait()\n"
    settings: dict[str, Any] = {"Timeout": 1} if what == "hangs" else {}
    if what == "node":
        settings = {"Runtime": "nodejs20.x"}
    name = deployed.function("f", hangs if what == "hangs" else FAILS, **settings)
    deployed.functions.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    produce = _producer(producer, deployed)
    if what == "gone":
        deployed.functions.delete_function(FunctionName=name)
    produce()
    notes = deployed.notes("f")
    assert notes
    assert notes[0][0] == ("not delivered" if what in ("gone", "node") else "failed")


def _producer(kind: str, deployed: Deployed) -> Callable[[], object]:
    if kind == "s3":
        bucket = _bucket(deployed, ["s3:ObjectCreated:*"], {})
        deployed.let("f", "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
        return lambda: deployed.s3.put_object(Bucket=bucket, Key="k", Body=b"")
    if kind == "sns":
        topic = deployed.sns.create_topic(Name=deployed.name("t"))["TopicArn"]
        deployed.let("f", "sns.amazonaws.com", topic)
        deployed.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=deployed.arn("f"))
        return lambda: deployed.sns.publish(TopicArn=topic, Message="x")
    source = deployed.name("app")
    _rule(deployed, {"EventPattern": json.dumps({"source": [source]})}, {})
    return lambda: _put(deployed, source, {})


def _rule(deployed: Deployed, settings: dict[str, str], target: dict[str, Any]) -> str:
    name = deployed.name("rule")
    arn = str(deployed.events.put_rule(Name=name, **settings)["RuleArn"])
    deployed.let("f", "events.amazonaws.com", arn)
    targets = [{"Id": "1", "Arn": deployed.arn("f"), **target}]
    deployed.events.put_targets(Rule=name, Targets=targets)
    return arn


def _put(deployed: Deployed, source: str, detail: dict[str, Any]) -> None:
    entry = {"Source": source, "DetailType": "d", "Detail": json.dumps(detail)}
    assert deployed.events.put_events(Entries=[entry])["FailedEntryCount"] == 0


TRANSFORMER = {
    "InputPathsMap": {"x": "$.detail.x", "n": "$.detail.n"},
    "InputTemplate": '{"x": <x>, "text": "x is <x>", "n": <n>}',
}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"Input": '{"a": 1}'}, {"a": 1}),
        ({"InputPath": "$.detail"}, {"x": 'a "b"', "n": {"m": [1]}}),
        ({"InputTransformer": TRANSFORMER}, {"x": 'a "b"', "text": 'x is a "b"', "n": {"m": [1]}}),
    ],
    ids=["input", "path", "transformer"],
)
def test_a_rule_gives_its_target_what_it_says(
    target: dict[str, Any], expected: dict[str, Any], deployed: Deployed
) -> None:
    deployed.function("f", ECHO)
    source = deployed.name("app")
    _rule(deployed, {"EventPattern": json.dumps({"source": [source]})}, target)
    _put(deployed, source, {"x": 'a "b"', "n": {"m": [1]}})
    _put(deployed, "another", {})
    assert _events(deployed) == [expected]


def test_a_rule_gives_its_target_the_event(deployed: Deployed) -> None:
    deployed.function("f", ECHO)
    source = deployed.name("app")
    _rule(deployed, {"EventPattern": json.dumps({"source": [source]})}, {})
    _put(deployed, source, {"x": 1})
    deployed.events.disable_rule(Name=deployed.name("rule"))
    _put(deployed, source, {"x": 2})
    (event,) = _events(deployed)
    assert {key: event[key] for key in ("source", "detail-type", "detail", "account")} == {
        "source": source,
        "detail-type": "d",
        "detail": {"x": 1},
        "account": ACCOUNT,
    }
    assert str(event["time"]).endswith("Z")


def test_schedules_are_run_when_asked_for(deployed: Deployed) -> None:
    deployed.function("f", ECHO)
    rule = _rule(deployed, {"ScheduleExpression": "rate(5 minutes)"}, {})
    role = deployed.role("s", "lambda:InvokeFunction", service="scheduler.amazonaws.com")
    deployed.scheduler.create_schedule(
        Name=deployed.name("s"),
        ScheduleExpression="cron(0 1 * * ? *)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": deployed.arn("f"), "RoleArn": role, "Input": '{"by": "scheduler"}'},
    )
    _put(deployed, "anything", {})
    assert _events(deployed) == []
    ran = deployed.daemon.run_schedules()
    assert rule in ran
    events = _events(deployed)
    assert {"by": "scheduler"} in events
    (scheduled,) = [one for one in events if "source" in one]
    assert (scheduled["source"], scheduled["detail-type"]) == ("aws.events", "Scheduled Event")
    assert scheduled["resources"] == [rule]
    deployed.events.disable_rule(Name=deployed.name("rule"))
    deployed.scheduler.delete_schedule(Name=deployed.name("s"))
    assert rule not in deployed.daemon.run_schedules()


ROTATES = """
import boto3
def handler(event, context):
    secrets = boto3.client("secretsmanager")
    token, secret = event["ClientRequestToken"], event["SecretId"]
    stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
    print(event["Step"])
    if event["Step"] == "FAILING":
        raise ValueError("no")
    if event["Step"] == "createSecret":
        assert stages[token] == ["AWSPENDING"]
        secrets.put_secret_value(SecretId=secret, ClientRequestToken=token, SecretString="new",
                                 VersionStages=["AWSPENDING"])
    if event["Step"] == "testSecret":
        secrets.get_secret_value(SecretId=secret, VersionStage="AWSPENDING")
    if event["Step"] == "finishSecret":
        (current,) = [name for name, labels in stages.items() if "AWSCURRENT" in labels]
        secrets.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT",
                                            MoveToVersionId=token, RemoveFromVersionId=current)
"""
STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]


@pytest.mark.parametrize("failing", [*STEPS, ""])
def test_a_secret_is_rotated_in_four_steps(failing: str, deployed: Deployed) -> None:
    code = ROTATES.replace("FAILING", failing or "none")
    deployed.function("f", code, "secretsmanager:*")
    secret = deployed.secretsmanager.create_secret(Name=deployed.name("s"), SecretString="old")
    arn = secret["ARN"]
    deployed.let("f", "secretsmanager.amazonaws.com", arn)
    deployed.secretsmanager.rotate_secret(
        SecretId=arn,
        RotationLambdaARN=deployed.arn("f"),
        RotationRules={"AutomaticallyAfterDays": 30},
    )
    done = STEPS[: STEPS.index(failing) + 1] if failing else STEPS
    assert [line for line in deployed.printed("f") if "ERROR" not in line] == done
    described = deployed.secretsmanager.describe_secret(SecretId=arn)
    stages = sorted(one for labels in described["VersionIdsToStages"].values() for one in labels)
    value = deployed.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]
    if failing:
        assert (stages, value) == (["AWSCURRENT", "AWSPENDING"], "old")
        assert "LastRotatedDate" not in described
        with pytest.raises(ClientError, match="A previous rotation isn't complete"):
            deployed.secretsmanager.rotate_secret(SecretId=arn)
    else:
        assert (stages, value) == (["AWSCURRENT", "AWSPREVIOUS"], "new")
        assert "LastRotatedDate" in described


def test_a_secret_is_not_rotated_by_a_function_that_does_not_let_it(deployed: Deployed) -> None:
    deployed.function("f", ROTATES, "secretsmanager:*")
    secret = deployed.secretsmanager.create_secret(Name=deployed.name("s"), SecretString="old")
    deployed.secretsmanager.rotate_secret(
        SecretId=secret["ARN"],
        RotationLambdaARN=deployed.arn("f"),
        RotationRules={"AutomaticallyAfterDays": 30},
    )
    assert deployed.printed("f") == []
    assert [kind for kind, _ in deployed.notes("f")] == ["not allowed", "failed"]
