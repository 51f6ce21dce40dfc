"""Which KMS key a service uses for a call, and how a bucket key changes what is asked.

Sources: Amazon S3 User Guide, "Setting default server-side encryption behavior for Amazon S3
buckets" and "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys" (the encryption context is
then the bucket's ARN); AWS KMS Developer Guide, "AWS KMS concepts", "AWS managed keys" (whoever
may use the service in the key's account may use them through it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from revet.embedded.call import Moto
from revet.embedded.resources import (
    ARN_PARTS,
    DeployedHere,
    backend_of,
    bucket_of,
    object_of,
    secret_of,
    table_of,
    topic_of,
)
from revet.iam.operations import KeyUse, Place

_MANAGED = "alias/aws/"
_UNDECIDED_MANAGED = frozenset(("sns",))
"""Services with whose managed key nothing is tried here."""
_KMS = ("aws:kms", "aws:kms:dsse")


@dataclass(frozen=True, slots=True)
class Used:
    """A key that is used.

    Args:
        arn: of the key; empty when it is not known which one that is.
        encryption_context: that is sent along.
    """

    arn: str
    encryption_context: Mapping[str, str] = field(default_factory=dict)


def used_key(use: KeyUse, place: Place) -> Used | None:
    """The customer's key of a use; none when no customer's key is used.

    Args:
        use: of the key.
        place: of the call.
    """
    named, context = _OF_HOLDER[use.service](use)
    if not named:
        return None
    arn = _resolved(named, place)
    if _is_managed(named, arn) and use.service not in _UNDECIDED_MANAGED:
        return None
    return Used(arn, context)


def _resolved(named: str, place: Place) -> str:
    last = named.rpartition(":")[2]
    if last.startswith("alias/"):
        return DeployedHere().key_of_alias(named, place)
    arn = named if named.startswith("arn:") else place.arn("kms", f"key/{named}")
    return arn if _key(arn) is not None else ""


def _key(arn: str) -> Moto | None:
    backend = backend_of("kms", arn)
    name = arn.split(":", ARN_PARTS - 1)[-1].removeprefix("key/")
    return backend.keys.get(name) if backend is not None else None


def _is_managed(named: str, arn: str) -> bool:
    if named.rpartition(":")[2].startswith(_MANAGED):
        return True
    key = _key(arn) if arn else None
    return key is not None and any(str(name).startswith(_MANAGED) for name in key.aliases)


def _s3(use: KeyUse) -> tuple[str, Mapping[str, str]]:
    bucket_name, _, name = use.holder.split(":::", 1)[-1].partition("/")
    bucket = bucket_of(bucket_name)
    if bucket is None:
        return "", {}
    default = ((bucket.encryption or {}).get("Rule") or {}).get(
        "ApplyServerSideEncryptionByDefault"
    ) or {}
    of_bucket = str(default.get("KMSMasterKeyID") or "")
    if default.get("SSEAlgorithm") in _KMS and not of_bucket:
        of_bucket = f"{_MANAGED}s3"
    context = dict(use.encryption_context)
    if str(((bucket.encryption or {}).get("Rule") or {}).get("BucketKeyEnabled")).lower() == "true":
        context["aws:s3:arn"] = use.holder.partition("/")[0]
    if use.upload:
        upload = bucket.multiparts.get(use.upload)
        return (str(upload.kms_key_id or of_bucket) if upload is not None else ""), context
    if use.action == "kms:Decrypt":
        found = object_of(bucket_name, name, use.version)
        if found is None or found.encryption not in _KMS:
            return "", context
        return str(found.kms_key_id or f"{_MANAGED}s3"), context
    return use.key or of_bucket, context


def _dynamodb(use: KeyUse) -> tuple[str, Mapping[str, str]]:
    table = table_of(use.holder)
    said = (table.sse_specification or {}) if table is not None else {}
    on = bool(said.get("Enabled"))
    return (str(said.get("KMSMasterKeyId") or "") if on else ""), use.encryption_context


def _sqs(use: KeyUse) -> tuple[str, Mapping[str, str]]:
    backend = backend_of("sqs", use.holder)
    queue = backend.queues.get(use.holder.rpartition(":")[2]) if backend is not None else None
    return str(getattr(queue, "kms_master_key_id", "") or ""), use.encryption_context


def _sns(use: KeyUse) -> tuple[str, Mapping[str, str]]:
    topic = topic_of(use.holder)
    return str(getattr(topic, "kms_master_key_id", "") or ""), use.encryption_context


def _secretsmanager(use: KeyUse) -> tuple[str, Mapping[str, str]]:
    secret = secret_of(use.holder)
    config = getattr(secret, "config", None) or {}
    named = getattr(secret, "kms_key_id", "") or config.get("KmsKeyId") or ""
    return str(named), use.encryption_context


_OF_HOLDER: Mapping[str, Callable[[KeyUse], tuple[str, Mapping[str, str]]]] = {
    "dynamodb": _dynamodb,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
}
