"""What the deployed world knows of a resource by its ARN: owner, policy, tags, and the KMS key.

Only what exists is looked at; no backend of moto's is made by looking.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from moto.backends import get_backend
from moto.kms.utils import _deserialize_ciphertext_blob
from moto.s3.models import FakeKey, s3_backends

from revet.embedded.call import Call, Json, Moto
from revet.embedded.credentials import find_role
from revet.embedded.policies import role_tags
from revet.iam.operations import Place

ARN_PARTS = 6
_TABLE = 1
_SECRET_END = 7
"""A hyphen and six characters, which Secrets Manager puts behind a name."""


class Attached(NamedTuple):
    """What bears on requests for a resource.

    Args:
        policy: of the resource, JSON text; empty without one.
        account: that owns it.
        keys: condition keys that tell of it: its tags.
    """

    policy: str = ""
    account: str = ""
    keys: Mapping[str, str] = {}


class _Of(NamedTuple):
    """An ARN that a call asks for, and its parts behind partition and service."""

    arn: str
    region: str
    account: str
    rest: str
    call: Call


def attached_to(arn: str, call: Call) -> Attached:
    """Policy, owner and tags of a resource; nothing but the owner when it does not exist.

    Args:
        arn: of the resource, or `*`.
        call: that asks for it.
    """
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) != ARN_PARTS:
        return Attached(account=call.principal.account)
    find = _FINDERS.get(parts[2])
    if find is None:
        return Attached(account=parts[4])
    return find(_Of(arn, parts[3], parts[4], parts[5], call))


def backend_of(service: str, arn: str) -> Moto | None:
    """Moto's backend of the account and region of an ARN; none where there is none."""
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) != ARN_PARTS:
        return None
    regions: Moto = dict.get(get_backend(service), parts[4])  # type: ignore[call-overload]
    return None if regions is None else dict.get(regions, parts[3])


def bucket_of(name: str) -> Moto | None:
    """A bucket by its name, whoever owns it."""
    found = s3_backends.bucket_accounts.get(name)
    return s3_backends[found[1]][found[0]].buckets.get(name) if found is not None else None


def object_of(bucket: str, key: str, version: str) -> Moto | None:
    """An object, or a version of it; none when it is not there or deleted."""
    found = bucket_of(bucket)
    versions = found.keys.getlist(key, []) if found is not None else []
    chosen = [one for one in versions if not version or str(one.version_id) == version]
    return chosen[-1] if chosen and isinstance(chosen[-1], FakeKey) else None


def log_policies(account: str, region: str) -> str:
    """The resource policies of CloudWatch Logs: an account has several, for all its groups."""
    backend = get_backend("logs")[account][region]
    policies = [json.loads(one.policy_document) for one in backend.resource_policies.values()]
    statements = [
        {name: value for name, value in statement.items() if name != "Sid"}
        for policy in policies
        for statement in _many(policy.get("Statement"))
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else ""


def _many(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value] if value else []


def _tagged(tags: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    return {
        f"{prefix}:ResourceTag/{key}": str(value)
        for key, value in tags.items()
        for prefix in ("aws", *prefixes)
    }


def _listed(tags: Moto) -> dict[str, str]:
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags or ()}


def _s3(of: _Of) -> Attached:
    name = of.rest.partition("/")[0]
    bucket = bucket_of(name)
    if bucket is None:
        return Attached(account=of.call.principal.account)
    policy = bucket.policy.decode() if bucket.policy else ""
    return Attached(policy, str(bucket.account_id))


def _dynamodb(of: _Of) -> Attached:
    table_arn = f"{of.arn.removesuffix(of.rest)}{'/'.join(of.rest.split('/')[: _TABLE + 1])}"
    backend = backend_of("dynamodb", of.arn)
    kept = backend.resource_policies.get(table_arn) if backend is not None else None
    table = table_of(table_arn)
    policy = str(kept.policy_doc) if kept is not None else ""
    return Attached(policy, of.account, _tagged(_listed(table.tags if table is not None else ())))


def table_of(arn: str) -> Moto | None:
    """A table by its ARN."""
    backend = backend_of("dynamodb", arn)
    name = arn.split(":", ARN_PARTS - 1)[-1].split("/")
    return backend.tables.get(name[_TABLE]) if backend is not None and len(name) > _TABLE else None


def _kms(of: _Of) -> Attached:
    backend = backend_of("kms", of.arn)
    key = backend.keys.get(of.rest.removeprefix("key/")) if backend is not None else None
    if backend is None or key is None:
        return Attached(account=of.account)
    keys = {
        **_tagged(backend.tagger.get_tag_dict_for_resource(key.id)),
        "kms:KeySpec": str(key.key_spec),
        "kms:KeyUsage": str(key.key_usage),
        "kms:KeyOrigin": str(key.origin),
        "kms:MultiRegion": str(bool(key.multi_region)).lower(),
    }
    return Attached(str(key.policy or ""), of.account, keys)


def _sqs(of: _Of) -> Attached:
    backend = backend_of("sqs", of.arn)
    queue = backend.queues.get(of.rest) if backend is not None else None
    if queue is None:
        return Attached(account=of.account)
    return Attached(str(queue.policy or ""), of.account, _tagged(queue.tags))


def topic_of(arn: str) -> Moto | None:
    """A topic by its ARN."""
    backend = backend_of("sns", arn)
    return backend.topics.get(arn) if backend is not None else None


def _sns(of: _Of) -> Attached:
    topic = topic_of(of.arn)
    if topic is None:
        return Attached(account=of.account)
    return Attached(str(topic.policy or ""), of.account, _tagged(topic._tags))  # noqa: SLF001 - where moto keeps them


def secret_of(arn: str) -> Moto | None:
    """A secret by its ARN, with or without its random end."""
    backend = backend_of("secretsmanager", arn)
    for secret in dict.values(backend.secrets) if backend is not None else ():
        if arn in (secret.arn, secret.arn[:-_SECRET_END]):
            return secret
    return None


def _secretsmanager(of: _Of) -> Attached:
    secret = secret_of(of.arn)
    if secret is None:
        return Attached(account=of.account)
    source: Moto = getattr(secret, "source", secret)
    function = str(getattr(source, "rotation_lambda_arn", "") or "")
    rotated = "secretsmanager:resource/AllowRotationLambdaArn"
    keys = {
        **_tagged(_listed(source.tags), "secretsmanager"),
        "secretsmanager:SecretPrimaryRegion": str(source.arn).split(":")[3],
        **({rotated: function} if function else {}),
    }
    return Attached(str(source.policy or ""), of.account, keys)


def _lambda(of: _Of) -> Attached:
    backend = backend_of("lambda", of.arn)
    name = of.rest.split(":")[1] if ":" in of.rest else ""
    store = getattr(backend, "_lambdas", None)
    if store is None or name not in store._functions:  # noqa: SLF001 - where moto keeps them
        return Attached(account=of.account)
    function = store.get_function_by_name_with_qualifier(name)
    said = function.policy.statements
    policy = json.dumps({"Version": "2012-10-17", "Statement": said}) if said else ""
    return Attached(policy, of.account, _tagged(function.tags or {}))


def _logs(of: _Of) -> Attached:
    own = of.account == of.call.principal.account and of.region == of.call.region
    policy = log_policies(of.account, of.region) if own else ""
    return Attached(policy, of.account)


def _iam(of: _Of) -> Attached:
    role = find_role(of.arn)
    if role is None:
        return Attached(account=of.account)
    policy = role.assume_role_policy_document
    return Attached(policy, str(role.account_id), role_tags(role))


_FINDERS: Mapping[str, Callable[[_Of], Attached]] = {
    "dynamodb": _dynamodb,
    "iam": _iam,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
}


class DeployedHere:
    """What the table of needs asks the deployed world for."""

    def partition_key(self, table: str, index: str) -> str:
        """See `revet.iam.operations.Deployed`."""
        found = table_of(table)
        if found is None:
            return ""
        if not index:
            return str(found.hash_key_attr)
        for one in (*found.global_indexes, *found.indexes):
            if one.name == index:
                return next(str(key["AttributeName"]) for key in one.schema if _hashes(key))
        return ""

    def key_of_alias(self, alias: str, place: Place) -> str:
        """See `revet.iam.operations.Deployed`."""
        arn = alias if alias.startswith("arn:") else place.arn("kms", alias)
        backend = backend_of("kms", arn)
        name = arn.split(":", ARN_PARTS - 1)[-1]
        for key in backend.keys.values() if backend is not None else ():
            if name in key.aliases:
                return str(key.arn)
        return ""

    def key_of_ciphertext(self, blob: bytes, place: Place) -> str:
        """See `revet.iam.operations.Deployed`."""
        try:
            named = _deserialize_ciphertext_blob(blob).key_id
        except (struct.error, UnicodeDecodeError):
            return ""  # too short for a ciphertext, or another's
        backend = backend_of("kms", place.arn("kms", f"key/{named}"))
        key = backend.keys.get(named) if backend is not None else None
        return str(key.arn) if key is not None else ""

    def secret(self, name: str, place: Place) -> str:
        """See `revet.iam.operations.Deployed`."""
        arn = name if name.startswith("arn:") else place.arn("secretsmanager", f"secret:{name}")
        found = secret_of(arn)
        return str(found.arn) if found is not None else ""

    def object_tags(self, bucket: str, key: str, version: str) -> Mapping[str, str]:
        """See `revet.iam.operations.Deployed`."""
        found = object_of(bucket, key, version)
        if found is None:
            return {}
        account, partition = s3_backends.bucket_accounts[bucket][::-1]
        tagger = s3_backends[account][partition].tagger
        return {str(k): str(v) for k, v in tagger.get_tag_dict_for_resource(found.arn).items()}


def _hashes(key: Mapping[str, str]) -> bool:
    return key.get("KeyType") == "HASH"
