"""Amazon S3: objects, and lists of them.

Sources: Service Authorization Reference, "Amazon S3"; Amazon S3 User Guide, "Required permissions
for Amazon S3 API operations" (headers that need further actions), "Bucket policy examples using
condition keys", "Multipart upload API and permissions" with its section on SSE-KMS, and "Using
server-side encryption with AWS KMS keys" (`kms:GenerateDataKey` to write, `kms:Decrypt` to read;
the encryption context is the object's ARN). Access points and directory buckets have rules of their
own and are not known here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from revet.iam.operations.needs import (
    UNKNOWN,
    Asked,
    KeyUse,
    Need,
    Needs,
    Row,
    Value,
)

_HEADERS = {
    "ACL": "s3:x-amz-acl",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
}
_ACL_MEMBERS = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")
_ACL_KEYS = (*_ACL_MEMBERS, "GrantWrite")
_LISTED = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
_OF_OTHER_KINDS = ("-s3alias", "--x-s3", "--xa-s3", "--ol-s3", "--table-s3", ".mrap")
_UNTIL = "s3:object-lock-retain-until-date"
_REMAINING = "s3:object-lock-remaining-retention-days"


def _bucket(asked: Asked) -> str:
    """ARN of the bucket; empty for what is not a bucket of the general kind."""
    return _bucket_arn(asked, asked.text("Bucket"))


def _bucket_arn(asked: Asked, name: str) -> str:
    if not name or name.startswith("arn:") or name.endswith(_OF_OTHER_KINDS):
        return ""
    return f"arn:{asked.place.partition}:s3:::{name}"


def _existing(asked: Asked, bucket: str, key: str, version: str) -> dict[str, Value]:
    tags = asked.deployed.object_tags(bucket, key, version)
    found: dict[str, Value] = {f"s3:ExistingObjectTag/{name}": one for name, one in tags.items()}
    return {**found, **({"s3:VersionId": version} if version else {})}


def _reads(asked: Asked, *actions: str, decrypts: bool = False) -> Needs | None:
    """Actions on an object, each of which has another name for a version."""
    bucket, version = _bucket(asked), asked.text("VersionId")
    if not bucket:
        return None
    arn = f"{bucket}/{asked.text('Key')}"
    keys = _existing(asked, asked.text("Bucket"), asked.text("Key"), version)
    names = [_of_version(action) if version else action for action in actions]
    uses = (_use("kms:Decrypt", arn, version=version),) if decrypts else ()
    return Needs(tuple(Need(f"s3:{name}", arn, keys) for name in names), uses)


def _of_version(action: str) -> str:
    """`GetObjectTagging` is `GetObjectVersionTagging` for a version."""
    before, found, after = action.partition("Object")
    return f"{before}{found}Version{after}"


def _use(
    action: str,
    holder: str,
    key: str = "",
    context: Mapping[str, str] | None = None,
    *,
    version: str = "",
    upload: str = "",
) -> KeyUse:
    sent = {"aws:s3:arn": holder, **(context or {})}
    return KeyUse(action, holder, "s3", key, sent, version=version, upload=upload)


def _get(asked: Asked) -> Needs | None:
    with_customer_key = asked.text("SSECustomerAlgorithm")
    head = asked.operation == "HeadObject"
    decrypts = not with_customer_key and (not head or bool(asked.text("ChecksumMode")))
    return _reads(asked, "GetObject", decrypts=decrypts)


def _attributes(asked: Asked) -> Needs | None:
    wanted = asked.parameters.get("ObjectAttributes") or ()
    decrypts = "Checksum" in wanted and not asked.text("SSECustomerAlgorithm")
    return _reads(asked, "GetObject", "GetObjectAttributes", decrypts=decrypts)


def _same(asked: Asked) -> Needs | None:
    return _reads(asked, asked.operation)


def _without_versions(asked: Asked) -> Needs | None:
    bucket = _bucket(asked)
    arn = f"{bucket}/{asked.text('Key')}"
    return Needs((Need(f"s3:{asked.operation}", arn),)) if bucket else None


def _put_acl(asked: Asked) -> Needs | None:
    found = _reads(asked, "PutObjectAcl")
    return _with_keys(found, _headers(asked, _ACL_KEYS)) if found is not None else None


def _put_tagging(asked: Asked) -> Needs | None:
    found = _reads(asked, "PutObjectTagging")
    tags = (asked.parameters.get("Tagging") or {}).get("TagSet") or ()
    given = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    return _with_keys(found, _tag_keys(given)) if found is not None else None


def _with_keys(found: Needs, keys: Mapping[str, Value]) -> Needs:
    needs = tuple(Need(need.action, need.resource, {**need.keys, **keys}) for need in found.needs)
    return Needs(needs, found.key_uses)


def _tag_keys(tags: Mapping[str, str]) -> dict[str, Value]:
    if not tags:
        return {}
    found: dict[str, Value] = {f"s3:RequestObjectTag/{name}": one for name, one in tags.items()}
    return {**found, "s3:RequestObjectTagKeys": tuple(tags)}


def _headers(asked: Asked, members: tuple[str, ...]) -> dict[str, Value]:
    given = asked.parameters
    return {
        _HEADERS[member]: _copy_source(given[member])
        if member == "CopySource"
        else str(given[member])
        for member in members
        if given.get(member)
    }


def _copy_source(given: Any) -> str:  # noqa: ANN401 - text, or boto3's form of it
    if not isinstance(given, Mapping):
        return str(given)
    version = f"?versionId={given['VersionId']}" if given.get("VersionId") else ""
    return f"{given['Bucket']}/{given['Key']}{version}"


def _written(asked: Asked, *, creates: bool) -> dict[str, Value]:
    keys = _headers(asked, tuple(member for member in _HEADERS if member != "GrantWrite"))
    keys |= _tag_keys(_tags(asked))
    if asked.text("ObjectLockRetainUntilDate"):
        keys |= {_UNTIL: asked.text("ObjectLockRetainUntilDate"), _REMAINING: UNKNOWN}
    keys["s3:ObjectCreationOperation"] = creates
    return keys


def _tags(asked: Asked) -> dict[str, str]:
    tagging = asked.parameters.get("Tagging")
    if not isinstance(tagging, str):
        return {}
    return dict(parse_qsl(tagging, keep_blank_values=True))


def _further(asked: Asked) -> Iterator[str]:
    """Actions that headers of a write need beside `s3:PutObject`."""
    if any(asked.text(member) for member in _ACL_MEMBERS):
        yield "PutObjectAcl"
    if asked.text("Tagging"):
        yield "PutObjectTagging"
    if asked.text("ObjectLockMode") or asked.text("ObjectLockRetainUntilDate"):
        yield "PutObjectRetention"
    if asked.text("ObjectLockLegalHoldStatus"):
        yield "PutObjectLegalHold"


def _writes(asked: Asked, *, creates: bool = True) -> Needs | None:
    bucket = _bucket(asked)
    if not bucket:
        return None
    arn = f"{bucket}/{asked.text('Key')}"
    keys = _written(asked, creates=creates)
    needs = [Need("s3:PutObject", arn, keys)]
    needs += [Need(f"s3:{action}", arn, _carried(action, keys)) for action in _further(asked)]
    return Needs(tuple(needs), tuple(_keys_to_write(asked, arn)))


def _carried(action: str, keys: Mapping[str, Value]) -> dict[str, Value]:
    """Of the keys of a write those that a further action carries."""
    starts = {
        "PutObjectAcl": ("s3:x-amz-acl", "s3:x-amz-grant-", "s3:x-amz-storage-class"),
        "PutObjectTagging": ("s3:RequestObjectTag",),
        "PutObjectRetention": ("s3:object-lock-mode", _UNTIL, _REMAINING),
        "PutObjectLegalHold": ("s3:object-lock-legal-hold",),
    }[action]
    return {key: value for key, value in keys.items() if key.startswith(starts)}


def _keys_to_write(asked: Asked, arn: str) -> Iterator[KeyUse]:
    if asked.text("SSECustomerAlgorithm") or asked.text("ServerSideEncryption") == "AES256":
        return
    given = asked.text("SSEKMSEncryptionContext")
    context: Any = json.loads(base64.b64decode(given)) if given else {}
    yield _use("kms:GenerateDataKey", arn, asked.text("SSEKMSKeyId"), context)


def _starts_upload(asked: Asked) -> Needs | None:
    return _writes(asked, creates=False)


def _goes_on(asked: Asked) -> Needs | None:
    """A part of a multipart upload, or its end."""
    bucket = _bucket(asked)
    if not bucket:
        return None
    arn = f"{bucket}/{asked.text('Key')}"
    ends = asked.operation == "CompleteMultipartUpload"
    keys: dict[str, Value] = {
        **_headers(asked, ("IfMatch", "IfNoneMatch") if ends else ("SSECustomerAlgorithm",)),
        "s3:ObjectCreationOperation": ends,
    }
    customer = asked.text("SSECustomerAlgorithm")
    uses = () if customer else (_use("kms:Decrypt", arn, upload=asked.text("UploadId")),)
    return Needs((Need("s3:PutObject", arn, keys),), uses)


def _source(asked: Asked, *, tags: bool) -> Needs | None:
    """What reading the source of a copy needs."""
    given = asked.parameters.get("CopySource") or ""
    path, _, version = _copy_source(given).partition("?versionId=")
    name, _, key = (
        (path if isinstance(given, Mapping) else unquote(path)).lstrip("/").partition("/")
    )
    bucket = _bucket_arn(asked, name)
    if not bucket or not key:
        return None
    arn = f"{bucket}/{key}"
    keys = _existing(asked, name, key, version)
    actions = ["GetObject"]
    actions += (
        ["GetObjectTagging"] if tags and asked.deployed.object_tags(name, key, version) else []
    )
    names = [_of_version(action) if version else action for action in actions]
    customer = asked.text("CopySourceSSECustomerAlgorithm")
    uses = () if customer else (_use("kms:Decrypt", arn, version=version),)
    return Needs(tuple(Need(f"s3:{action}", arn, keys) for action in names), uses)


def _copies(asked: Asked) -> Needs | None:
    keeps_tags = asked.text("TaggingDirective") != "REPLACE"
    source, target = _source(asked, tags=keeps_tags), _writes(asked)
    if source is None or target is None:
        return None
    tagged = any(need.action.endswith("Tagging") for need in source.needs)
    extra = (Need("s3:PutObjectTagging", target.needs[0].resource),) if tagged else ()
    return Needs((*source.needs, *target.needs, *extra), (*source.key_uses, *target.key_uses))


def _copies_part(asked: Asked) -> Needs | None:
    source, target = _source(asked, tags=False), _goes_on(asked)
    if source is None or target is None:
        return None
    keys = _headers(asked, ("CopySource",))
    target = _with_keys(target, keys)
    return Needs((*source.needs, *target.needs), (*source.key_uses, *target.key_uses))


def _parts(asked: Asked) -> Needs | None:
    bucket = _bucket(asked)
    arn = f"{bucket}/{asked.text('Key')}"
    return Needs((Need("s3:ListMultipartUploadParts", arn),)) if bucket else None


def _deletes(asked: Asked) -> Needs | None:
    bucket = _bucket(asked)
    if not bucket:
        return None
    listed = (asked.parameters.get("Delete") or {}).get("Objects") or (asked.parameters,)
    bypass = str(asked.parameters.get("BypassGovernanceRetention") or "").lower() == "true"
    needs = []
    for item in listed:
        arn, version = f"{bucket}/{item['Key']}", str(item.get("VersionId") or "")
        keys: dict[str, Value] = {"s3:VersionId": version} if version else {}
        needs.append(Need("s3:DeleteObjectVersion" if version else "s3:DeleteObject", arn, keys))
        if bypass:
            needs.append(Need("s3:BypassGovernanceRetention", arn))
    return Needs(tuple(needs))


def _retention(asked: Asked) -> Needs | None:
    bucket = _bucket(asked)
    if not bucket:
        return None
    arn = f"{bucket}/{asked.text('Key')}"
    given = asked.parameters.get("Retention") or {}
    keys: dict[str, Value] = {}
    if given.get("Mode"):
        keys["s3:object-lock-mode"] = str(given["Mode"])
    if given.get("RetainUntilDate"):
        keys |= {_UNTIL: str(given["RetainUntilDate"]), _REMAINING: UNKNOWN}
    needs = [Need("s3:PutObjectRetention", arn, keys)]
    if str(asked.parameters.get("BypassGovernanceRetention") or "").lower() == "true":
        needs.append(Need("s3:BypassGovernanceRetention", arn))
    return Needs(tuple(needs))


def _legal_hold(asked: Asked) -> Needs | None:
    bucket = _bucket(asked)
    status = str((asked.parameters.get("LegalHold") or {}).get("Status") or "")
    keys: dict[str, Value] = {"s3:object-lock-legal-hold": status} if status else {}
    arn = f"{bucket}/{asked.text('Key')}"
    return Needs((Need("s3:PutObjectLegalHold", arn, keys),)) if bucket else None


def _lists(action: str, *members: str) -> Row:
    def row(asked: Asked) -> Needs | None:
        bucket = _bucket(asked)
        keys: dict[str, Value] = {
            _LISTED[member]: asked.text(member)
            for member in members
            if asked.parameters.get(member) is not None
        }
        return Needs((Need(action, bucket, keys),)) if bucket else None

    return row


_LISTING = ("Prefix", "Delimiter", "MaxKeys")

ROWS: Mapping[str, Row] = {
    "GetObject": _get,
    "HeadObject": _get,
    "SelectObjectContent": _get,
    "GetObjectAttributes": _attributes,
    **dict.fromkeys(
        ("GetObjectAcl", "GetObjectTagging", "DeleteObjectTagging"),
        _same,
    ),
    **dict.fromkeys(
        ("GetObjectLegalHold", "GetObjectRetention", "RestoreObject"), _without_versions
    ),
    "PutObjectAcl": _put_acl,
    "PutObjectTagging": _put_tagging,
    "PutObjectRetention": _retention,
    "PutObjectLegalHold": _legal_hold,
    "PutObject": _writes,
    "CopyObject": _copies,
    "CreateMultipartUpload": _starts_upload,
    "UploadPart": _goes_on,
    "UploadPartCopy": _copies_part,
    "CompleteMultipartUpload": _goes_on,
    "AbortMultipartUpload": _without_versions,
    "ListParts": _parts,
    "DeleteObject": _deletes,
    "DeleteObjects": _deletes,
    "ListObjects": _lists("s3:ListBucket", *_LISTING),
    "ListObjectsV2": _lists("s3:ListBucket", *_LISTING),
    "ListObjectVersions": _lists("s3:ListBucketVersions", *_LISTING),
    "ListMultipartUploads": _lists("s3:ListBucketMultipartUploads"),
    "HeadBucket": _lists("s3:ListBucket"),
    "ListBuckets": lambda _: Needs((Need("s3:ListAllMyBuckets", "*"),)),
}
