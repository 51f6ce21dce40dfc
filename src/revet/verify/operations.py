"""Which IAM action allows a reading operation.

For most operations the action is the service prefix and the operation's name. The exceptions
stand here, once. Source: Service Authorization Reference, the page of each service.
"""

from __future__ import annotations

_PREFIXES = {
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sso-admin": "sso",
    "stepfunctions": "states",
}
"""boto3's name of a service to the prefix of its IAM actions, where the two differ."""

_ACTIONS = {
    ("s3", "get_bucket_encryption"): "s3:GetEncryptionConfiguration",
    ("s3", "get_bucket_lifecycle_configuration"): "s3:GetLifecycleConfiguration",
    ("s3", "get_bucket_replication"): "s3:GetReplicationConfiguration",
    ("s3", "get_public_access_block"): "s3:GetBucketPublicAccessBlock",
    ("s3", "list_buckets"): "s3:ListAllMyBuckets",
}
"""Operations whose action has another name."""


def iam_action(service: str, operation: str) -> str:
    """The IAM action that allows an operation, lower-cased: IAM compares without case.

    Args:
        service: boto3's name of the service, for example `s3`.
        operation: boto3's name of the operation, for example `get_bucket_versioning`.

    Returns:
        For example `s3:getbucketversioning`.
    """
    special = _ACTIONS.get((service, operation))
    if special is not None:
        return special.lower()
    return f"{_PREFIXES.get(service, service)}:{operation.replace('_', '')}"
