"""Managed rules for buckets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from revet.embedded.call import Moto
from revet.embedded.managed_rules.rule import (
    ACCOUNT_TYPE,
    COMPLIANT,
    Finding,
    Judge,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
    is_true,
    listed,
    the_account,
)
from revet.iam.document import parse_policy
from revet.iam.prove.checks import CheckResult, check_no_public_access
from revet.iam.reference.actions import match_actions

_TYPE = "AWS::S3::Bucket"
_KMS = ("aws:kms", "aws:kms:dsse")
_PUBLIC_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_READS = ("Get", "List")
"""How the names of actions begin that read."""
_ACL_READS = ("READ", "READ_ACP", "FULL_CONTROL")
_ACL_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
_BLOCKS = {
    "BlockPublicAcls": "block_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "IgnorePublicAcls": "ignore_public_acls",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


def _buckets(place: Place) -> Iterator[Subject]:
    for bucket in place.global_backend("s3").buckets.values():
        if bucket.region_name == place.region:
            yield Subject(_TYPE, bucket.name, bucket)


def _encrypted_with_kms(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    default = ((bucket.thing.encryption or {}).get("Rule") or {}).get(
        "ApplyServerSideEncryptionByDefault"
    ) or {}
    if default.get("SSEAlgorithm") not in _KMS:
        return Finding(
            compliant=False, annotation="The bucket is not encrypted with a key of AWS KMS."
        )
    wanted = listed(parameters.get("kmsKeyArns"))
    return complies(
        not wanted or default.get("KMSMasterKeyID") in wanted,
        "The bucket is encrypted with a key that is not among kmsKeyArns.",
    )


def _encrypted(_bucket: Subject, _parameters: Parameters, _place: Place) -> Finding:
    """Each bucket is, with S3's own keys at least, since January 2023."""
    return COMPLIANT


def _versioned(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    if is_true(parameters.get("isMfaDeleteEnabled")):
        return Finding(compliant=False, annotation="MFA delete is not enabled.")
    return complies(bucket.thing.is_versioned, "Versioning is not enabled.")


def _logged(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    logging = bucket.thing.logging or {}
    target, prefix = parameters.get("targetBucket"), parameters.get("targetPrefix")
    return complies(
        logging
        and target in (None, "", logging.get("TargetBucket"))
        and prefix in (None, "", logging.get("TargetPrefix")),
        "Server access logs are not written, or not where the rule wants them.",
    )


def _policy(bucket: Moto) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(bucket.policy) if bucket.policy else None
    return found


def _statements(policy: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return _many((policy or {}).get("Statement"))


def _many(value: Any) -> list[Any]:  # noqa: ANN401 - one JSON value, or a list of them
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _tls_only(bucket: Subject, _parameters: Parameters, _place: Place) -> Finding:
    arn = bucket.thing.arn
    covered = {
        resource
        for statement in _statements(_policy(bucket.thing))
        if _denies_plain(statement)
        for resource in _many(statement.get("Resource"))
    }
    return complies(
        covered & {"*", f"{arn}*"} or {arn, f"{arn}/*"} <= covered,
        "The bucket's policy does not deny requests without TLS.",
    )


def _denies_plain(statement: Mapping[str, Any]) -> bool:
    everyone = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    actions = {str(one).lower() for one in _many(statement.get("Action"))}
    conditions = {
        (operator, key.lower(), str(value).lower())
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, values in keys.items()
        for value in _many(values)
    }
    return bool(
        statement.get("Effect") == "Deny"
        and everyone
        and actions & {"*", "s3:*"}
        and conditions == {("Bool", "aws:securetransport", "false")}
    )


def _closed(*, reads: bool) -> Judge:
    """A rule: nobody but who is named may read, or write."""
    permissions = _ACL_READS if reads else _ACL_WRITES
    what = "read" if reads else "write"

    def judge(bucket: Subject, _parameters: Parameters, place: Place) -> Finding:
        blocks = _blocks(bucket.thing, place)
        if "IgnorePublicAcls" not in blocks and _acl_opens(bucket.thing, permissions):
            return Finding(
                compliant=False, annotation=f"The bucket's ACL allows public {what} access."
            )
        policy = _policy(bucket.thing)
        if policy is None or "RestrictPublicBuckets" in blocks:
            return COMPLIANT
        checked = check_no_public_access(
            parse_policy(
                json.dumps(_narrowed(policy, lambda name: name.startswith(_READS) == reads))
            )
        )
        if checked.result is CheckResult.UNKNOWN:
            return Finding(None, "It is not known whether the bucket's policy is public.")
        return complies(
            checked.result is CheckResult.PASS,
            f"The bucket's policy allows public {what} access.",
        )

    return judge


def _narrowed(policy: Mapping[str, Any], wanted: Callable[[str], bool]) -> dict[str, Any]:
    """A policy that allows what it did among the wanted actions of S3, and nothing else."""
    every = {f"s3:{action.name}" for action in match_actions("s3:*") if wanted(action.name)}
    kept = []
    for statement in _statements(policy):
        if statement.get("Effect") != "Allow":
            kept.append(statement)
            continue
        named = {
            f"{action.service}:{action.name}"
            for pattern in _many(statement.get("Action", statement.get("NotAction")))
            for action in match_actions(str(pattern))
        }
        left = sorted(every & named if "Action" in statement else every - named)
        rest = {name: one for name, one in statement.items() if not name.endswith("Action")}
        if left:
            kept.append({**rest, "Action": left})
    return {**policy, "Statement": kept}


def _acl_opens(bucket: Moto, permissions: tuple[str, ...]) -> bool:
    return any(
        grantee.uri in _PUBLIC_GROUPS and set(grant.permissions) & set(permissions)
        for grant in (bucket.acl.grants if bucket.acl else ())
        for grantee in grant.grantees
    )


def _blocks(bucket: Moto, place: Place) -> set[str]:
    """The settings of Block Public Access that hold for a bucket: its own and the account's."""
    return _held(bucket.public_access_block) | _held(_account_block(place))


def _held(block: Moto | None) -> set[str]:
    if block is None:
        return set()
    return {name for name, attribute in _BLOCKS.items() if getattr(block, attribute)}


def _account_block(place: Place) -> Moto | None:
    return place.global_backend("s3control").public_access_block


def _bucket_blocked(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    excluded = listed(parameters.get("excludedPublicBuckets"))
    return complies(
        bucket.id in excluded or _held(bucket.thing.public_access_block) == set(_BLOCKS),
        "Not every setting of Block Public Access is on for the bucket.",
    )


def _account_blocked(_account: Subject, parameters: Parameters, place: Place) -> Finding:
    wanted = {name for name in _BLOCKS if is_true(parameters.get(name) or "true")}
    return complies(
        wanted <= _held(_account_block(place)),
        "Not every setting of Block Public Access is on for the account.",
    )


RULES: Mapping[str, ManagedRule] = {
    "S3_DEFAULT_ENCRYPTION_KMS": ManagedRule(_TYPE, _buckets, _encrypted_with_kms),
    "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED": ManagedRule(_TYPE, _buckets, _encrypted),
    "S3_BUCKET_VERSIONING_ENABLED": ManagedRule(_TYPE, _buckets, _versioned),
    "S3_BUCKET_LOGGING_ENABLED": ManagedRule(_TYPE, _buckets, _logged),
    "S3_BUCKET_SSL_REQUESTS_ONLY": ManagedRule(_TYPE, _buckets, _tls_only),
    "S3_BUCKET_PUBLIC_READ_PROHIBITED": ManagedRule(_TYPE, _buckets, _closed(reads=True)),
    "S3_BUCKET_PUBLIC_WRITE_PROHIBITED": ManagedRule(_TYPE, _buckets, _closed(reads=False)),
    "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED": ManagedRule(_TYPE, _buckets, _bucket_blocked),
    "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC": ManagedRule(
        ACCOUNT_TYPE, the_account, _account_blocked
    ),
}
