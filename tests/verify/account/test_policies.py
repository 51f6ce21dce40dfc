"""Resources that carry a policy: their own attributes, and the policy in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status
from revet.plan.observed import Observed
from revet.verify.read_only import MissingResourceError

Audit = Any  # of conftest.py, which the test folders cannot import
WHERE = "us-west-2:123456789012"
URL = "https://sqs.us-west-2.amazonaws.com/123456789012"
CARRIERS = {
    # Terraform type: the resource that carries its policy, the joining attribute
    "aws_sns_topic": ("aws_sns_topic_policy", "arn"),
    "aws_sqs_queue": ("aws_sqs_queue_policy", "queue_url"),
    "aws_secretsmanager_secret": ("aws_secretsmanager_secret_policy", "secret_arn"),
    "aws_dynamodb_table": ("aws_dynamodb_resource_policy", "resource_arn"),
    "aws_ecr_repository": ("aws_ecr_repository_policy", "repository"),
    "aws_efs_file_system": ("aws_efs_file_system_policy", "file_system_id"),
    "aws_backup_vault": ("aws_backup_vault_policy", "backup_vault_name"),
    "aws_cloudwatch_event_bus": ("aws_cloudwatch_event_bus_policy", "event_bus_name"),
    "aws_kinesis_stream": ("aws_kinesis_resource_policy", "resource_arn"),
    "aws_opensearch_domain": ("aws_opensearch_domain_policy", "domain_name"),
}
FORMS: dict[str, dict[str, Any]] = {
    "aws_sns_topic": {
        "id": f"arn:aws:sns:{WHERE}:full",
        "arn": f"arn:aws:sns:{WHERE}:full",
        "name": "full",
        "name_prefix": "",
        "fifo_topic": False,
        "kms_master_key_id": "alias/topics",
        "policy": "",
    },
    "aws_sqs_queue": {
        "id": f"{URL}/full",
        "url": f"{URL}/full",
        "arn": f"arn:aws:sqs:{WHERE}:full",
        "name": "full",
        "name_prefix": "",
        "fifo_queue": False,
        "kms_master_key_id": "alias/queues",
        "policy": "",
    },
    "aws_secretsmanager_secret": {
        "name": "full",
        "name_prefix": "",
        "description": "",
        "kms_key_id": "alias/secrets",
        "policy": "",
    },
    "aws_dynamodb_table": {
        "id": "full",
        "arn": f"arn:aws:dynamodb:{WHERE}:table/full",
        "name": "full",
        "deletion_protection_enabled": False,
        "server_side_encryption": [],
    },
    "aws_ecr_repository": {
        "id": "full",
        "arn": f"arn:aws:ecr:{WHERE}:repository/full",
        "name": "full",
        "registry_id": "123456789012",
        "repository_url": "123456789012.dkr.ecr.us-west-2.amazonaws.com/full",
        "image_tag_mutability": "MUTABLE",
        "image_scanning_configuration": [{"scan_on_push": False}],
        "encryption_configuration": [{"encryption_type": "AES256", "kms_key": ""}],
    },
    "aws_efs_file_system": {"creation_token": "full", "encrypted": True, "kms_key_id": ""},
    "aws_backup_vault": {
        "id": "full",
        "arn": f"arn:aws:backup:{WHERE}:backup-vault:full",
        "name": "full",
        "recovery_points": 0,
    },
    "aws_cloudwatch_event_bus": {
        "id": "full",
        "arn": f"arn:aws:events:{WHERE}:event-bus/full",
        "name": "full",
    },
    "aws_kinesis_stream": {
        "id": f"arn:aws:kinesis:{WHERE}:stream/full",
        "arn": f"arn:aws:kinesis:{WHERE}:stream/full",
        "name": "full",
        "encryption_type": "NONE",
        "kms_key_id": "",
        "retention_period": 24,
        "shard_count": 1,
    },
    "aws_kinesis_firehose_delivery_stream": {
        "id": f"arn:aws:firehose:{WHERE}:deliverystream/full",
        "arn": f"arn:aws:firehose:{WHERE}:deliverystream/full",
        "name": "full",
        "kinesis_source_configuration": [],
        "msk_source_configuration": [],
        "extended_s3_configuration": [
            {
                "bucket_arn": "arn:aws:s3:::delivered",
                "role_arn": "arn:aws:iam::123456789012:role/delivery",
                "prefix": "",
                "error_output_prefix": "",
                "buffering_interval": None,
                "buffering_size": None,
                "compression_format": "",
                "custom_time_zone": "",
                "file_extension": "",
                "kms_key_arn": "",
                "s3_backup_mode": "",
                "cloudwatch_logging_options": [],
                "processing_configuration": [],
            }
        ],
    },
    "aws_opensearch_domain": {
        "id": f"arn:aws:es:{WHERE}:domain/full",
        "arn": f"arn:aws:es:{WHERE}:domain/full",
        "domain_name": "full",
        "engine_version": "OpenSearch_2.17",
        "access_policies": "",
    },
}


_NAMES = ("name", "creation_token", "domain_name")


def _of(audit: Audit, kind: str, name: str) -> Observed:
    items: dict[str, Observed] = audit.all(kind)
    (found,) = [
        item
        for item in items.values()
        if name in {item.values.get(attribute) for attribute in _NAMES}
    ]
    return found


@pytest.mark.parametrize("kind", FORMS)
def test_its_form(kind: str, whole: Audit) -> None:
    item = _of(whole, kind, "full")
    assert item.id == item.values["id"]
    assert {name: item.values[name] for name in FORMS[kind]} == FORMS[kind]
    assert item.values["tags_all"] == {"Owner": "security"}
    assert _of(whole, kind, "bare").values["tags_all"] == {}


@pytest.mark.parametrize("kind", CARRIERS)
def test_its_policy_is_in_one_place(kind: str, whole: Audit) -> None:
    carrier, via = CARRIERS[kind]
    full, bare = _of(whole, kind, "full"), _of(whole, kind, "bare")
    joined = {item.values[via]: item for item in whole.all(carrier).values()}
    names = {full.id, full.values["arn"], "full"}
    (holder,) = [item for name, item in joined.items() if name in names]
    text = holder.values.get("policy") or holder.values["access_policies"]
    assert json.loads(text)["Statement"][0]["Effect"] == "Allow"
    others = {bare.id, bare.values["arn"], "bare"}
    assert bool(others & joined.keys()) is (kind == "aws_sns_topic")
    own = whole.inventory.resources[full.address]
    assert whole.inventory.attached(own, carrier, via=via) == (
        whole.inventory.resources[holder.address],
    )


@pytest.mark.parametrize("kind", CARRIERS)
def test_its_policy_is_judged_once(kind: str, whole: Audit) -> None:
    carrier, _ = CARRIERS[kind]
    judged = [
        address.partition(".")[0]
        for control, address in whole.findings
        if control == "iam-policy-valid" and address.partition(".")[0] in (kind, carrier)
    ]
    assert judged == [carrier] * len(whole.all(carrier))


@pytest.mark.parametrize("kind", CARRIERS)
def test_tags_are_required(kind: str, whole: Audit) -> None:
    for name, status in (("full", Status.PASS), ("bare", Status.FAIL)):
        assert whole.says("tags-required", kind, _of(whole, kind, name).id) is status


def test_a_wrong_policy_fails(answering: Callable[..., Audit]) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:Send", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    attributes = {"Policy": text, "QueueArn": f"arn:aws:sqs:{WHERE}:full"}
    audit = answering({("sqs", "get_queue_attributes"): {"Attributes": attributes}})
    assert audit.says("iam-policy-valid", "aws_sqs_queue_policy", f"{URL}/full") is Status.FAIL


def test_a_topic_without_the_policy_that_sns_always_answers_is_unknown(
    answering: Callable[..., Audit],
) -> None:
    audit = answering({("sns", "get_topic_attributes"): {"Attributes": {}}})
    arn = f"arn:aws:sns:{WHERE}:full"
    assert audit.says("iam-policy-valid", "aws_sns_topic_policy", arn) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "service", "operation"),
    [
        ("aws_sns_topic", "sns", "get_topic_attributes"),
        ("aws_sqs_queue", "sqs", "get_queue_attributes"),
        ("aws_sqs_queue", "sqs", "list_queue_tags"),
        ("aws_secretsmanager_secret", "secretsmanager", "get_resource_policy"),
        ("aws_dynamodb_table", "dynamodb", "describe_table"),
        ("aws_ecr_repository", "ecr", "list_tags_for_resource"),
        ("aws_efs_file_system", "efs", "describe_file_system_policy"),
        ("aws_backup_vault", "backup", "list_tags"),
        ("aws_cloudwatch_event_bus", "events", "list_tags_for_resource"),
        ("aws_kinesis_stream", "kinesis", "describe_stream_summary"),
        ("aws_kinesis_stream", "kinesis", "list_tags_for_stream"),
        ("aws_opensearch_domain", "opensearch", "describe_domain"),
    ],
)
def test_what_is_deleted_meanwhile_is_not_there(
    kind: str, service: str, operation: str, answering: Callable[..., Audit]
) -> None:
    gone = MissingResourceError("it does not exist")
    audit = answering({(service, operation): gone}, kind)
    assert audit.all(kind) == {}
    assert audit.all(CARRIERS[kind][0]) == {}


def test_a_secret_of_a_service_is_made_by_aws(answering: Callable[..., Audit]) -> None:
    arn = f"arn:aws:secretsmanager:{WHERE}:secret:rds!db-1"
    listing = {"SecretList": [{"ARN": arn, "Name": "rds!db-1", "OwningService": "rds"}]}
    answers = {
        ("secretsmanager", "list_secrets"): listing,
        ("secretsmanager", "get_resource_policy"): {"ARN": arn},
    }
    audit = answering(answers, "aws_secretsmanager_secret")
    assert audit.one("aws_secretsmanager_secret", arn).made_by == "aws"


@pytest.mark.parametrize(
    ("vault", "made_by"),
    [
        ({"BackupVaultName": "Default"}, {"aws"}),
        ({"BackupVaultName": "aws/efs/automatic-backup-vault"}, {"aws"}),
        ({"BackupVaultName": "full", "VaultType": "BACKUP_VAULT"}, {""}),
        ({"BackupVaultName": "full", "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}, set()),
    ],
)
def test_whose_a_vault_is(
    vault: dict[str, str], made_by: set[str], answering: Callable[..., Audit]
) -> None:
    item = vault | {"BackupVaultArn": f"arn:aws:backup:{WHERE}:backup-vault:full"}
    answers = {
        ("backup", "list_backup_vaults"): {"BackupVaultList": [item]},
        ("backup", "get_backup_vault_access_policy"): {},
    }
    audit = answering(answers, "aws_backup_vault")
    assert {found.made_by for found in audit.all("aws_backup_vault").values()} == made_by


def test_an_access_point_and_its_policy(whole: Audit) -> None:
    full = whole.one("aws_s3_access_point", "123456789012:full")
    assert full.values["bucket"] == "pointed-at"
    assert full.values["arn"] == "arn:aws:s3:us-west-2:123456789012:accesspoint/full"
    (policy,) = whole.all("aws_s3control_access_point_policy").values()
    assert (policy.id, policy.values["access_point_arn"]) == (full.id, full.values["arn"])
    assert whole.says("iam-policy-valid", policy.type, policy.id) is Status.PASS


def test_the_policy_of_a_registry_is_judged(whole: Audit) -> None:
    kind = "aws_ecr_registry_policy"
    assert whole.says("iam-policy-valid", kind, "123456789012") is Status.PASS


@pytest.mark.parametrize(
    ("kind", "encrypted"),
    [("aws_db_snapshot", "encrypted"), ("aws_db_cluster_snapshot", "storage_encrypted")],
)
def test_a_snapshot(kind: str, encrypted: str, whole: Audit) -> None:
    found = whole.one(kind, "full")
    assert found.values[encrypted] is (kind == "aws_db_snapshot")
    assert whole.says("tags-required", kind, "full") is Status.PASS


@pytest.mark.parametrize(
    ("name", "says"), [("full", Status.PASS), ("bare", Status.FAIL), ("fed", Status.FAIL)]
)
def test_what_encrypts_a_delivery_stream(name: str, says: Status, whole: Audit) -> None:
    kind = "aws_kinesis_firehose_delivery_stream"
    assert whole.says("firehose-stream-encryption", kind, _of(whole, kind, name).id) is says
