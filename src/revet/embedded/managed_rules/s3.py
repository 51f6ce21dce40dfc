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
    unknown,
    violates,
)
from revet.embedded.public_buckets import (
    BLOCKS,
    PUBLIC_GROUPS,
    account_block,
    acl_grants,
    acls_count,
    blocks,
    blocks_of,
)
from revet.iam.document import parse_policy
from revet.iam.prove.checks import CheckResult, check_no_public_access
from revet.iam.reference.actions import match_actions
from revet.model.errors import RevetError

_TYPE = "AWS::S3::Bucket"
_KMS = ("aws:kms", "aws:kms:dsse")
_READS = ("Get", "List")
"""How the names of actions begin that read."""
_ACL_READS = ("READ", "READ_ACP", "FULL_CONTROL")
_ACL_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")


def _buckets(place: Place) -> Iterator[Subject]:
    for bucket in place.global_backend("s3").buckets.values():
        if bucket.region_name == place.region:
            yield Subject(_TYPE, bucket.name, bucket)


def _encrypted_with_kms(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    default = ((bucket.thing.encryption or {}).get("Rule") or {}).get(
        "ApplyServerSideEncryptionByDefault"
    ) or {}
    if default.get("SSEAlgorithm") not in _KMS:
        return violates("The bucket is not encrypted with a key of AWS KMS.")
    wanted = listed(parameters.get("kmsKeyArns"))
    return complies(
        not wanted or default.get("KMSMasterKeyID") in wanted,
        "The bucket is encrypted with a key that is not among kmsKeyArns.",
    )


def _encrypted(_bucket: Subject, _parameters: Parameters, _place: Place) -> Finding:
    """Each bucket is, with S3's own keys at least, since January 2023."""
    return COMPLIANT


def _versioned(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    if is_true(parameters, "isMfaDeleteEnabled"):
        return violates("MFA delete is not enabled.")
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

    def judge(bucket: Subject, _parameters: Parameters, _place: Place) -> Finding:
        thing = bucket.thing
        if acls_count(thing) and acl_grants(thing.acl, PUBLIC_GROUPS, permissions):
            return violates(f"The bucket's ACL allows public {what} access.")
        policy = _policy(thing)
        if policy is None or "RestrictPublicBuckets" in blocks(thing):
            return COMPLIANT
        public = _public(policy, reads=reads)
        if public is None:
            return unknown(
                f"It is not known whether the policy of bucket {bucket.id} is public: the prover "
                "does not know, or the policy names an action that the reference does not have."
            )
        return complies(not public, f"The bucket's policy allows public {what} access.")

    return judge


def _public(policy: Mapping[str, Any], *, reads: bool) -> bool | None:
    """Whether a policy lets everybody read, or write; none when that is not known.

    An action that the reference does not have may be any: a policy is public when it is without
    those, and is not when it is not even if they were all.
    """

    def wanted(name: str) -> bool:
        return name.startswith(_READS) == reads

    if _check(_narrowed(policy, wanted, absent_is_all=False)) is CheckResult.FAIL:
        return True
    most = _check(_narrowed(policy, wanted, absent_is_all=True))
    return False if most is CheckResult.PASS else None


def _check(policy: Mapping[str, Any]) -> CheckResult:
    try:
        return check_no_public_access(parse_policy(json.dumps(policy))).result
    except RevetError:
        return CheckResult.UNKNOWN


def _narrowed(
    policy: Mapping[str, Any], wanted: Callable[[str], bool], *, absent_is_all: bool
) -> dict[str, Any]:
    """A policy that allows what it did among the wanted actions of S3, and nothing else.

    Args:
        policy: of a bucket.
        wanted: whether an action of a name is.
        absent_is_all: what allowing an action counts for that the reference does not have: for all
            wanted ones, or for none.
    """
    every = {f"s3:{action.name}" for action in match_actions("s3:*") if wanted(action.name)}
    kept = []
    for statement in _statements(policy):
        if statement.get("Effect") != "Allow":
            kept.append(statement)
            continue
        named: set[str] = set()
        for pattern in _many(statement.get("Action", statement.get("NotAction"))):
            matched = {f"{one.service}:{one.name}" for one in match_actions(str(pattern))}
            absent = every if absent_is_all and "Action" in statement else set()
            named |= matched or absent
        left = sorted(every & named if "Action" in statement else every - named)
        rest = {name: one for name, one in statement.items() if not name.endswith("Action")}
        if left:
            kept.append({**rest, "Action": left})
    return {**policy, "Statement": kept}


def _bucket_blocked(bucket: Subject, parameters: Parameters, _place: Place) -> Finding:
    excluded = listed(parameters.get("excludedPublicBuckets"))
    return complies(
        bucket.id in excluded or blocks_of(bucket.thing.public_access_block) == set(BLOCKS),
        "Not every setting of Block Public Access is on for the bucket.",
    )


def _account_blocked(_account: Subject, parameters: Parameters, place: Place) -> Finding:
    wanted = {name for name in BLOCKS if is_true({name: "true", **parameters}, name)}
    return complies(
        wanted <= blocks_of(account_block(place.account, place.partition)),
        "Not every setting of Block Public Access is on for the account.",
    )


RULES: Mapping[str, ManagedRule] = {
    "S3_DEFAULT_ENCRYPTION_KMS": ManagedRule(_TYPE, _buckets, _encrypted_with_kms, ("kmsKeyArns",)),
    "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED": ManagedRule(_TYPE, _buckets, _encrypted),
    "S3_BUCKET_VERSIONING_ENABLED": ManagedRule(
        _TYPE, _buckets, _versioned, ("isMfaDeleteEnabled",)
    ),
    "S3_BUCKET_LOGGING_ENABLED": ManagedRule(
        _TYPE, _buckets, _logged, ("targetBucket", "targetPrefix")
    ),
    "S3_BUCKET_SSL_REQUESTS_ONLY": ManagedRule(_TYPE, _buckets, _tls_only),
    "S3_BUCKET_PUBLIC_READ_PROHIBITED": ManagedRule(_TYPE, _buckets, _closed(reads=True)),
    "S3_BUCKET_PUBLIC_WRITE_PROHIBITED": ManagedRule(_TYPE, _buckets, _closed(reads=False)),
    "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED": ManagedRule(
        _TYPE, _buckets, _bucket_blocked, ("excludedPublicBuckets",)
    ),
    "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC": ManagedRule(
        ACCOUNT_TYPE, the_account, _account_blocked, tuple(BLOCKS)
    ),
}
