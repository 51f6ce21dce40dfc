"""What a role needs for a call: each policy that bears on it, and each role that it passes."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.embedded.judged import ACCOUNT, bucket, table
from tests.embedded.test_remediation import REGION, TRUST, Automation, allow, document

from revet.embedded import start_daemon

Client = Callable[..., Any]


def step(service: str, api: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters
    return {
        "name": "call",
        "action": "aws:executeAwsApi",
        "inputs": {"Service": service, "Api": api, **inputs},
    }


def deny(action: str, resource: str, principal: Any = "*") -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": resource}


@pytest.mark.parametrize("member", ["TopicArn", "TargetArn"])
def test_the_policy_of_a_topic_counts(client: Client, member: str) -> None:
    automation = Automation(client, f"publishes-{member}")
    sns = automation.at("sns")
    topic = sns.create_topic(Name=automation.at.name)["TopicArn"]
    automation.make(step("sns", "Publish", Message="x", **{member: topic}))
    automation.may(allow(["sns:Publish"], "*"))
    assert automation.run()["AutomationExecutionStatus"] == "Success"
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=document(deny("sns:Publish", topic, {"AWS": automation.role})),
    )
    assert "explicit deny" in automation.run()["FailureMessage"]


def test_a_publication_to_a_phone_is_not_known(client: Client) -> None:
    automation = Automation(client, "publishes-phone")
    automation.make(step("sns", "Publish", Message="x", PhoneNumber="+15555550100"))
    automation.may(allow(["sns:Publish"], "*"))
    assert "does not know what a role needs" in automation.run()["FailureMessage"]


@pytest.mark.parametrize("by_arn", [False, True])
def test_the_policy_of_a_table_counts(client: Client, *, by_arn: bool) -> None:
    automation = Automation(client, f"reads-table-{by_arn}")
    name = table(automation.at, recoverable=False)
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
    automation.make(step("dynamodb", "DescribeTable", TableName=arn if by_arn else name))
    automation.may(allow(["dynamodb:*"], "*"))
    assert automation.run()["AutomationExecutionStatus"] == "Success"
    automation.at("dynamodb").put_resource_policy(
        ResourceArn=arn, Policy=document(deny("dynamodb:*", arn))
    )
    assert "explicit deny" in automation.run()["FailureMessage"]


def test_a_role_that_is_handed_over_must_be_passed(client: Client) -> None:
    automation = Automation(client, "hands-over")
    name = bucket(automation.at)
    writes = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    automation.at("s3").put_bucket_policy(Bucket=name, Policy=document(writes))
    automation.at("cloudtrail").create_trail(Name=name, S3BucketName=name)
    automation.at("logs").create_log_group(logGroupName=name)
    logs = f"arn:aws:iam::{ACCOUNT}:role/hands-over-logs"
    automation.at("iam").create_role(
        RoleName="hands-over-logs",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                },
            }
        ),
    )
    automation.make(
        step(
            "cloudtrail",
            "UpdateTrail",
            Name=name,
            CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*",
            CloudWatchLogsRoleArn=logs,
        )
    )
    update = allow(["cloudtrail:UpdateTrail"], "*")
    automation.may(update)
    assert "iam:PassRole" in automation.run()["FailureMessage"]
    to = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    automation.may(update, {**allow(["iam:PassRole"], logs), "Condition": to})
    assert "iam:PassRole" in automation.run()["FailureMessage"]
    to = {"StringEquals": {"iam:PassedToService": "cloudtrail.amazonaws.com"}}
    automation.may(update, {**allow(["iam:PassRole"], logs), "Condition": to})
    assert "iam:PassRole" not in automation.run().get("FailureMessage", "")


def test_a_group_of_the_default_vpc_can_be_named(client: Client) -> None:
    automation = Automation(client, "names-group", "us-west-1")
    ec2 = automation.at("ec2")
    made = ec2.create_security_group(GroupName="names-group", Description="x")["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    ranges = [{"CidrIp": "10.0.0.0/8"}]
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[{**rule, "IpRanges": ranges}])
    automation.make(
        step(
            "ec2",
            "RevokeSecurityGroupIngress",
            GroupName="{{ BucketName }}",
            IpPermissions=[{**rule, "IpRanges": ranges}],
        )
    )
    automation.may(
        allow(["ec2:RevokeSecurityGroupIngress"], f"arn:aws:ec2:*:*:security-group/{made}")
    )
    assert automation.run()["AutomationExecutionStatus"] == "Success"
    assert "does not know" in automation.run(BucketName="absent")["FailureMessage"]


def test_a_role_of_another_account_is_not_assumed(
    state: Path, client_for: Callable[..., Any]
) -> None:
    daemon = start_daemon(state)
    client: Client = functools.partial(client_for, daemon)
    automation = Automation(client, "stays-at-home")
    automation.make(step("s3", "ListBuckets"))
    automation.may(allow(["s3:ListAllMyBuckets"], "*"))
    assert automation.run()["AutomationExecutionStatus"] == "Success"
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(Email="a@example.test", AccountName="member")[
        "CreateAccountStatus"
    ]["AccountId"]
    session = client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole", RoleSessionName="ann"
    )["Credentials"]
    there = client(
        "iam",
        key=session["AccessKeyId"],
        secret=session["SecretAccessKey"],
        token=session["SessionToken"],
    )
    open_trust = {name: TRUST[name] for name in ("Effect", "Principal", "Action")}
    role = there.create_role(RoleName="theirs", AssumeRolePolicyDocument=document(open_trust))
    arn = role["Role"]["Arn"]
    assert f"::{member}:" in arn
    with pytest.raises(ClientError, match="unable to be assumed"):
        automation.run(AutomationAssumeRole=arn)


def test_members_that_name_two_things_are_not_known(client: Client) -> None:
    automation = Automation(client, "names-two", "ap-northeast-1")
    sns, ec2 = automation.at("sns"), automation.at("ec2")
    mine, other = (sns.create_topic(Name=name)["TopicArn"] for name in ("mine", "other"))
    group = ec2.create_security_group(GroupName="names-two", Description="x")["GroupId"]
    automation.at("logs").create_log_group(logGroupName="names-two")
    of_logs = f"arn:aws:logs:{automation.at.region}:{ACCOUNT}:log-group:other"
    steps = [
        step("sns", "Publish", Message="x", TopicArn=mine, TargetArn=other),
        step("sns", "Publish", Message="x", TopicArn=mine, PhoneNumber="+15555550100"),
        step("ec2", "RevokeSecurityGroupIngress", GroupId=group, GroupName="default"),
        step("ec2", "RevokeSecurityGroupIngress", GroupId="names-two"),
        step(
            "logs",
            "AssociateKmsKey",
            logGroupName="names-two",
            resourceIdentifier=of_logs,
            kmsKeyId="x",
        ),
        step("iam", "ListAccessKeys"),
        step("iam", "DeleteAccessKey", AccessKeyId="AKIAIOSFODNN7EXAMPLE"),
    ]
    automation.make(
        *({**one, "name": f"step{n}", "onFailure": "Continue"} for n, one in enumerate(steps))
    )
    automation.may(allow(["*"], "*"))
    run = automation.run()["StepExecutions"]
    assert len(run) == len(steps)
    for one in run:
        assert "does not know what a role needs" in one["FailureMessage"], one["StepName"]


def test_what_is_elsewhere_is_not_known(client: Client) -> None:
    automation = Automation(client, "names-elsewhere")
    region, other = automation.at.region, "us-west-2"
    logs = automation.at("logs")
    logs.create_log_group(logGroupName="names-elsewhere")
    topic = client("sns", region_name=other).create_topic(Name="elsewhere")["TopicArn"]
    key = client("kms", region_name=other).create_key()["KeyMetadata"]["Arn"]
    group = "arn:aws:logs:{}:{}:log-group:names-elsewhere"
    steps = [
        step("sns", "Publish", Message="x", TopicArn=topic),
        step("kms", "DescribeKey", KeyId=key),
        step("dynamodb", "DescribeTable", TableName=f"arn:aws:dynamodb:{other}:{ACCOUNT}:table/x"),
        *(
            step("logs", "AssociateKmsKey", resourceIdentifier=group.format(*one), kmsKeyId="x")
            for one in ((other, ACCOUNT), (region, "999999999999"))
        ),
        step("cloudtrail", "StartLogging", Name=f"arn:aws:cloudtrail:{other}:{ACCOUNT}:trail/xyz"),
        step("s3", "GetBucketAcl", Bucket="mine-abcdefgh-s3alias"),
    ]
    automation.make(
        *({**one, "name": f"step{n}", "onFailure": "Continue"} for n, one in enumerate(steps))
    )
    automation.may(allow(["*"], "*"))
    run = automation.run()["StepExecutions"]
    assert len(run) == len(steps)
    for one in run:
        assert "does not know what a role needs" in one["FailureMessage"], one["StepName"]


def test_a_call_that_needs_more_than_its_action_is_not_known(client: Client) -> None:
    automation = Automation(client, "needs-more", "ca-central-1")
    name = table(automation.at, recoverable=False)
    encrypted = automation.at("sns").create_topic(
        Name="needs-more", Attributes={"KmsMasterKeyId": "alias/aws/sns"}
    )["TopicArn"]
    steps = [
        step("sns", "Publish", Message="x", TopicArn=encrypted),
        step("dynamodb", "UpdateTable", TableName=name, SSESpecification={"Enabled": True}),
        step(
            "dynamodb",
            "UpdateTable",
            TableName=name,
            ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}],
        ),
        step("cloudtrail", "UpdateTrail", Name="needs-more", IsOrganizationTrail=True),
    ]
    automation.make(
        *({**one, "name": f"step{n}", "onFailure": "Continue"} for n, one in enumerate(steps))
    )
    automation.may(allow(["*"], "*"))
    run = automation.run()["StepExecutions"]
    assert len(run) == len(steps)
    for one in run:
        assert "does not know what a role needs" in one["FailureMessage"], one["StepName"]


def test_the_resource_policies_of_logs_count(client: Client) -> None:
    automation = Automation(client, "keeps-logs", "ca-west-1")
    logs = automation.at("logs")
    logs.create_log_group(logGroupName="keeps-logs")
    automation.make(
        step("logs", "PutRetentionPolicy", logGroupName="keeps-logs", retentionInDays=7)
    )
    automation.may(allow(["logs:PutRetentionPolicy"], "*"))
    arn = f"arn:aws:logs:{automation.at.region}:{ACCOUNT}:log-group:keeps-logs"
    for name, statement in (
        (
            "delivers",
            {**allow(["logs:PutLogEvents"], "*"), "Principal": {"Service": "es.amazonaws.com"}},
        ),
        ("denies", deny("logs:PutRetentionPolicy", f"{arn}*", {"AWS": automation.role})),
    ):
        assert automation.run()["AutomationExecutionStatus"] == "Success"
        logs.put_resource_policy(
            policyName=name, policyDocument=document({**statement, "Sid": "same"})
        )
    assert "explicit deny" in automation.run()["FailureMessage"]


def test_what_has_no_resource_here_has_none_in_the_reference() -> None:
    """An action that policies can limit to resources is decided for one, not for `*`."""
    from revet.embedded import actions  # noqa: PLC0415 - loads moto
    from revet.iam.reference.actions import match_actions  # noqa: PLC0415 - with the rest

    limited = set()
    for (service, _), (name, resolve) in actions._ROWS.items():
        (action,) = match_actions(f"{service}:{name}")
        assert action.name == name
        if resolve is actions._nothing and action.resources:
            limited.add(f"{service}:{name}")
    assert limited == set()
