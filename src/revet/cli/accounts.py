"""The real accounts of a stack: shown once, as a list, and confirmed one by one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from revet.cli.account_settings import ACCOUNT
from revet.cli.output import note
from revet.model.errors import UsageError

if TYPE_CHECKING:
    from revet.target.accounts import Identity


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Asks whether the accounts of the credentials are those that the user means.

    Args:
        action: what is about to be done, for the question ("deploy `payments` in").
        given: ids that the user has named on the command line.
        expected: id that `revet.toml` names; empty for none.
    """

    action: str
    given: tuple[str, ...]
    expected: str = ""

    def __call__(self, found: Mapping[str, Identity]) -> None:
        """Show the accounts and have them confirmed.

        Args:
            found: provider configuration to identity, the root's default first.

        Raises:
            UsageError: an account is not one that the user means.
        """
        self._require_named_in_project(found)
        accounts = list(dict.fromkeys(identity.account for identity in found.values()))
        note(f"{self.action} the REAL AWS account {', '.join(accounts)}")
        for key, identity in found.items():
            note(f"  {identity.account}  provider `{key}`  as {identity.arn}")
        if self.given:
            self._require_given(found)
            return
        if not sys.stdin.isatty():
            options = " ".join(f"--account {account}" for account in accounts)
            raise UsageError(
                "a real account must be named",
                where="--account",
                got="no account, and no terminal to ask on",
                expected=f"`{options}`, for the accounts above",
                do="add it, if those are the accounts that you mean",
            )
        for number, account in enumerate(accounts, start=1):
            which = f" ({number} of {len(accounts)})" if len(accounts) > 1 else ""
            typed = str(typer.prompt(f"type the account id to go on{which}", err=True)).strip()
            if typed != account:
                raise _another(account, f"`{typed}`", found)

    def _require_named_in_project(self, found: Mapping[str, Identity]) -> None:
        first = next(iter(found.values()))
        if self.expected and first.account != self.expected:
            raise UsageError(
                "the credentials belong to another account than `revet.toml` names",
                where=first.arn,
                got=first.account,
                expected=self.expected,
                do="use credentials of that account, or correct `account` in `revet.toml`",
            )

    def _require_given(self, found: Mapping[str, Identity]) -> None:
        for identity in found.values():
            if identity.account not in self.given:
                got = ", ".join(f"`{account}`" for account in self.given)
                raise _another(identity.account, got, found)


def _another(account: str, got: str, found: Mapping[str, Identity]) -> UsageError:
    users = [key for key, identity in found.items() if identity.account == account]
    return UsageError(
        "not the account of the credentials; nothing was done",
        where=", ".join(f"provider `{key}` as {found[key].arn}" for key in users),
        got=got,
        expected=account,
        do="use credentials of the account that you mean, or name this one too",
    )


def named_accounts(options: Sequence[str] | None, file: Path | None) -> tuple[str, ...]:
    """The accounts that the user has named on the command line or in a file.

    Args:
        options: of `--account`.
        file: of `--account-file`: one id per line; empty lines and `#` comments are skipped.

    Raises:
        UsageError: the file cannot be read; something is not an account id.
    """
    named = [("--account", account) for account in options or ()]
    if file is not None:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "the file of accounts cannot be read",
                where=f"--account-file {file}",
                got=str(error),
                expected="a text file with one account id per line",
                do="correct the path",
            ) from error
        for number, line in enumerate(lines, start=1):
            if text := line.partition("#")[0].strip():
                named.append((f"{file}:{number}", text))
        if not named:
            raise UsageError(
                "the file of accounts names none",
                where=f"--account-file {file}",
                expected="one account id per line",
                do="add the accounts that you mean",
            )
    for where, account in named:
        if not ACCOUNT.fullmatch(account):
            raise UsageError(
                "not an AWS account id",
                where=where,
                got=f"`{account}`",
                expected="twelve digits",
                do="give the id of the account that you mean to change",
            )
    return tuple(account for _, account in named)
