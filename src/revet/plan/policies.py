"""Where Terraform's resources hold policy documents, and what kind each is.

Source: the schema of hashicorp/aws 5.100.0; what a policy is attached to decides which of Access
Analyzer's findings apply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revet.model.errors import UnknownValueError
from revet.plan.resource import Resource
from revet.plan.values import Computed


@dataclass(frozen=True, slots=True)
class PolicyAttribute:
    """One attribute that holds a policy document.

    Args:
        path: as in `Resource.get`.
        kind: a `revet.iam.validate.PolicyType`: `identity`, `managed`, `resource`, `trust`, …
        attached_to: CloudFormation type of the resource that a resource policy governs; empty for
            the other kinds, and where CloudFormation has none.
    """

    path: str
    kind: str
    attached_to: str = ""


def _of(attached_to: str, path: str = "policy") -> tuple[PolicyAttribute, ...]:
    return (PolicyAttribute(path, "resource", attached_to),)


_IDENTITY = (PolicyAttribute("policy", "identity"),)
_TABLE: dict[str, tuple[PolicyAttribute, ...]] = {
    "aws_iam_policy": (PolicyAttribute("policy", "managed"),),
    "aws_iam_role_policy": _IDENTITY,
    "aws_iam_user_policy": _IDENTITY,
    "aws_iam_group_policy": _IDENTITY,
    "aws_iam_role": (PolicyAttribute("assume_role_policy", "trust"),),
    "aws_ssoadmin_permission_set_inline_policy": (PolicyAttribute("inline_policy", "identity"),),
    "aws_s3_bucket": _of("AWS::S3::Bucket"),
    "aws_s3_bucket_policy": _of("AWS::S3::Bucket"),
    "aws_s3_access_point": _of("AWS::S3::AccessPoint"),
    "aws_s3control_access_point_policy": _of("AWS::S3::AccessPoint"),
    "aws_s3control_object_lambda_access_point_policy": _of("AWS::S3ObjectLambda::AccessPoint"),
    "aws_s3control_multi_region_access_point_policy": _of(
        "AWS::S3::MultiRegionAccessPoint", "details.0.policy"
    ),
    "aws_dynamodb_resource_policy": _of("AWS::DynamoDB::Table"),
    "aws_kms_key": _of("AWS::KMS::Key"),
    "aws_kms_key_policy": _of("AWS::KMS::Key"),
    "aws_kms_external_key": _of("AWS::KMS::Key"),
    "aws_kms_replica_key": _of("AWS::KMS::Key"),
    "aws_kms_replica_external_key": _of("AWS::KMS::Key"),
    "aws_sns_topic": _of("AWS::SNS::Topic"),
    "aws_sns_topic_policy": _of("AWS::SNS::Topic"),
    "aws_sqs_queue": _of("AWS::SQS::Queue"),
    "aws_sqs_queue_policy": _of("AWS::SQS::Queue"),
    "aws_secretsmanager_secret": _of("AWS::SecretsManager::Secret"),
    "aws_secretsmanager_secret_policy": _of("AWS::SecretsManager::Secret"),
    "aws_ecr_repository_policy": _of("AWS::ECR::Repository"),
    "aws_ecr_registry_policy": _of("AWS::ECR::RegistryPolicy"),
    "aws_efs_file_system_policy": _of("AWS::EFS::FileSystem"),
    "aws_backup_vault_policy": _of("AWS::Backup::BackupVault"),
    "aws_glacier_vault": _of("AWS::Glacier::Vault", "access_policy"),
    "aws_opensearch_domain": _of("AWS::OpenSearchService::Domain", "access_policies"),
    "aws_opensearch_domain_policy": _of("AWS::OpenSearchService::Domain", "access_policies"),
    "aws_elasticsearch_domain": _of("AWS::OpenSearchService::Domain", "access_policies"),
    "aws_elasticsearch_domain_policy": _of("AWS::OpenSearchService::Domain", "access_policies"),
    "aws_cloudwatch_event_bus_policy": _of("AWS::Events::EventBus"),
    "aws_cloudwatch_log_resource_policy": _of("AWS::Logs::ResourcePolicy", "policy_document"),
    "aws_api_gateway_rest_api": _of("AWS::ApiGateway::RestApi"),
    "aws_api_gateway_rest_api_policy": _of("AWS::ApiGateway::RestApi"),
    "aws_codeartifact_domain_permissions_policy": _of(
        "AWS::CodeArtifact::Domain", "policy_document"
    ),
    "aws_codeartifact_repository_permissions_policy": _of(
        "AWS::CodeArtifact::Repository", "policy_document"
    ),
    "aws_kinesis_resource_policy": _of("AWS::Kinesis::Stream"),
    "aws_vpc_endpoint": _of("AWS::EC2::VPCEndpoint"),
    "aws_vpc_endpoint_policy": _of("AWS::EC2::VPCEndpoint"),
}
_ORGANIZATION = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
# Source: Organizations API Reference, `PolicyType`: their contents are no IAM policies.
_OTHERS = frozenset(
    (
        "AISERVICES_OPT_OUT_POLICY",
        "BACKUP_POLICY",
        "BEDROCK_POLICY",
        "CHATBOT_POLICY",
        "DECLARATIVE_POLICY_EC2",
        "INSPECTOR_POLICY",
        "NETWORK_SECURITY_DIRECTOR_POLICY",
        "S3_POLICY",
        "SECURITYHUB_POLICY",
        "TAG_POLICY",
        "UPGRADE_ROLLOUT_POLICY",
    )
)
POLICY_TYPES = (*_TABLE, "aws_organizations_policy")
"""Terraform types that can hold a policy document."""


def policy_attributes(resource: Resource) -> Iterator[PolicyAttribute]:
    """The attributes of a resource that may hold a policy document; empty ones too.

    Args:
        resource: of any type.

    Raises:
        UnknownValueError: the type of an organization's policy, or how many inline policies a role
            has, is not known; or the type is none of AWS's.
    """
    if resource.type == "aws_organizations_policy":
        kind = resource.get("type")
        kind = "SERVICE_CONTROL_POLICY" if kind is None else kind
        if kind in _ORGANIZATION:
            yield PolicyAttribute("content", _ORGANIZATION[kind])
        elif kind not in _OTHERS:
            raise UnknownValueError(
                f"{resource.address}.type",
                why=f"`{kind}` is none of the types of policies that are known here",
                resolve="correct the type, or update revet when it is a new one",
            )
        return
    yield from _TABLE.get(resource.type, ())
    if resource.type == "aws_iam_role":
        inline = resource.get("inline_policy")
        for number in range(0 if inline is None or isinstance(inline, Computed) else len(inline)):
            yield PolicyAttribute(f"inline_policy.{number}.policy", "identity")
