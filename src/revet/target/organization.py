"""The accounts of an organization, asked for with `organizations:ListAccounts`.

Source: AWS Organizations API Reference, ListAccounts and Account: `State` takes the place of
`Status`; the management account and delegated administrators may ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revet.model.errors import PrerequisiteError, TargetError

if TYPE_CHECKING:
    import boto3

ACTION = "organizations:ListAccounts"
_ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an organization.

    Args:
        account: its id.
        name: what the organization calls it.
        state: `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, …
    """

    account: str
    name: str
    state: str = _ACTIVE

    @property
    def active(self) -> bool:
        """Whether it can be read."""
        return self.state == _ACTIVE


@dataclass(frozen=True, slots=True)
class Members:
    """The accounts of an organization.

    Args:
        organization: its id, `o-…`.
        accounts: sorted by id.
    """

    organization: str
    accounts: tuple[Member, ...]


def list_members(session: boto3.Session, caller: str) -> Members:
    """The accounts of the organization of a session's account.

    Args:
        session: of the management account, or of a delegated administrator.
        caller: its ARN, for messages.

    Raises:
        PrerequisiteError: the account is in no organization, or may not list it.
        TargetError: AWS cannot be asked.
    """
    from botocore import exceptions  # noqa: PLC0415 - heavy

    client = session.client("organizations")
    try:
        pages = list(client.get_paginator("list_accounts").paginate())
    except exceptions.ClientError as error:
        raise PrerequisiteError(
            "the accounts of the organization cannot be listed",
            where=caller,
            got=str(error),
            expected=f"permission for `{ACTION}`, in the management account or that of a "
            "delegated administrator",
            do=f"allow `{ACTION}`, use credentials of such an account, or name the accounts in "
            "`[accounts]` of `revet.toml`",
        ) from error
    except exceptions.BotoCoreError as error:
        raise TargetError(
            "the accounts of the organization cannot be listed",
            where=caller,
            got=str(error),
            do="see whether the network reaches AWS and the credentials are set",
        ) from error
    rows = [row for page in pages for row in page["Accounts"]]
    members = [
        Member(row["Id"], row.get("Name", ""), row.get("State") or row.get("Status") or _ACTIVE)
        for row in rows
    ]
    named = {row["Arn"].split("/")[1] for row in rows if row.get("Arn", "").count("/") > 1}
    return Members(
        min(named, default=""), tuple(sorted(members, key=lambda member: member.account))
    )
