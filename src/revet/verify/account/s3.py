"""S3: buckets, and their settings as the resources of their own that Terraform has for them.

The names of buckets are global, so that neither a bucket nor a part of it is told from others by
its region. Objects are never listed. Source of every form: the S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from revet.iam.reference.regions import partition_of
from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.plan.terraform_types import Scope
from revet.verify.api import Api, Ask, Parts
from revet.verify.operations import allowing, operation_named
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_Said: TypeAlias = Mapping[str, Any]
_Values: TypeAlias = dict[str, Any] | None

# Blocks and arguments of `aws_s3_bucket` that resources of their own replace.
_REPLACED: Mapping[str, Any] = {
    "acl": None,
    "bucket_prefix": "",
    "grant": [],
    "lifecycle_rule": [],
    "logging": [],
    "policy": "",
    "server_side_encryption_configuration": [],
    "versioning": [],
}
_PAGE = 1000  # only an answer in pages says the region of each bucket
_SWITCHES = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}
_FILTERS = {"Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And"}


def _buckets(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("s3", "list_buckets", region, MaxBuckets=_PAGE)["Buckets"]


def _bucket(api: Api, _region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["Name"], Parts()
    region = item.get("BucketRegion") or _location(api, name, parts)
    ask = api.about("s3", region, Bucket=name)
    tags = parts.answer(
        lambda: ask("get_bucket_tagging", absent=("NoSuchTagSet",)), "tags", "tags_all"
    )
    if parts.gone:
        return
    partition = partition_of(api.home)
    if partition is None:
        parts.unknown["arn"] = Mark(f"the partition of `{api.home}` is not known", "update revet")
    values = {
        "id": name,
        "bucket": name,
        "arn": f"arn:{partition.id}:s3:::{name}" if partition else None,
        "region": region or None,
        **_REPLACED,
        **tagged(tags.get("TagSet")),
    }
    yield Observed("aws_s3_bucket", name, values, unknown=parts.unknown)
    for kind, how in _PARTS.items():
        yield from part(kind, name, {"bucket": name}, "", partial(_part, ask, *how))


def _location(api: Api, name: str, parts: Parts) -> str:
    """The region; `us-east-1` is answered as nothing, `eu-west-1` may be as `EU`."""
    said = parts.answer(lambda: api.call("s3", "get_bucket_location", Bucket=name), "region")
    if not said:
        return ""
    place = parts.need(said, "LocationConstraint", "region") or "us-east-1"
    return "eu-west-1" if place == "EU" else str(place)


def _versioning(said: _Said) -> _Values:
    """A bucket that never was versioned has no status."""
    if "Status" not in said:
        return None
    block = {"status": said["Status"], "mfa_delete": said.get("MFADelete", "")}
    return {"versioning_configuration": [block]}


def _encryption(said: _Said) -> _Values:
    rules = said["ServerSideEncryptionConfiguration"]["Rules"]
    return {"rule": [_encrypted(rule) for rule in rules]}


def _encrypted(rule: _Said) -> dict[str, Any]:
    default = rule["ApplyServerSideEncryptionByDefault"]
    algorithm, key = default["SSEAlgorithm"], default.get("KMSMasterKeyID", "")
    block = {"sse_algorithm": algorithm, "kms_master_key_id": key}
    enabled = rule.get("BucketKeyEnabled", False)
    return {"apply_server_side_encryption_by_default": [block], "bucket_key_enabled": enabled}


def _block(said: _Said) -> _Values:
    switches = said["PublicAccessBlockConfiguration"]
    return {name: switches[key] for name, key in _SWITCHES.items()}


def _policy(said: _Said) -> _Values:
    return {"policy": said["Policy"]}


def _lifecycle(said: _Said) -> _Values:
    return {"rule": [_rule(rule) for rule in said["Rules"]]}


def _rule(rule: _Said) -> dict[str, Any]:
    """Elements that are not answered are not set; the provider has `0` and `false` for some."""
    ends, uploads = rule.get("Expiration"), rule.get("AbortIncompleteMultipartUpload")
    old = rule.get("NoncurrentVersionExpiration")
    return {
        "id": rule.get("ID", ""),
        "status": rule["Status"],
        "prefix": rule.get("Prefix", ""),
        "filter": [_filter(rule["Filter"])] if "Filter" in rule else [],
        "abort_incomplete_multipart_upload": [
            {"days_after_initiation": uploads["DaysAfterInitiation"]}
        ]
        if uploads
        else [],
        "expiration": [
            {
                "date": _date(ends),
                "days": ends.get("Days", 0),
                "expired_object_delete_marker": ends.get("ExpiredObjectDeleteMarker", False),
            }
        ]
        if ends
        else [],
        "transition": [
            {"date": _date(one), "days": one.get("Days"), "storage_class": one["StorageClass"]}
            for one in rule.get("Transitions", ())
        ],
        "noncurrent_version_expiration": [_noncurrent(old)] if old else [],
        "noncurrent_version_transition": [
            {**_noncurrent(one), "storage_class": one["StorageClass"]}
            for one in rule.get("NoncurrentVersionTransitions", ())
        ],
    }


def _noncurrent(said: _Said) -> dict[str, Any]:
    return {
        "newer_noncurrent_versions": said.get("NewerNoncurrentVersions"),
        "noncurrent_days": said.get("NoncurrentDays"),
    }


def _date(said: _Said) -> str | None:
    """In the form of RFC 3339; S3 takes dates at midnight UTC only."""
    return f"{said['Date']:%Y-%m-%dT%H:%M:%SZ}" if "Date" in said else None


def _filter(said: _Said) -> dict[str, Any]:
    """Which objects a rule is for; all of them without a condition.

    Raises:
        ValueError: it has a condition that is not known here, so that it may be for some only.
    """
    if not said.keys() <= _FILTERS:
        raise ValueError(f"a filter by {', '.join(sorted(said.keys() - _FILTERS))}")
    tag, both = said.get("Tag"), said.get("And")
    return {
        "prefix": said.get("Prefix", ""),
        "object_size_greater_than": said.get("ObjectSizeGreaterThan"),
        "object_size_less_than": said.get("ObjectSizeLessThan"),
        "tag": [{"key": tag["Key"], "value": tag["Value"]}] if tag else [],
        "and": [_all_of(both)] if both is not None else [],
    }


def _all_of(said: _Said) -> dict[str, Any]:
    return {
        "prefix": said.get("Prefix", ""),
        "object_size_greater_than": said.get("ObjectSizeGreaterThan", 0),
        "object_size_less_than": said.get("ObjectSizeLessThan", 0),
        "tags": {tag["Key"]: tag["Value"] for tag in said.get("Tags", ())},
    }


def _logging(said: _Said) -> _Values:
    place = said.get("LoggingEnabled")
    if place is None:
        return None
    return {"target_bucket": place["TargetBucket"], "target_prefix": place["TargetPrefix"]}


def _ownership(said: _Said) -> _Values:
    rules = said["OwnershipControls"]["Rules"]
    return {"rule": [{"object_ownership": rule["ObjectOwnership"]} for rule in rules]}


def _acl(said: _Said) -> _Values:
    """Every bucket has one; which canned ACL made it is not answered: its grants are."""
    grants = [
        {"permission": grant["Permission"], "grantee": [_grantee(grant["Grantee"])]}
        for grant in said["Grants"]
    ]
    owner = {"id": said["Owner"]["ID"], "display_name": said["Owner"].get("DisplayName", "")}
    return {"acl": "", "access_control_policy": [{"grant": grants, "owner": [owner]}]}


def _grantee(said: _Said) -> dict[str, Any]:
    return {
        "type": said["Type"],
        "id": said.get("ID", ""),
        "uri": said.get("URI", ""),
        "email_address": said.get("EmailAddress", ""),
        "display_name": said.get("DisplayName", ""),
    }


_PARTS: Mapping[str, tuple[str, str, Callable[[_Said], _Values]]] = {
    "aws_s3_bucket_acl": ("GetBucketAcl", "", _acl),
    "aws_s3_bucket_lifecycle_configuration": (
        "GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration", _lifecycle,
    ),
    "aws_s3_bucket_logging": ("GetBucketLogging", "", _logging),
    "aws_s3_bucket_ownership_controls": (
        "GetBucketOwnershipControls", "OwnershipControlsNotFoundError", _ownership,
    ),
    "aws_s3_bucket_policy": ("GetBucketPolicy", "NoSuchBucketPolicy", _policy),
    "aws_s3_bucket_public_access_block": (
        "GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", _block,
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        "GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError", _encryption,
    ),
    "aws_s3_bucket_versioning": ("GetBucketVersioning", "", _versioning),
}  # fmt: skip
"""The call of each, the error code that means that there is none, and its form. The `id` of each is
the bucket's name, which is also what the provider imports it by."""


def _part(ask: Ask, operation: str, absent: str, form: Callable[[_Said], _Values]) -> _Values:
    said = ask(operation_named(operation), absent=(absent,) if absent else ())
    return form(said) if said or not absent else None


_NEVER_LISTED = ("aws_s3_object",)
"""Objects are not looked at: there may be millions, and the logs of a trail are some."""
BUCKETS = TypeReader(
    type="aws_s3_bucket",
    service="s3",
    actions=tuple(
        allowing("s3", one)
        for one in (
            *("ListBuckets", "GetBucketLocation", "GetBucketTagging"),
            *(operation for operation, *_ in _PARTS.values()),
        )
    ),
    items=_buckets,
    identity=lambda item: str(item["Name"]),
    read=_bucket,
    parts=(*_PARTS, *_NEVER_LISTED),
    scope=Scope.GLOBAL,
    each=True,
)
