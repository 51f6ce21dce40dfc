"""Data on the wire as a role: the service's decision, the key's, and what is written down of both.

Sources: as of `revet.iam.operations`; Amazon S3 API Reference, `GetObject` (403 and 404).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.embedded.judged import ACCOUNT, encrypt, table
from tests.embedded.test_enforcement import deny, step
from tests.embedded.test_remediation import Automation, allow, document

Client = Callable[..., Any]


def said(automation: Automation) -> str:
    """Why a run failed; empty when it did not."""
    run = automation.run()
    return str(run.get("FailureMessage", ""))


def key_of(automation: Automation) -> str:
    return str(automation.at("kms").create_key()["KeyMetadata"]["Arn"])


def test_an_object_with_a_customer_s_key_needs_the_key_too(client: Client, daemon: Any) -> None:  # noqa: ANN401 - a daemon
    automation = Automation(client, "puts-encrypted")
    key = key_of(automation)
    name = encrypt(automation.at, "aws:kms", key)
    automation.make(
        step("s3", "PutObject", Bucket=name, Key="a", Body="x"),
        {**step("s3", "GetObject", Bucket=name, Key="a"), "name": "reads"},
    )
    objects = f"arn:aws:s3:::{name}/*"
    may = [allow(["s3:PutObject"], objects)]
    automation.may(*may)
    assert "kms:GenerateDataKey" in said(automation)
    denied = daemon.denials()[-1]
    assert (denied["action"], denied["resource"]) == ("kms:GenerateDataKey", key)
    assert denied["role"] == automation.role
    assert denied["operation"] == "PutObject"
    assert denied["layers"] == ["identity policy"]
    through = {"StringEquals": {"kms:ViaService": f"sqs.{automation.at.region}.amazonaws.com"}}
    may.append({**allow(["kms:GenerateDataKey"], key), "Condition": through})
    automation.may(*may)
    assert "kms:GenerateDataKey" in said(automation)
    through = {"StringEquals": {"kms:ViaService": f"s3.{automation.at.region}.amazonaws.com"}}
    of_object = {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{name}/a"}
    condition = {"StringEquals": {**through["StringEquals"], **of_object}}
    may.append({**allow(["kms:GenerateDataKey"], key), "Condition": condition})
    automation.may(*may)
    assert "s3:GetObject " in said(automation)
    may.append(allow(["s3:GetObject"], objects))
    automation.may(*may)
    assert "kms:Decrypt" in said(automation)
    automation.may(*may, {**allow(["kms:Decrypt"], key), "Condition": through})
    assert said(automation) == ""


def test_a_missing_object_is_shown_to_who_may_list(client: Client) -> None:
    automation = Automation(client, "misses-object")
    name = encrypt(automation.at, "AES256")
    automation.make(step("s3", "HeadObject", Bucket=name, Key="absent"))
    may = allow(["s3:GetObject"], f"arn:aws:s3:::{name}/*")
    automation.may(may)
    assert "s3:ListBucket" in said(automation)
    automation.may(may, allow(["s3:ListBucket"], f"arn:aws:s3:::{name}"))
    assert "404" in said(automation)


def test_the_leading_keys_of_items_are_those_of_the_table(client: Client) -> None:
    automation = Automation(client, "puts-item")
    name = table(automation.at, recoverable=False)
    arn = f"arn:aws:dynamodb:{automation.at.region}:{ACCOUNT}:table/{name}"
    item = {"seen": {"N": "1"}, "id": {"S": "ann"}}
    automation.make(step("dynamodb", "PutItem", TableName=name, Item=item))
    for leading, denied in (("bob", True), ("ann", False)):
        condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [leading]}}
        automation.may({**allow(["dynamodb:PutItem"], arn), "Condition": condition})
        assert ("AccessDenied" in said(automation)) is denied


@pytest.fixture
def queue(client: Client) -> Iterator[tuple[Automation, str, str]]:
    automation = Automation(client, "sends-message")
    key = key_of(automation)
    url = automation.at("sqs").create_queue(
        QueueName="sends-message", Attributes={"KmsMasterKeyId": key}
    )["QueueUrl"]
    yield automation, key, url
    automation.at("sqs").delete_queue(QueueUrl=url)


def test_a_message_to_an_encrypted_queue_needs_its_key(
    queue: tuple[Automation, str, str],
) -> None:
    automation, key, url = queue
    automation.make(step("sqs", "SendMessage", QueueUrl=url, MessageBody="x"))
    arn = f"arn:aws:sqs:{automation.at.region}:{ACCOUNT}:sends-message"
    sends = allow(["sqs:SendMessage"], arn)
    automation.may(sends, allow(["kms:GenerateDataKey"], key))
    assert "KmsAccessDenied" in said(automation)
    automation.may(sends, allow(["kms:GenerateDataKey", "kms:Decrypt"], key))
    assert said(automation) == ""
    refusing = document({**deny("sqs:SendMessage", arn), "Sid": "Closed"})
    automation.at("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": refusing})
    assert "with an explicit deny in a resource-based policy" in said(automation)


def test_a_secret_is_read_by_name_stage_and_tag(client: Client) -> None:
    automation = Automation(client, "reads-secret")
    arn = automation.at("secretsmanager").create_secret(
        Name="reads-secret", SecretString="x", Tags=[{"Key": "team", "Value": "a"}]
    )["ARN"]
    automation.make(step("secretsmanager", "GetSecretValue", SecretId="reads-secret"))
    for stage, team, denied in (
        ("AWSCURRENT", "a", False),
        ("AWSPREVIOUS", "a", True),
        ("AWSCURRENT", "b", True),
    ):
        condition = {
            "ForAnyValue:StringEquals": {"secretsmanager:VersionStage": stage},
            "StringEquals": {"secretsmanager:ResourceTag/team": team},
        }
        automation.may({**allow(["secretsmanager:GetSecretValue"], arn), "Condition": condition})
        assert ("AccessDenied" in said(automation)) is denied, (stage, team)


def test_a_boundary_is_named(client: Client, daemon: Any) -> None:  # noqa: ANN401 - a daemon
    automation = Automation(client, "is-bounded")
    name = encrypt(automation.at, "AES256")
    automation.make(step("s3", "PutObject", Bucket=name, Key="a", Body="x"))
    boundary = automation.at("iam").create_policy(
        PolicyName="is-bounded", PolicyDocument=document(allow(["s3:GetObject"], "*"))
    )["Policy"]["Arn"]
    automation.may(allow(["s3:*"], "*"))
    automation.at("iam").put_role_permissions_boundary(
        RoleName="is-bounded", PermissionsBoundary=boundary
    )
    action = "s3:PutObject"
    why = f"because no permissions boundary allows the {action} action"
    assert why in daemon_says(automation, daemon)


def daemon_says(automation: Automation, daemon: Any) -> str:  # noqa: ANN401 - a daemon
    automation.run()
    return str(daemon.denials()[-1]["message"])


def test_what_the_table_does_not_know_is_refused_by_name(client: Client, daemon: Any) -> None:  # noqa: ANN401 - a daemon
    automation = Automation(client, "asks-unknown")
    automation.make(step("kms", "ListRetirableGrants", RetiringPrincipal=automation.role))
    automation.may(allow(["*"], "*"))
    before = len(daemon.denials())
    unknown = "the embedded AWS does not know what a role needs for kms:ListRetirableGrants"
    assert unknown in said(automation)
    assert len(daemon.denials()) == before


def test_a_denial_on_a_condition_that_is_not_met_denies_nothing(client: Client) -> None:
    automation = Automation(client, "keeps-tls")
    name = encrypt(automation.at, "AES256")
    objects = f"arn:aws:s3:::{name}/*"
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    s3 = automation.at("s3")
    s3.put_bucket_policy(
        Bucket=name, Policy=document({**deny("s3:*", objects), "Condition": plain})
    )
    automation.make(step("s3", "PutObject", Bucket=name, Key="a", Body="x"))
    automation.may(allow(["s3:PutObject"], objects))
    assert said(automation) == ""
    assert s3.get_object(Bucket=name, Key="a")["Body"].read() == b"x"
    s3.put_bucket_policy(Bucket=name, Policy=document(deny("s3:PutObject", objects)))
    assert "with an explicit deny in a resource-based policy" in said(automation)
