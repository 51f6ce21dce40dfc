"""What is taken without a signature: this table, and nothing else.

botocore's models say which operations nobody signs (`authtype: none`); of those, the ones below are
served, and the others are refused by name. Deployed APIs are served by `execute_api`, whose methods
say themselves who may call them. Anonymous requests to S3 are decided by the bucket's
policy and the access control lists, as for everybody on the Internet.

Sources: AWS STS API Reference; Amazon API Gateway Developer Guide, "Invoke a REST API"; Amazon S3
User Guide, "How Amazon S3 authorizes a request", "Blocking public access to your Amazon S3 storage"
and "Controlling ownership of objects".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from moto.s3.models import s3_backends

from revet.embedded.call import Call, Moto
from revet.embedded.credentials import ACCOUNT
from revet.embedded.operation import service_model
from revet.embedded.policies import context_of
from revet.embedded.public_buckets import EVERYBODY, acl_grants, acls_count, blocks
from revet.embedded.refusals import Refusal
from revet.iam.document import parse_policy
from revet.iam.evaluate import ANONYMOUS, Outcome, Policies, Request, decide
from revet.model.errors import RevetError

_DEPLOYED_API = re.compile(r"^[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$")
_CONNECTIONS = re.compile(r"^/[^/]+/@connections(?:/|$)")
"""The API for a web socket's connections, at the same host, is signed."""
_ROLE_ACCOUNT = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):")

_S3_ACTIONS = {
    "GetObject": ("GetObject", "READ"),
    "HeadObject": ("GetObject", "READ"),
    "ListObjects": ("ListBucket", "READ"),
    "ListObjectsV2": ("ListBucket", "READ"),
    "HeadBucket": ("ListBucket", "READ"),
    "ListObjectVersions": ("ListBucketVersions", "READ"),
    "PutObject": ("PutObject", ""),
    "DeleteObject": ("DeleteObject", ""),
}
"""Operation → action, and the ACL permission that grants it on the same resource."""
_KMS = "aws:kms"


def is_deployed_api(host: str, target: str) -> bool:
    """Whether a request is for a deployed API, whose methods say themselves who may call them.

    Args:
        host: canonical.
        target: path and query.
    """
    manages = _CONNECTIONS.match(target.partition("?")[0])
    return bool(_DEPLOYED_API.match(host)) and not manages


def admit(call: Call, now: dt.datetime) -> str:
    """The account that an anonymous request is for, when it is taken.

    Args:
        call: a request that nobody signed.
        now: the current moment.

    Raises:
        Refusal: it must be signed, or is not modelled without.
    """
    if call.boto_service == "s3":
        return _public_s3(call, now)
    if not _needs_no_signature(call):
        raise _missing()
    admitted = TAKEN.get(call.boto_service)
    if admitted is None:
        raise Refusal(
            "not modelled",
            f"the embedded AWS does not model {call.boto_service}:{call.operation} without a "
            "signature",
        )
    return admitted(call)


def _missing() -> Refusal:
    return Refusal("missing", "Missing Authentication Token")


def _needs_no_signature(call: Call) -> bool:
    model = service_model(call.boto_service) if call.boto_service else None
    if model is None or call.operation not in model.operation_names:
        return False
    return bool(model.operation_model(call.operation).auth_type == "none")


def _account_of_role(call: Call) -> str:
    match = _ROLE_ACCOUNT.match(str(call.parameters.get("RoleArn") or ""))
    return match[1] if match else ACCOUNT


TAKEN: dict[str, Callable[[Call], str]] = {
    "sts": _account_of_role,
}
"""Services whose operations that nobody signs are served, with the account that they are for."""


def _public_s3(call: Call, now: dt.datetime) -> str:
    denied = Refusal("missing", "Access Denied")
    name = str(call.parameters.get("Bucket") or "")
    place = s3_backends.bucket_accounts.get(name)
    if place is None or call.operation not in _S3_ACTIONS:
        raise denied
    partition, account = place
    bucket = s3_backends[account][partition].buckets.get(name)
    if bucket is None:
        raise denied
    if not _allowed_by_policy(call, bucket, now) and not _granted_by_list(call, bucket):
        raise denied
    return str(account)


def _request(call: Call, bucket: Moto, now: dt.datetime) -> Request:
    action, _ = _S3_ACTIONS[call.operation]
    key = call.parameters.get("Key")
    version = call.parameters.get("VersionId")
    if version and key:
        action += "Version"
    context = {
        **context_of(call, now),
        "s3:prefix": call.parameters.get("Prefix"),
        "s3:delimiter": call.parameters.get("Delimiter"),
        "s3:VersionId": version,
        "s3:authType": None,
        "s3:ResourceAccount": bucket.account_id,
    }
    resource = f"{bucket.arn}/{key}" if key else bucket.arn
    return Request(ANONYMOUS, f"s3:{action}", resource, context, resource_account=bucket.account_id)


def _allowed_by_policy(call: Call, bucket: Moto, now: dt.datetime) -> bool:
    """Whether the bucket policy lets everybody.

    Raises:
        Refusal: it denies, or it is not known.
    """
    if not bucket.policy:
        return False
    try:
        policy = parse_policy(bucket.policy)
        restricted = "RestrictPublicBuckets" in blocks(bucket)
        decision = decide(
            _request(call, bucket, now),
            Policies(resource=policy, restrict_public_buckets=restricted),
        )
    except RevetError as error:
        raise Refusal("missing", f"Access Denied: {error.what}") from error
    if decision.outcome is Outcome.ALLOWED:
        return not _encrypted_with_kms(call, bucket)
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        return False
    raise Refusal("missing", "Access Denied")


def _granted_by_list(call: Call, bucket: Moto) -> bool:
    permission = _S3_ACTIONS[call.operation][1]
    if not permission or not acls_count(bucket):
        return False
    key = call.parameters.get("Key")
    if not key:
        return acl_grants(bucket.acl, (EVERYBODY,), (permission, "FULL_CONTROL"))
    found = _object(call, bucket)
    return (
        found is not None
        and acl_grants(found.acl, (EVERYBODY,), (permission, "FULL_CONTROL"))
        and not _encrypted_with_kms(call, bucket)
    )


def _object(call: Call, bucket: Moto) -> Moto | None:
    backend = s3_backends[bucket.account_id][bucket.partition]
    version = call.parameters.get("VersionId")
    return backend.get_object(bucket.name, call.parameters["Key"], version_id=version)


def _encrypted_with_kms(call: Call, bucket: Moto) -> bool:
    """Nobody without credentials can use a key (S3 User Guide, "Protecting data with SSE-KMS")."""
    if call.operation not in ("GetObject", "HeadObject"):
        return False
    found = _object(call, bucket)
    return found is not None and str(getattr(found, "encryption", "") or "").startswith(_KMS)
