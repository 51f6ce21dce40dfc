"""Two of every type that carries a policy: one with a policy and tags, and one without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # boto3 knows services only as literals

OWNER = [{"Key": "Owner", "Value": "security"}]


def make(session: Boto) -> None:
    for one in (_sns, _sqs, _secretsmanager, _dynamodb, _ecr, _efs, _backup):
        one(session)


def policy(action: str, resource: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _sns(session: Boto) -> None:
    sns = session.client("sns")
    arn = sns.create_topic(Name="full", Tags=OWNER)["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=policy("sns:Publish", arn)
    )
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue="alias/topics"
    )
    sns.create_topic(Name="bare")


def _sqs(session: Boto) -> None:
    sqs = session.client("sqs")
    arn = "arn:aws:sqs:us-west-2:123456789012:full"
    sqs.create_queue(
        QueueName="full",
        Attributes={"Policy": policy("sqs:SendMessage", arn), "KmsMasterKeyId": "alias/queues"},
        tags={"Owner": "security"},
    )
    sqs.create_queue(QueueName="bare")


def _secretsmanager(session: Boto) -> None:
    secrets = session.client("secretsmanager")
    secrets.create_secret(Name="full", SecretString="x", Tags=OWNER, KmsKeyId="alias/secrets")
    secrets.put_resource_policy(
        SecretId="full", ResourcePolicy=policy("secretsmanager:GetSecretValue", "*")
    )
    secrets.create_secret(Name="bare", SecretString="x")


def _dynamodb(session: Boto) -> None:
    dynamodb = session.client("dynamodb")
    for name, more in (("full", {"Tags": OWNER}), ("bare", {})):
        made = dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )
        if more:
            arn = made["TableDescription"]["TableArn"]
            dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy("dynamodb:GetItem", arn))


def _ecr(session: Boto) -> None:
    ecr = session.client("ecr")
    ecr.create_repository(repositoryName="full", tags=OWNER)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "ecr:BatchGetImage",
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName="full", policyText=text)
    ecr.create_repository(repositoryName="bare")


def _efs(session: Boto) -> None:
    efs = session.client("efs")
    made = efs.create_file_system(CreationToken="full", Encrypted=True, Tags=OWNER)
    efs.put_file_system_policy(
        FileSystemId=made["FileSystemId"],
        Policy=policy("elasticfilesystem:ClientMount", made["FileSystemArn"]),
    )
    efs.create_file_system(CreationToken="bare")


def _backup(session: Boto) -> None:
    backup = session.client("backup")
    backup.create_backup_vault(BackupVaultName="full", BackupVaultTags={"Owner": "security"})
    backup.create_backup_vault(BackupVaultName="bare")


def _vault_policy(_send: Callable[[], Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Moto has no policies of vaults."""
    if asked["BackupVaultName"] == "bare":
        return {}
    return {"Policy": policy("backup:CopyIntoBackupVault", "*")}


CORRECTED = {("backup", "get_backup_vault_access_policy"): _vault_policy}
