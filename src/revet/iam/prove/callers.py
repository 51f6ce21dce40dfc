"""Everybody whom resource policies tell apart: one caller for all that no policy names apart.

Principals of policies have no wildcards, so the callers that are named, one more of each account
that is named, and outsiders of each kind are all that statements' principals can tell apart. What
conditions say of a caller's ARN, account or type becomes a demand on these keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind
from revet.iam.evaluate.context import Partly
from revet.iam.evaluate.derive import DERIVED
from revet.iam.evaluate.request import ANONYMOUS, CallerKind, Request, read_caller
from revet.iam.prove.literals import Literal, Theory
from revet.iam.prove.patterns import NOT_EMPTY, Pattern, Wild, letters, of_text

OUTSIDER = "999999999999"
"""An account that no policy of a question names; if one does, another one takes its place."""
_UNNAMED = "unnamed"
_ARN, _ACCOUNT, _USERNAME, _USERID = (
    "aws:principalarn",
    "aws:principalaccount",
    "aws:username",
    "aws:userid",
)
_OF_THE_CALLER = (
    _ARN,
    _ACCOUNT,
    _USERNAME,
    _USERID,
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:principalservicename",
)
_NAMED = frozenset(
    (
        PrincipalKind.USER,
        PrincipalKind.ROLE,
        PrincipalKind.SESSION,
        PrincipalKind.FEDERATED_USER,
        PrincipalKind.SERVICE,
        PrincipalKind.PROVIDER,
    )
)
_ACCOUNT_ID = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_PARTITION = re.compile(r"arn:(aws[a-z-]*):")
_DIGITS = (Wild.ONE_IN_FIELD,) * len(OUTSIDER)


@dataclass(frozen=True, slots=True)
class Asker:
    """One caller of a question.

    Args:
        text: the principal of its requests.
        demands: what its requests carry in the keys that say who it is.
        outside: whether it belongs to no account that a policy names.
    """

    text: str
    demands: tuple[Literal, ...]
    outside: bool = False


def askers(statements: Sequence[CompiledStatement], *more: str) -> list[Asker]:
    """The callers that statements with principals tell apart.

    Args:
        statements: the statements of policies with principals.
        more: accounts beside those that the statements name.
    """
    named, accounts, partition = _named(statements, more)
    found = [Asker(text, demands_of(text)) for text in named]
    for account in accounts:
        found += _of_account(partition, account, named, outside=False)
    found += _outsiders(named, accounts, partition)
    found += [
        Asker(text, demands_of(text))
        for text in (f"{_UNNAMED}.amazonaws.com", f"{_UNNAMED}.example.com")
    ]
    return [*found, _anonymous()]


def outsiders(statements: Sequence[CompiledStatement], *more: str) -> list[Asker]:
    """Those of `askers` who are outside.

    Args:
        statements: the statements of policies with principals.
        more: accounts beside those that the statements name.
    """
    return [*_outsiders(*_named(statements, more)), _anonymous()]


def _named(
    statements: Sequence[CompiledStatement], more: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The principals and accounts that statements name, and their partition."""
    terms = [term for one in statements if one.principals for term in one.principals.terms]
    accounts = {term.account for term in terms if term.account} | _in_conditions(statements)
    named = dict.fromkeys(term.text for term in terms if term.kind in _NAMED)
    return tuple(named), tuple(sorted(accounts | set(more))), _partition(statements)


def _outsiders(named: tuple[str, ...], accounts: tuple[str, ...], partition: str) -> list[Asker]:
    numbers = (f"{number:012d}" for number in range(int(OUTSIDER), 0, -1))
    outsider = next(number for number in numbers if number not in accounts)
    found = _of_account(partition, outsider, named, outside=True)
    for kind in ("role", "user"):
        text = f"arn:{partition}:iam::{outsider}:{kind}/{_UNNAMED}"
        found.append(Asker(text, _anyone(text, _DIGITS, accounts, named), outside=True))
    return found


def _anonymous() -> Asker:
    return Asker(ANONYMOUS, demands_of(ANONYMOUS), outside=True)


def _of_account(
    partition: str, account: str, named: tuple[str, ...], *, outside: bool
) -> list[Asker]:
    root = f"arn:{partition}:iam::{account}:root"
    found = [Asker(root, demands_of(root), outside)]
    for kind in ("role", "user"):
        text = f"arn:{partition}:iam::{account}:{kind}/{_UNNAMED}"
        found.append(Asker(text, _anyone(text, (*account,), (), named), outside))
    return found


@lru_cache(maxsize=4096)
def demands_of(text: str) -> tuple[Literal, ...]:
    """What the requests of one caller carry in the keys that follow from who it is.

    Args:
        text: the principal of its requests.
    """
    caller, request = read_caller(text), Request(text, "", "*")
    found = []
    for key in _OF_THE_CALLER:
        value = DERIVED[key](caller, request)
        if value is None:
            found.append(_missing(key))
        elif isinstance(value, Partly):
            among = frozenset(map(of_text, value.among))
            found.append(_among(key, among, absent=value.absent))
        else:
            found.append(_among(key, frozenset((letters(value),))))
    return tuple(found)


def somebody(account: str, kind: str) -> Asker:
    """Any user, or role, of an account.

    Args:
        account: its id.
        kind: `user` or `role`.
    """
    text = f"arn:aws:iam::{account}:{kind}/{_UNNAMED}"
    return Asker(text, _anyone(text, (*account,), (), ()))


@lru_cache(maxsize=1024)
def _anyone(
    text: str, account: tuple[str | Wild, ...], but: tuple[str, ...], named: tuple[str, ...]
) -> tuple[Literal, ...]:
    """What the requests carry of every role, or user, of an account but those that are named."""
    kind, partition = read_caller(text).kind, text.split(":")[1]
    word = "role" if kind is CallerKind.SESSION else "user"
    arn = _iam_arn(partition, account, *f"{word}/", Wild.ONE)
    kept = [one for one in demands_of(text) if one.key not in (_ARN, _ACCOUNT, _USERNAME)]
    kept.append(_among(_ARN, frozenset((arn,))))
    elsewhere = frozenset((*map(letters, named), *(_iam_arn(partition, one) for one in but)))
    kept.append(_among(_ARN, elsewhere).negation())
    kept.append(_among(_ACCOUNT, frozenset((Pattern(tuple(account)),))))
    kept.append(_among(_ACCOUNT, frozenset(map(letters, but))).negation())
    if kind is CallerKind.USER:
        kept.append(_among(_USERNAME, frozenset((NOT_EMPTY,))))
    else:
        kept.append(_missing(_USERNAME))
    return tuple(kept)


def _iam_arn(partition: str, account: Sequence[str | Wild], *rest: str | Wild) -> Pattern:
    return Pattern((*f"arn:{partition}:iam::", *account, ":", *rest, Wild.ANY))


def _partition(statements: Iterable[CompiledStatement]) -> str:
    """The partition that policies name; no caller of another one reaches their resources."""
    for statement in statements:
        globs = statement.resources.globs
        principals = statement.principals.terms if statement.principals else ()
        for text in (*(glob.text for glob in globs), *(term.text for term in principals)):
            found = _PARTITION.match(text)
            if found:
                return found[1]
    return "aws"


def _in_conditions(statements: Iterable[CompiledStatement]) -> set[str]:
    """The accounts that conditions name."""
    values = (
        value.text
        for statement in statements
        for condition in statement.conditions
        for value in condition.values
    )
    return {number for text in values for number in _ACCOUNT_ID.findall(text)}


def _among(key: str, patterns: frozenset[Pattern], *, absent: bool = False) -> Literal:
    return Literal(key, Theory.TEXT, inside=True, absent=absent, empty=False, patterns=patterns)


def _missing(key: str) -> Literal:
    return Literal(key, Theory.PRESENCE, inside=False, absent=True, empty=False)
