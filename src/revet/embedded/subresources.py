"""S3 requests that moto would take for others: `DELETE /bucket?metrics` deletes its bucket.

moto looks for the sub-resources that it knows, and takes a request with any other one for a request
for the bucket or object itself. Here a request must be one operation of botocore's model, with no
parameter that this operation does not have, and an operation that is served. (Amazon S3 API
Reference, "Actions".)
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from botocore.model import OperationModel

from revet.embedded.operation import service_model
from revet.embedded.signature import query_pairs

SERVED = frozenset(
    (
        # moto's own
        *("ListBuckets", "CreateBucket", "DeleteBucket", "HeadBucket"),
        *("ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads"),
        *("GetBucketLocation", "GetBucketVersioning", "PutBucketVersioning"),
        *("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "GetBucketPolicyStatus"),
        *("GetBucketAcl", "PutBucketAcl", "GetBucketLogging", "PutBucketLogging"),
        *("GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging"),
        *("GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"),
        *("GetBucketCors", "PutBucketCors", "DeleteBucketCors"),
        *("GetBucketLifecycle", "PutBucketLifecycle", "DeleteBucketLifecycle"),
        *("GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration"),
        *("GetBucketNotification", "PutBucketNotification"),
        *("GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration"),
        *("GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration"),
        *("GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock"),
        *("GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption"),
        *("GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication"),
        "GetBucketOwnershipControls",
        *("PutBucketOwnershipControls", "DeleteBucketOwnershipControls"),
        *("GetObjectLockConfiguration", "PutObjectLockConfiguration"),
        *("GetObject", "HeadObject", "PutObject", "CopyObject", "DeleteObject", "DeleteObjects"),
        *("GetObjectAcl", "PutObjectAcl", "GetObjectAttributes"),
        *("GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"),
        *("GetObjectLegalHold", "PutObjectLegalHold", "PutObjectRetention"),
        *("RestoreObject", "SelectObjectContent"),
        *("CreateMultipartUpload", "CompleteMultipartUpload", "AbortMultipartUpload"),
        *("UploadPart", "UploadPartCopy", "ListParts"),
        # ours: `services.s3_configurations`
        *(f"PutBucket{kind}Configuration" for kind in ("Metrics", "Analytics", "Inventory")),
        *(f"GetBucket{kind}Configuration" for kind in ("Metrics", "Analytics", "Inventory")),
        *(f"DeleteBucket{kind}Configuration" for kind in ("Metrics", "Analytics", "Inventory")),
        *(f"ListBucket{kind}Configurations" for kind in ("Metrics", "Analytics", "Inventory")),
        "PutBucketIntelligentTieringConfiguration",
        "GetBucketIntelligentTieringConfiguration",
        "DeleteBucketIntelligentTieringConfiguration",
        "ListBucketIntelligentTieringConfigurations",
        *("GetBucketRequestPayment", "PutBucketRequestPayment"),
    )
)
"""The operations of S3 that are served."""
_OF_EVERY_REQUEST = frozenset(("x-id", "AWSAccessKeyId", "Signature", "Expires"))
_SIGNATURE = "x-amz-"


def falls_through(operation: str, query: str) -> str:
    """Why a request must not be taken for the operation that its path looks like.

    Args:
        operation: as botocore's model tells it; empty when it does not.
        query: as it arrived.

    Returns:
        The reason; empty when it may be served.
    """
    if operation not in SERVED:
        return (
            "it is not among the operations that are served" if operation else "no such operation"
        )
    model = service_model("s3")
    if model is None:
        return "botocore has no model of S3"
    known = _parameters(model.operation_model(operation))
    foreign = sorted(
        {
            name
            for name, _ in query_pairs(query)
            if name not in known
            and name not in _OF_EVERY_REQUEST
            and not name.lower().startswith(_SIGNATURE)
        }
    )
    return f"the operation has no parameter `{'`, `'.join(foreign)}`" if foreign else ""


@functools.lru_cache(maxsize=256)
def _named(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def _parameters(operation: OperationModel) -> frozenset[str]:
    """Names in the query that an operation has: fixed ones, and those of its members."""
    return _named(tuple(_names(operation)))


def _names(operation: OperationModel) -> Iterable[str]:
    fixed = operation.http.get("requestUri", "").partition("?")[2]
    for pair in fixed.split("&"):
        if pair:
            yield pair.partition("=")[0]
    for name, member in (operation.input_shape.members if operation.input_shape else {}).items():
        if member.serialization.get("location") == "querystring":
            yield str(member.serialization.get("name", name))
