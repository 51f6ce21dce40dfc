"""Firehose delivers what waits in a stream into its bucket, as the stream's role may.

Source: Amazon Data Firehose Developer Guide, "Controlling access with Amazon Data Firehose" (the
role needs `s3:PutObject` on the object, the key, and `logs:PutLogEvents` on the error log stream),
"Understand data delivery in Amazon Data Firehose" (what failed is tried again) and "Monitor Amazon
Data Firehose using CloudWatch Logs" (codes).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from revet.embedded.call import Moto
from revet.embedded.log_delivery.buffers import waiting_in
from revet.embedded.log_delivery.object_keys import PrefixError, error_key, object_key
from revet.embedded.log_delivery.processing import (
    NotRunError,
    compressed,
    process,
    processors_of,
)
from revet.embedded.service_roles import ServiceRole
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

SERVICE = "firehose.amazonaws.com"
_KMS = "aws:kms"


def deliver_stream(backend: Moto, name: str) -> None:
    """Deliver all that waits in a stream; it goes on waiting when it cannot be delivered.

    Args:
        backend: moto's Firehose of the account and region.
        name: of the stream.

    Raises:
        AwsError: it cannot be delivered; the stream's error log says so, too, where it has one that
            its role can write.
    """
    stream = backend.delivery_streams[name]
    destination = _destination(stream)
    try:
        _deliver(backend, stream, destination)
    except (NotRunError, PrefixError) as error:
        _log_error(stream, destination, str(error), "EmbeddedAws.NotRun")
        raise AwsError(NOT_IMPLEMENTED, str(error)) from error
    except AwsError as error:
        _log_error(stream, destination, error.message, f"S3.{error.code}")
        raise


def _destination(stream: Moto) -> Mapping[str, Any]:
    configured = stream.destinations[0]
    found: Mapping[str, Any] | None = configured.get("ExtendedS3") or configured.get("S3")
    if found is None:
        kinds = ", ".join(name for name in configured if name != "destination_id")
        raise AwsError(NOT_IMPLEMENTED, f"the embedded AWS does not deliver to {kinds}")
    return found


def _deliver(backend: Moto, stream: Moto, destination: Mapping[str, Any]) -> None:
    waiting = waiting_in(backend, stream.delivery_stream_name)
    records = list(waiting)
    name, version = stream.delivery_stream_name, stream.version_id
    arrived = dt.datetime.fromtimestamp(records[0].arrived / 1000, dt.UTC)
    prefix, zone = destination.get("Prefix") or "", destination.get("CustomTimeZone") or "UTC"
    processed = process(records, processors_of(destination))
    content, ending = compressed(
        b"".join(processed.data), destination.get("CompressionFormat") or "UNCOMPRESSED"
    )
    suffix = destination.get("FileExtension") or ending
    failed_prefix = destination.get("ErrorOutputPrefix") or ""
    objects: dict[str, bytes] = {}
    if processed.data:
        objects[object_key(name, version, prefix, arrived, zone, suffix)] = content
    if processed.failed:
        where = error_key(name, version, prefix, failed_prefix, arrived, zone)
        objects[where] = b"".join(processed.failed)
    target = _Target(stream, destination)
    for key in objects:
        target.require(key)
    for key, data in objects.items():
        target.put(key, data)
    del waiting[: len(records)]


class _Target:
    """The bucket of a stream, and the role that puts objects into it.

    Raises:
        AwsError: there is no bucket, or Firehose cannot assume the role.
    """

    def __init__(self, stream: Moto, destination: Mapping[str, Any]) -> None:
        self._role = ServiceRole(SERVICE, destination["RoleARN"], stream.delivery_stream_arn)
        partition = destination["BucketARN"].split(":")[1]
        name = destination["BucketARN"].rpartition(":")[2]
        place = s3_backends.bucket_accounts.get(name)
        if place is None:
            raise AwsError("NoSuchBucket", f"the bucket {name} does not exist", 404)
        self._backend = s3_backends[place[1]][partition]
        self._bucket = self._backend.buckets[name]
        self._key, self._algorithm = _encryption(destination)

    def require(self, key: str) -> None:
        """Go on when the role may put an object of this key.

        Raises:
            AwsError: it may not, or may not use the KMS key.
        """
        bucket = self._bucket
        self._role.require(
            "s3:PutObject",
            f"{bucket.arn}/{key}",
            policy=bucket.policy.decode() if bucket.policy else "",
            account=str(bucket.account_id),
            context={
                "s3:x-amz-acl": None,
                "s3:x-amz-server-side-encryption": self._algorithm or None,
                "s3:x-amz-server-side-encryption-aws-kms-key-id": self._key or None,
                "s3:x-amz-storage-class": None,
                "s3:ResourceAccount": str(bucket.account_id),
            },
        )
        key_arn = self._key or _default_key(bucket)
        if key_arn:
            self._role.require_key(key_arn, "kms:GenerateDataKey", "s3")

    def put(self, key: str, data: bytes) -> None:
        """Put one object, with the lock that the bucket gives by itself."""
        bucket = self._bucket
        locked = bucket.has_default_lock
        self._backend.put_object(
            bucket.name,
            key,
            data,
            encryption=self._algorithm or None,
            kms_key_id=self._key or None,
            lock_mode=bucket.default_lock_mode if locked else None,
            lock_until=bucket.default_retention() if locked else None,
        )


def _encryption(destination: Mapping[str, Any]) -> tuple[str, str]:
    """Key and algorithm that Firehose asks for; empty where the bucket's own hold."""
    asked = (destination.get("EncryptionConfiguration") or {}).get("KMSEncryptionConfig") or {}
    key = str(asked.get("AWSKMSKeyARN") or "")
    return (key, _KMS) if key else ("", "")


def _default_key(bucket: Moto) -> str:
    """ARN of the customer's key that a bucket encrypts with by itself; empty without one."""
    rule = (bucket.encryption or {}).get("Rule") or {}
    default = rule.get("ApplyServerSideEncryptionByDefault") or {}
    key = str(default.get("KMSMasterKeyID") or "")
    if not str(default.get("SSEAlgorithm") or "").startswith(_KMS) or not key:
        return ""
    if key.startswith("arn:"):
        return "" if key.endswith("alias/aws/s3") else key
    named = key if key.startswith("alias/") else f"key/{key}"
    return f"arn:aws:kms:{bucket.region_name}:{bucket.account_id}:{named}"


def _log_error(stream: Moto, destination: Mapping[str, Any], message: str, code: str) -> None:
    """Write into the stream's error log what went wrong, as far as the role may."""
    options = destination.get("CloudWatchLoggingOptions") or {}
    if not options.get("Enabled"):
        return
    _, _, _, region, account, _ = stream.delivery_stream_arn.split(":", 5)
    group, name = options["LogGroupName"], options["LogStreamName"]
    found = logs_backends[account][region].groups.get(group)
    if found is None or name not in found.streams:
        return
    try:
        role = ServiceRole(SERVICE, destination["RoleARN"], stream.delivery_stream_arn)
        role.require("logs:PutLogEvents", f"{found.arn}:log-stream:{name}")
    except AwsError:
        return  # the delivery's own error is raised, and written down
    line = {
        "deliveryStreamARN": stream.delivery_stream_arn,
        "destination": destination["BucketARN"],
        "deliveryStreamVersionId": int(stream.version_id),
        "message": message,
        "errorCode": code,
    }
    now = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    found.put_log_events(name, [{"timestamp": now, "message": json.dumps(line)}])
