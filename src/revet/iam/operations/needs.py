"""What a caller must be allowed to do, so that AWS carries out one of its API calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Value: TypeAlias = str | bool | int | tuple[str, ...]
Keys: TypeAlias = Mapping[str, Value]
"""Condition keys of a request with their values; what is not in it, the request does not carry."""

UNKNOWN = "${unknown}"
"""The value of a condition key that a request carries and that is not known from it alone: a policy
that asks for it cannot be decided."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a caller must be allowed.

    Args:
        action: for example `s3:PutObject`.
        resource: its ARN, or `*` for an action without resource.
        keys: condition keys of the service, and those about tags, that the request carries.
    """

    action: str
    resource: str
    keys: Keys = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What a service does with a KMS key on the caller's authority.

    It is decided where the key is a customer's; a key that AWS manages admits whoever the service
    admits. Source: AWS KMS Developer Guide, "How AWS services use AWS KMS" and "Forward access
    sessions".

    Args:
        action: for example `kms:Decrypt`.
        holder: ARN of what is encrypted: a bucket, an object, a table, a queue, a topic, a secret.
        service: prefix of the service that asks, for `kms:ViaService`.
        key: id, alias or ARN that the call names; empty for the holder's own.
        encryption_context: that the service sends along.
        version: of the holder, where the call names one.
        upload: of a multipart upload, its id: the upload's key is meant.
    """

    action: str
    holder: str
    service: str
    key: str = ""
    encryption_context: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a call needs.

    Args:
        needs: decisions of the service, each of which must allow.
        key_uses: decisions of KMS that the service asks for beside them.
    """

    needs: tuple[Need, ...]
    key_uses: tuple[KeyUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made.

    Args:
        account: twelve digits, of the caller.
        region: that the call is for.
        partition: for example `aws`.
    """

    account: str
    region: str
    partition: str = "aws"

    def arn(self, service: str, rest: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"


class Deployed(Protocol):
    """What only the deployed world knows; each answer may be empty where it is not known."""

    def partition_key(self, table: str, index: str) -> str:
        """Name of the partition key of a table, by its ARN, or of one of its indexes."""

    def key_of_alias(self, alias: str, place: Place) -> str:
        """ARN of the KMS key of `alias/…`."""

    def key_of_ciphertext(self, blob: bytes, place: Place) -> str:
        """ARN of the KMS key that a ciphertext was made with."""

    def secret(self, name: str, place: Place) -> str:
        """Full ARN of the secret of a name, or of an ARN without the random end."""

    def object_tags(self, bucket: str, key: str, version: str) -> Mapping[str, str]:
        """Tags of an object that is there; empty for one that is not."""


class NothingKnown:
    """The answers of who knows no deployment: a reader of recorded calls."""

    def partition_key(self, table: str, index: str) -> str:  # noqa: ARG002 - of the protocol
        """Not known."""
        return ""

    def key_of_alias(self, alias: str, place: Place) -> str:  # noqa: ARG002 - of the protocol
        """Not known."""
        return ""

    def key_of_ciphertext(self, blob: bytes, place: Place) -> str:  # noqa: ARG002 - of the protocol
        """Not known."""
        return ""

    def secret(self, name: str, place: Place) -> str:  # noqa: ARG002 - of the protocol
        """Not known."""
        return ""

    def object_tags(self, bucket: str, key: str, version: str) -> Mapping[str, str]:  # noqa: ARG002 - of the protocol
        """Not known."""
        return {}


@dataclass(frozen=True, slots=True)
class Asked:
    """One call, as the rows of the table look at it.

    Args:
        operation: of the API.
        parameters: in botocore's terms.
        place: where.
        deployed: what the deployed world knows.
    """

    operation: str
    parameters: Mapping[str, Any]
    place: Place
    deployed: Deployed

    def text(self, member: str) -> str:
        """A parameter as text; empty without it."""
        value = self.parameters.get(member)
        return "" if value is None else str(value)

    def only(self, *members: str) -> str:
        """The one that is given of members that name the same thing in several ways; or empty."""
        given = [name for name in members if self.parameters.get(name)]
        return given[0] if len(given) == 1 else ""


Row: TypeAlias = Callable[[Asked], Needs | None]
"""What a call needs; none when that is not known for these parameters."""


def one(action: str, resource: str, keys: Keys | None = None) -> Needs:
    """The needs of a call with one decision."""
    return Needs((Need(action, resource, keys or {}),))


def without_resource(service: str) -> Row:
    """A row for operations whose action has their name and no resource."""
    return lambda asked: one(f"{service}:{asked.operation}", "*")
