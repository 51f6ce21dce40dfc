"""Which accounts `revet audit` reads, through which roles, and whether the user means them."""

# ruff: noqa: PLC0415 - what an extra or POSIX brings is imported after `need` has asked for it

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from revet.cli.account_settings import AccountSettings, OneAccount
from revet.cli.options import TargetName
from revet.cli.output import note
from revet.cli.prerequisites import need
from revet.cli.sessions import stopped_unless_used
from revet.cli.workdir import embedded_state
from revet.model.account_read import AccountRead, Reach
from revet.model.arn import Arn
from revet.model.errors import ConfigError, UsageError
from revet.model.finding import Origin
from revet.target.organization import Members, list_members
from revet.target.roles import Role, RoleSessions
from revet.verify.accounts import AccountAccess
from revet.verify.read_only import Reader

ON_AWS = 16
ON_EMBEDDED = 4
_MANY = 20


@dataclass(frozen=True, slots=True)
class Hub:
    """The credentials from which every account is reached.

    Args:
        session: of boto3.
        account: whose they are.
        arn: of their principal.
        origin: what evidence counts as.
        side_by_side: calls that wait for an answer at a time.
        roles: makes sessions in other accounts.
    """

    session: Any
    account: str
    arn: str
    origin: Origin
    side_by_side: int
    roles: RoleSessions

    @property
    def region(self) -> str:
        """The region that global services are asked in."""
        return str(self.session.region_name)

    @property
    def partition(self) -> str:
        """The partition of AWS that they are of."""
        return Arn.parse(self.arn).partition

    def reader(self, session: Any) -> Reader:  # noqa: ANN401 - of boto3
        """A reader over a session."""
        from revet.verify.boto import BotoReader

        adaptive = self.origin is Origin.REAL
        return BotoReader(session, connections=self.side_by_side, adaptive=adaptive)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of accounts.

    Args:
        accounts: ids; nothing else is read.
        organization: whether all accounts of the organization are read.
        organization_id: the organization that the user means.
        role: name of the role in place of the one that `revet.toml` names.
    """

    accounts: tuple[str, ...] = ()
    organization: bool = False
    organization_id: str = ""
    role: str = ""

    def over(self, settings: AccountSettings | None) -> AccountSettings | None:
        """The settings with what the command line says; None when only one account is meant."""
        if settings is None and not (self.organization or self.organization_id or self.role):
            return None
        found = settings or AccountSettings()
        return found.with_role(self.role) if self.role else found


@dataclass(frozen=True, slots=True)
class Chosen:
    """The accounts that are read.

    Args:
        places: those that are read, by id.
        name: of all of them together.
        skipped: those that are not, with the reason.
        organization: id of the organization that they were listed from; empty otherwise.
        notes: for the verdict.
    """

    places: tuple[AccountAccess, ...]
    name: str
    skipped: tuple[AccountRead, ...] = ()
    organization: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def hub(target: TargetName, region: str, root: Path) -> Iterator[Hub]:
    """The credentials of the environment, or those of the project's embedded AWS.

    Args:
        target: where the accounts are.
        region: that global services are asked in.
        root: of the project.

    Raises:
        PrerequisiteError: an extra or credentials are missing.
        TargetError: AWS cannot be asked.
    """
    if target is TargetName.AWS:
        from revet.target.aws import own_session, own_sessions

        session, own = own_session(region)
        roles = RoleSessions(session, own.arn, own_sessions(session))
        yield Hub(session, own.account, own.arn, Origin.REAL, ON_AWS, roles)
        return
    need("embedded")
    from revet.target.embedded import EmbeddedTarget

    emulated = EmbeddedTarget(embedded_state(root))
    with stopped_unless_used(emulated):
        emulated.start()
        session = emulated.session(region)
        account = emulated.account()
        arn = f"arn:aws:iam::{account}:root"
        roles = RoleSessions(session, arn, emulated.sessions(session))
        yield Hub(session, account, arn, Origin.EMULATED, ON_EMBEDDED, roles)


def choose(center: Hub, settings: AccountSettings, asked: Asked) -> Chosen:
    """The accounts that are read.

    The account of the credentials is read with them, unless its table names a role.

    Args:
        center: the credentials.
        settings: what `revet.toml` says, with the command line.
        asked: what the command line says.

    Raises:
        UsageError: an account that nobody knows, or none is left.
        ConfigError: an account without a role.
        PrerequisiteError: the organization cannot be listed.
    """
    members = _members(center, settings, asked)
    names = {one.account: one.name for one in members.accounts} if members else {}
    known = {**names, **{one.account: one.name for one in settings.accounts.values()}}
    away = _away(members, settings, asked)
    wanted = asked.accounts or tuple(known) or (center.account,)
    if asked.role and wanted == (center.account,) and not known:
        raise UsageError(
            "a role, and no account to assume it in",
            where="--role",
            got=f"`{asked.role}`, and the account of the credentials alone",
            expected="`--account`, `--organization` or accounts in `[accounts]` of `revet.toml`",
            do="name the accounts, or leave the role out",
        )
    for account in asked.accounts:
        if account not in {*known, center.account} and not settings.shared.role:
            raise _unknown_account(account, known)
    places = tuple(
        _place(center, settings, account, known.get(account, "") or names.get(account, ""))
        for account in sorted(set(wanted) - away.keys())
    )
    skipped = tuple(
        AccountRead(account, known.get(account, ""), reach=Reach.SKIPPED, why=why)
        for account, why in sorted(away.items())
        if account in wanted
    )
    if not places:
        said = ", ".join(f"{one.label}: {one.why}" for one in skipped)
        raise UsageError(
            "no account to read",
            where="--account or `[accounts]`",
            got=said or "none",
            expected="at least one account that AWS has not closed",
            do="name another",
        )
    left = len(known.keys() - set(wanted))
    notes = (
        {"chosen": f"{len(known) - left} of {len(known)} accounts (`--account`)"} if left else {}
    )
    organization = members.organization if members else ""
    if len(places) == 1:
        name = f"account {places[0].account}"
    else:
        name = f"organization {organization}" if organization else "several accounts"
    return Chosen(places, name, skipped, organization, notes)


def _members(center: Hub, settings: AccountSettings, asked: Asked) -> Members | None:
    if not (settings.organization or asked.organization or asked.organization_id):
        return None
    members = list_members(center.session, center.arn)
    if asked.organization_id not in ("", members.organization):
        raise UsageError(
            "not the organization of the credentials; nothing was read",
            where="--organization-id",
            got=f"`{asked.organization_id}`",
            expected=members.organization,
            do="use credentials of the organization that you mean, or name this one",
        )
    return members


def _away(members: Members | None, settings: AccountSettings, asked: Asked) -> dict[str, str]:
    listed = members.accounts if members else ()
    closed = {one.account: f"AWS calls it `{one.state}`" for one in listed if not one.active}
    skipped = dict.fromkeys(settings.skip, "`skip` in `revet.toml`")
    return {
        **{key: why for key, why in skipped.items() if key not in asked.accounts},
        **closed,
    }


def _place(center: Hub, settings: AccountSettings, account: str, name: str) -> AccountAccess:
    one = settings.of(account)
    if account == center.account and not one.own_role:
        return AccountAccess(account, lambda: center.reader(center.session), name)
    arn = one.assuming.arn(account, settings.partition or center.partition)
    if not arn:
        raise ConfigError(
            "no role to assume in an account",
            where=f"account {account}",
            got="no `role`",
            expected=f"`role` in `[accounts]` or in `[accounts.{account}]` of `revet.toml`",
            do="name the role that reads, or give `--role`",
        )
    return AccountAccess(account, lambda: _connect(center, one, arn), name, arn)


def _connect(center: Hub, one: OneAccount, arn: str) -> Reader:
    how = one.assuming
    role = Role(arn, how.session_name, how.external_id, how.duration)
    return center.reader(center.roles.session(role))


def _unknown_account(account: str, known: Mapping[str, str]) -> UsageError:
    shown = ", ".join(sorted(known)[:_MANY])
    more = f" and {len(known) - _MANY} more" if len(known) > _MANY else ""
    return UsageError(
        "an account that is not configured",
        where="--account",
        got=f"`{account}`",
        expected=f"{shown}{more}" if known else "an account of `[accounts]` in `revet.toml`",
        do="correct it, or name a role for it",
    )


def confirm_all(chosen: Chosen, center: Hub, asked: Asked) -> None:
    """Show the real accounts that will be read, once, as a list, and have it confirmed.

    Args:
        chosen: the accounts.
        center: the credentials.
        asked: what the command line says; whatever it names is confirmed.

    Raises:
        UsageError: the user does not mean them.
    """
    ids = [place.account for place in chosen.places]
    noun = "account" if len(ids) == 1 else f"accounts, {len(ids)} of them,"
    note(f"audit the REAL AWS {noun} as {center.arn}")
    for place in chosen.places:
        name = f" {place.name}" if place.name else ""
        note(f"  {place.account}{name}  through {place.role or 'these credentials'}")
    for one in chosen.skipped:
        note(f"  {one.label}  is skipped: {one.why}")
    if asked.accounts or (asked.organization_id and asked.organization_id == chosen.organization):
        return
    if not sys.stdin.isatty():
        raise UsageError(
            "real accounts must be named",
            where="--account",
            got="no account, and no terminal to ask on",
            expected=_naming(ids, chosen.organization),
            do="add it, if those are the accounts that you mean",
        )
    what, expected = ("account id", ids[0]) if len(ids) == 1 else ("number of accounts", len(ids))
    typed = str(typer.prompt(f"type the {what} to go on", err=True)).strip()
    if typed != str(expected):
        raise UsageError(
            "the accounts were not confirmed; nothing was read",
            where="the list above",
            got=f"`{typed}`",
            expected=str(expected),
            do="name those that you mean with `--account`",
        )


def _naming(ids: Sequence[str], organization: str) -> str:
    if organization:
        return f"`--organization-id {organization}`, or `--account` for each account"
    if len(ids) > _MANY:
        return "`--account-file FILE` with the ids above, one per line"
    return f"`{' '.join(f'--account {account}' for account in ids)}`"
