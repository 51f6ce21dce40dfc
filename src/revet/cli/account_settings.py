"""`[accounts]` of `revet.toml`: the accounts that `revet audit` reads, and through which role.

Sources: AWS STS API Reference, AssumeRole (session names, external ids, durations); IAM and STS
quotas (names and paths of roles).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, Protocol

from revet.model.arn import Arn
from revet.model.errors import UsageError

TABLE = "accounts"
ACCOUNT = re.compile(r"[0-9]{12}")
_ROLE_NAME = r"(?:[A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}"
_ROLE = re.compile(_ROLE_NAME)
_ROLE_OR_ARN = re.compile(rf"(?:arn:aws[a-z-]*:iam::[0-9]{{12}}:role/)?{_ROLE_NAME}")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")
_SESSION_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")
_PARTITION = re.compile(r"aws(-[a-z]+)*")
REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_SHORTEST, _LONGEST = 900, 43_200

SESSION_NAME = "revet-audit"
"""Name of sessions for which nobody chose one; CloudTrail shows it."""

_ASSUMING = ("role", "external_id", "session_name", "duration")
_SHARED = (*_ASSUMING, "partition", "organization", "regions", "skip")
_OWN = ("name", *_ASSUMING)


@dataclass(frozen=True, slots=True)
class Assuming:
    """How a role is assumed.

    Args:
        role: name of the role, with its path; or its ARN, where the table is of one account.
        external_id: that the trust policy asks for.
        session_name: of the sessions.
        duration: seconds that a session lasts; None for AWS's default.
    """

    role: str = ""
    external_id: str = ""
    session_name: str = SESSION_NAME
    duration: int | None = None

    def arn(self, account: str, partition: str) -> str:
        """The role's ARN in an account; empty where no role is named."""
        if not self.role or self.role.startswith("arn:"):
            return self.role
        return f"arn:{partition}:iam::{account}:role/{self.role}"


@dataclass(frozen=True, slots=True)
class OneAccount:
    """What `revet.toml` says of one account.

    Args:
        account: its id.
        name: what people call it.
        assuming: how its role is assumed; what the table does not say comes from `[accounts]`.
        own_role: whether the table itself names a role.
    """

    account: str
    name: str = ""
    assuming: Assuming = field(default_factory=Assuming)
    own_role: bool = False


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """The accounts of a project.

    Args:
        shared: how roles are assumed in accounts without a table.
        partition: of the roles' ARNs; that of the caller when empty.
        organization: whether all accounts of the organization are read.
        regions: where regional types are read; every enabled region when empty.
        skip: accounts that are not read.
        accounts: by id.
    """

    shared: Assuming = field(default_factory=Assuming)
    partition: str = ""
    organization: bool = False
    regions: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    accounts: Mapping[str, OneAccount] = field(default_factory=dict)

    def of(self, account: str) -> OneAccount:
        """What is said of an account; the shared settings where it has no table."""
        return self.accounts.get(account) or OneAccount(account, assuming=self.shared)

    def with_role(self, role: str) -> AccountSettings:
        """The same, where tables do not say otherwise with another role."""
        accounts = {
            key: one if one.own_role else replace(one, assuming=replace(one.assuming, role=role))
            for key, one in self.accounts.items()
        }
        return replace(self, shared=replace(self.shared, role=role), accounts=accounts)


class Refusing(Protocol):
    """Whoever reads the file, and knows the line of each key."""

    def known(self, where: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        """Refuse keys that nobody knows."""

    def wrong(self, key: str, value: object, expected: str) -> NoReturn:
        """Refuse a value."""


def read_accounts(data: object, file: Refusing) -> AccountSettings:
    """Read the table.

    Args:
        data: what TOML has there.
        file: refuses what is wrong, with its line.

    Raises:
        ConfigError: an unknown key or a wrong value.
    """
    if not isinstance(data, dict):
        file.wrong(TABLE, data, "a table `[accounts]`")
    tables = {key: table for key, table in data.items() if ACCOUNT.fullmatch(key)}
    rest = {key: value for key, value in data.items() if key not in tables}
    for key, value in rest.items():
        if isinstance(value, dict) and key not in _SHARED:
            file.wrong(f"{TABLE}.{key}", key, "twelve digits, as in `[accounts.111122223333]`")
    file.known(TABLE, rest, _SHARED)
    table = _Table(TABLE, rest, file)
    shared = table.assuming(Assuming(), _ROLE, "the name of a role, as text")
    return AccountSettings(
        shared=shared,
        partition=table.text("partition", _PARTITION, 'a partition, as `"aws-cn"`'),
        organization=table.flag("organization"),
        regions=table.texts("regions", REGION, 'regions, as `["eu-west-1"]`'),
        skip=table.texts("skip", ACCOUNT, 'accounts, as `["111122223333"]`'),
        accounts={key: _one(key, inner, shared, file) for key, inner in tables.items()},
    )


def _one(account: str, values: object, shared: Assuming, file: Refusing) -> OneAccount:
    where = f"{TABLE}.{account}"
    if not isinstance(values, dict):
        file.wrong(where, values, f"a table `[{where}]`")
    file.known(where, values, _OWN)
    table = _Table(where, values, file)
    name = table.text("name", re.compile(r"(?s).+"), "what people call it, as text")
    assuming = table.assuming(shared, _ROLE_OR_ARN, "the name of a role or its ARN, as text")
    own = "role" in values
    if own and assuming.role.startswith("arn:") and Arn.parse(assuming.role).account != account:
        table.wrong("role", f"a role of account {account}")
    return OneAccount(account, name, assuming, own_role=own)


@dataclass(frozen=True, slots=True)
class _Table:
    where: str
    values: Mapping[str, Any]
    file: Refusing

    def wrong(self, key: str, expected: str) -> NoReturn:
        self.file.wrong(f"{self.where}.{key}", self.values[key], expected)

    def assuming(self, before: Assuming, role: re.Pattern[str], expected: str) -> Assuming:
        external = "2 to 1,224 letters, digits and `_+=,.@:/-`, as text"
        session = "2 to 64 letters, digits and `_+=,.@-`, as text"
        return Assuming(
            self.text("role", role, expected) or before.role,
            self.text("external_id", _EXTERNAL_ID, external) or before.external_id,
            self.text("session_name", _SESSION_NAME, session) or before.session_name,
            self.duration() or before.duration,
        )

    def text(self, key: str, pattern: re.Pattern[str], expected: str) -> str:
        value = self.values.get(key)
        if value is None:
            return ""
        if not (isinstance(value, str) and pattern.fullmatch(value)):
            self.wrong(key, expected)
        return value

    def texts(self, key: str, pattern: re.Pattern[str], expected: str) -> tuple[str, ...]:
        value: object = self.values.get(key)
        if value is None:
            return ()
        if not (
            isinstance(value, list)
            and value
            and all(isinstance(item, str) and pattern.fullmatch(item) for item in value)
        ):
            self.wrong(key, expected)
        return tuple(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "`true` or `false`")
        return value

    def duration(self) -> int | None:
        value = self.values.get("duration")
        if value is None:
            return None
        number = isinstance(value, int) and not isinstance(value, bool)
        if not number or not _SHORTEST <= value <= _LONGEST:
            self.wrong("duration", f"seconds from {_SHORTEST} to {_LONGEST:,}")
        return int(value)


def checked_role(role: str) -> str:
    """The name of a role, as the command line gives it; empty for none.

    Raises:
        UsageError: no role can be called that.
    """
    if role and not _ROLE.fullmatch(role):
        raise UsageError(
            "not the name of a role",
            where="--role",
            got=f"`{role}`",
            expected="a name with its path, as `revet-audit` or `security/revet-audit`",
            do="leave out what comes before the name in an ARN",
        )
    return role
