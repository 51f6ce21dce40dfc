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
from itertools import count
from typing import NamedTuple

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind
from revet.iam.evaluate.context import Partly
from revet.iam.evaluate.derive import DERIVED
from revet.iam.evaluate.request import ANONYMOUS, Caller, CallerKind, Request, read_caller
from revet.iam.prove.literals import Literal, Theory
from revet.iam.prove.patterns import NOT_EMPTY, Pattern, Wild, letters, of_text

OUTSIDER = "999999999999"
"""An account that no policy of a question names; if one does, another one takes its place."""
_UNNAMED = "unnamed"
_ROOT = "arn:{}:iam::{}:root"
_UNNAMED_HEADS = (
    "arn:{}:iam::{}:role/",
    "arn:{}:iam::{}:user/",
    "arn:{}:sts::{}:federated-user/",
)
_ARN, _ACCOUNT, _USERNAME, _USERID, _SERVICE = (
    "aws:principalarn",
    "aws:principalaccount",
    "aws:username",
    "aws:userid",
    "aws:principalservicename",
)
_OF_THE_CALLER = (
    _ARN,
    _ACCOUNT,
    _USERNAME,
    _USERID,
    "aws:principaltype",
    "aws:principalisawsservice",
    _SERVICE,
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
        example: whether another caller of the question stands for it, too; it is asked first, for
            its requests are easy to read.
    """

    text: str
    demands: tuple[Literal, ...]
    outside: bool = False
    example: bool = False


def askers(statements: Sequence[CompiledStatement], *more: str) -> list[Asker]:
    """The callers that statements with principals tell apart.

    Args:
        statements: the statements of policies with principals.
        more: accounts beside those that the statements name.
    """
    told = _named(statements, more)
    found = [Asker(text, demands_of(text)) for text in told.principals]
    for account in told.accounts:
        found += _of_account(told, account, outside=False)
    found += _outsiders(told)
    service, provider = f"{told.name}.amazonaws.com", f"{told.name}.example.com"
    found.append(Asker(service, _any_service(service, told.principals)))
    found.append(Asker(provider, demands_of(provider)))
    return [*found, _anonymous()]


def outsiders(statements: Sequence[CompiledStatement], *more: str) -> list[Asker]:
    """Those of `askers` who are outside.

    Args:
        statements: the statements of policies with principals.
        more: accounts beside those that the statements name.
    """
    return [*_outsiders(_named(statements, more)), _anonymous()]


class _Named(NamedTuple):
    """What statements name.

    Args:
        principals: those that can ask, in order.
        accounts: of principals and in conditions, in order.
        partition: theirs.
        name: one that none of the principals has.
    """

    principals: tuple[str, ...]
    accounts: tuple[str, ...]
    partition: str
    name: str


def _named(statements: Sequence[CompiledStatement], more: Sequence[str]) -> _Named:
    terms = [term for one in statements if one.principals for term in one.principals.terms]
    partition, accounts = partition_of(statements), accounts_of(statements, more)
    named = dict.fromkeys(term.text for term in terms if term.kind in _NAMED)
    name = unnamed(term.text for term in terms)
    return _Named(tuple(named), tuple(accounts), partition, name)


def accounts_of(statements: Sequence[CompiledStatement], more: Iterable[str] = ()) -> list[str]:
    """The accounts that statements name, as principals or in conditions, in order.

    Args:
        statements: the statements.
        more: further accounts.
    """
    terms = [term for one in statements if one.principals for term in one.principals.terms]
    named = {term.account for term in terms if term.account}
    return sorted(named | _in_conditions(statements) | set(more))


def unnamed(texts: Iterable[str]) -> str:
    """A name that nobody has who is named.

    Args:
        texts: principals.
    """
    known = "\n".join(texts)
    names = (f"{_UNNAMED}{number or ''}" for number in count())
    return next(name for name in names if name not in known)


def _outsiders(told: _Named) -> list[Asker]:
    numbers = (f"{number:012d}" for number in range(int(OUTSIDER), 0, -1))
    outsider = next(number for number in numbers if number not in told.accounts)
    found = _of_account(told, outsider, outside=True)
    for head in (_ROOT, *_UNNAMED_HEADS):
        text = head.format(told.partition, outsider) + (told.name if head != _ROOT else "")
        demands = _anyone(text, _DIGITS, told.accounts, told.principals)
        found.append(Asker(text, demands, outside=True))
    return found


def _anonymous() -> Asker:
    return Asker(ANONYMOUS, demands_of(ANONYMOUS), outside=True)


def _of_account(told: _Named, account: str, *, outside: bool) -> list[Asker]:
    """Those of an account that no policy names; of an outsider's, each stands for all others."""
    root = _ROOT.format(told.partition, account)
    found = [Asker(root, demands_of(root), outside, example=outside)]
    for head in _UNNAMED_HEADS:
        text = head.format(told.partition, account) + told.name
        demands = _anyone(text, (*account,), (), told.principals)
        found.append(Asker(text, demands, outside, example=outside))
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


def somebody(account: str, kind: str, texts: Iterable[str] = ()) -> Asker:
    """Any user, or role, of an account.

    Args:
        account: its id.
        kind: `user` or `role`.
        texts: principals that policies name; it is none of them.
    """
    text = f"arn:aws:iam::{account}:{kind}/{unnamed(texts)}"
    return Asker(text, _anyone(text, (*account,), (), ()))


@lru_cache(maxsize=1024)
def _anyone(
    text: str, account: tuple[str | Wild, ...], but: tuple[str, ...], named: tuple[str, ...]
) -> tuple[Literal, ...]:
    """What the requests carry of everybody of a kind, of an account, but those that are named.

    Args:
        text: a principal of that kind.
        account: the account, or what its number is like.
        but: accounts that it is not.
        named: principals that are named.
    """
    caller = read_caller(text)
    _, partition, service, *_, last = text.split(":")
    kind, slash, _ = last.partition("/")
    rest = (*kind, *((*slash, Wild.ONE, Wild.ANY) if slash else ()))
    arn = _arn_of(partition, service, account, *rest)
    kept = [one for one in demands_of(text) if one.key not in (_ARN, _ACCOUNT, _USERNAME, _USERID)]
    kept += [one for one in demands_of(text) if one.key == _USERID and not account_in_id(caller)]
    kept.append(_among(_ARN, frozenset((arn,))))
    elsewhere = (_arn_of(partition, of, one, Wild.ANY) for one in but for of in ("iam", "sts"))
    kept.append(_among(_ARN, frozenset((*map(letters, named), *elsewhere))).negation())
    kept.append(_among(_ACCOUNT, frozenset((Pattern(tuple(account)),))))
    kept.append(_among(_ACCOUNT, frozenset(map(letters, but))).negation())
    if caller.kind is CallerKind.USER:
        kept.append(_among(_USERNAME, frozenset((NOT_EMPTY,))))
    else:
        kept.append(_missing(_USERNAME))
    return tuple(kept)


def account_in_id(caller: Caller) -> bool:
    """Whether a caller's unique id holds its account."""
    return caller.kind in (CallerKind.ROOT, CallerKind.FEDERATED_USER)


@lru_cache(maxsize=1024)
def _any_service(text: str, named: tuple[str, ...]) -> tuple[Literal, ...]:
    """What the requests carry of every service but those that are named."""
    kept = [one for one in demands_of(text) if one.key != _SERVICE]
    ends = (".amazonaws.com", ".amazonaws.com.cn")
    kept.append(_among(_SERVICE, frozenset(Pattern((Wild.ONE, Wild.ANY, *end)) for end in ends)))
    kept.append(_among(_SERVICE, frozenset(map(letters, named))).negation())
    return tuple(kept)


def _arn_of(
    partition: str, service: str, account: Sequence[str | Wild], *rest: str | Wild
) -> Pattern:
    return Pattern((*f"arn:{partition}:{service}::", *account, ":", *rest))


def partition_of(statements: Iterable[CompiledStatement]) -> str:
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
