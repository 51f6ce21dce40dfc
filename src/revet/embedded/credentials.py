"""Which access keys exist: the deploying one of this run, IAM users', and those of sessions.

Users and their keys live in moto's IAM, sessions in its STS: both are part of a snapshot. Sources:
IAM User Guide, "Unique identifiers", "Managing access keys for IAM users", "Revoking IAM role
temporary security credentials"; AWS STS API Reference.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from revet.embedded.call import Moto, Principal, Session

ACCOUNT = "123456789012"
"""The account of the deploying credentials."""

SESSIONS = "revet_sessions"
"""Attribute of an STS backend that holds its account's sessions by access key."""
_KEY_ALPHABET = string.ascii_uppercase + "234567"
_SECRET_ALPHABET = string.ascii_letters + string.digits + "+/"


@dataclass(frozen=True, slots=True)
class Credentials:
    """One access key.

    Args:
        secret: secret access key.
        principal: whose it is; its region is not set.
        token: session token; empty for long-term keys.
        expires: seconds since the epoch; none for long-term keys.
    """

    secret: str = field(repr=False)
    principal: Principal
    token: str = field(default="", repr=False)
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class RootKey:
    """The deploying credentials of one run.

    Args:
        access_key: id.
        secret: secret access key.
    """

    access_key: str
    secret: str = field(repr=False)


def new_key(prefix: str) -> tuple[str, str]:
    """A random access key id, of 20 characters, and its secret, of 40.

    Args:
        prefix: `AKIA` for a long-term key, `ASIA` for a temporary one.
    """
    key = prefix + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(20 - len(prefix)))
    return key, "".join(secrets.choice(_SECRET_ALPHABET) for _ in range(40))


def partition_of(region: str) -> str:
    """The partition that a region belongs to."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def find_credentials(key: str, root: RootKey, region: str) -> Credentials | None:
    """The access key of that id; none when it does not exist or does not hold any more.

    Args:
        key: id of an access key.
        root: the deploying credentials.
        region: that the request is signed for.
    """
    if key == root.access_key:
        arn = f"arn:{partition_of(region)}:iam::{ACCOUNT}:root"
        return Credentials(root.secret, Principal("root", key, ACCOUNT, arn, "", ACCOUNT))
    return find_made(key)


def find_made(key: str) -> Credentials | None:
    """The access key of that id, of a user or session; none as of `find_credentials`."""
    session = find_session(key)
    return _of_user(key) if session is None else _of_session(session)


def find_session(key: str) -> Session | None:
    """The session of a temporary access key, expired or not; none when there is none."""
    for _, backend in _backends(sts_backends):
        found: Session | None = vars(backend).get(SESSIONS, {}).get(key)
        if found is not None:
            return found
    return None


def keep_session(session: Session, now: float) -> None:
    """Store a session, and drop those of its account that have expired long ago.

    Args:
        session: new.
        now: seconds since the epoch.
    """
    backend = sts_backends[session.account][session.partition]
    kept: dict[str, Session] = vars(backend).setdefault(SESSIONS, {})
    day = 24 * 3600.0
    for key in [key for key, old in kept.items() if old.expires + day < now]:
        del kept[key]
    kept[session.access_key] = session


def find_role(arn: str) -> Moto | None:
    """The role of an ARN, in any account, as moto has it; none when it does not exist."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):  # noqa: PLR2004 - an ARN
        return None
    backend = iam_backend(parts[4], parts[1])
    roles = backend.roles.values() if backend is not None else ()
    return next((role for role in roles if role.arn == arn), None)


def find_user(arn: str) -> Moto | None:
    """The user of an ARN, in any account, as moto has it; none when it does not exist."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("user/"):  # noqa: PLR2004 - an ARN
        return None
    backend = iam_backend(parts[4], parts[1])
    return backend.users.get(arn.rpartition("/")[2]) if backend is not None else None


def iam_backend(account: str, partition: str) -> Moto | None:
    """The IAM backend of an account; none when the account has none, and none is made."""
    regions = dict.get(iam_backends, account)
    if regions is None:
        return None
    return dict.get(regions, partition)


def _backends(stores: Moto) -> Iterator[tuple[str, Moto]]:
    for account, regions in list(dict.items(stores)):
        for backend in list(dict.values(regions)):
            yield account, backend


def _of_session(session: Session) -> Credentials | None:
    if not _issuer_exists(session):
        return None
    principal = Principal(
        session.kind,
        session.access_key,
        session.account,
        session.arn,
        "",
        session.principal_id,
        session.name,
        session,
    )
    return Credentials(session.secret, principal, session.token, session.expires)


def _issuer_exists(session: Session) -> bool:
    """Whether the role or user behind a session is still there, the same one."""
    if not session.issuer_arn:
        return True
    issuer = find_role(session.issuer_arn) or find_user(session.issuer_arn)
    return issuer is not None and str(issuer.id) == session.issuer_id


def _of_user(key: str) -> Credentials | None:
    for account, backend in _backends(iam_backends):
        found = backend.access_keys.get(key)
        if found is None:
            continue
        user = backend.users.get(found.user_name)
        if user is None or found.status != "Active":
            return None
        principal = Principal("user", key, account, user.arn, "", str(user.id), user.name)
        return Credentials(found.secret_access_key, principal)
    return None
