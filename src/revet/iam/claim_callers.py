"""Whom a certificate is about: everybody whom its policies tell apart, for the checker.

What a principal's text means and which keys follow from it is AWS's definition, which evaluation
has; who is left when some are named, and whom a statement surely or perhaps names, is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from revet.iam.compiled.condition import CompiledCondition, ConditionValue, Typed
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind, PrincipalTerm
from revet.iam.compiled.values import ArnGlob, Network, read_arn_glob
from revet.iam.document import Condition
from revet.iam.evaluate.confining import FIXED, organization_of
from revet.iam.evaluate.context import Partly
from revet.iam.evaluate.derive import DERIVED
from revet.iam.evaluate.request import ANONYMOUS, Caller, CallerKind, Request, read_caller
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob
from revet.iam.operators import Kind, read_operator
from revet.iam.reference.conditions import condition_key

_ACCOUNT_ID = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_ARN, _ACCOUNT, _USER, _ID, _SERVICE = (
    "aws:principalarn", "aws:principalaccount", "aws:username", "aws:userid",
    "aws:principalservicename",
)  # fmt: skip
_KEYS = (_ARN, _ACCOUNT, _USER, _ID, _SERVICE, "aws:principaltype", "aws:principalisawsservice")
_NAMED = (
    PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.FEDERATED_USER,
    PrincipalKind.SERVICE, PrincipalKind.PROVIDER,
)  # fmt: skip
_ANY_ACCOUNT = "?" * 12
_KINDS = {
    "root": "arn:{}:iam::{}:root", "role": "arn:{}:iam::{}:role/", "user": "arn:{}:iam::{}:user/",
    "federated-user": "arn:{}:sts::{}:federated-user/",
}  # fmt: skip

Conditions = tuple[CompiledCondition, ...]


class Claimant(NamedTuple):
    """One caller, or all that nothing tells apart.

    Args:
        caller: who it is; without text for those that no policy names.
        carries: what holds of its requests' condition keys.
        outside: whether it belongs to no account that is named.
    """

    caller: Caller
    carries: Conditions
    outside: bool = False


class Naming(NamedTuple):
    """How a statement names a caller: by itself, by the role or user behind it, by its account.

    With `perhaps` it is not known whether it does.
    """

    itself: bool = False
    behind: bool = False
    account: bool = False
    perhaps: bool = False


def says(key: str, operator: str, *typed: Typed) -> CompiledCondition:
    """A condition on a key; its values are alternatives."""
    values = tuple(ConditionValue(str(one), one) for one in typed)
    return CompiledCondition(Condition(operator, key, ()), key, read_operator(operator), values)


def _is(key: str, *texts: str) -> CompiledCondition:
    return says(key, "StringEquals", *map(Glob.literal, texts))


def _is_not(key: str, *texts: str) -> CompiledCondition:
    return says(key, "StringNotEquals", *map(Glob.literal, texts))


def claimant(text: str) -> Claimant:
    """The caller with an ARN or a name."""
    caller = read_caller(text)
    return Claimant(caller, tuple(_carried(caller, _KEYS)), outside=text == ANONYMOUS)


def _carried(caller: Caller, keys: Iterable[str]) -> Iterator[CompiledCondition]:
    for key in keys:
        value = DERIVED[key](caller, Request(caller.text, "", "*"))
        if isinstance(value, str):
            yield _is(key, value)
        elif isinstance(value, Partly):
            yield says(key, "StringLikeIfExists" if value.absent else "StringLike", *value.among)
        else:
            yield says(key, "Null", True)
            yield _is_not(key, "")


def unnamed(
    kind: str, partition: str, account: str, named: Iterable[str] = (), but: Sequence[str] = ()
) -> Claimant:
    """All of a kind whom no policy names.

    Args:
        kind: `root`, `role`, `user` or `federated-user`.
        partition: of their ARNs.
        account: theirs; empty for any account.
        named: the principals that policies name.
        but: accounts that it is not.
    """
    head = _KINDS[kind].format(partition, account or _ANY_ACCOUNT)
    sample = read_caller(head.replace("?", "0") + ("" if kind == "root" else "x"))
    keys = [key for key in _KEYS if key not in (_ARN, _ACCOUNT, _USER)]
    if kind == "federated-user" or (kind == "root" and not account):
        keys.remove(_ID)
    arns = read_arn_glob(head + ("" if kind == "root" else "?*"), variables=False)
    others = [Glob.parse(f"arn:{partition}:{of}::{one}:*") for one in but for of in ("iam", "sts")]
    carries = [
        *_carried(sample, keys),
        says(_ARN, "ArnLike", arns),
        says(_ARN, "StringNotLike", *map(Glob.literal, named), *others),
        says(_ACCOUNT, "StringLike", Glob.parse(account or _ANY_ACCOUNT)),
        _is_not(_ACCOUNT, "", *but),
        says(_USER, "Null", kind != "user"),
        _is_not(_USER, ""),
    ]
    nobody = sample._replace(text="", account=account, role="", role_arn="", name="")
    return Claimant(nobody, tuple(carries), outside=not account)


def everybody(
    statements: Sequence[CompiledStatement], partition: str, more: Iterable[str] = ()
) -> list[Claimant]:
    """All callers, as far as statements tell them apart.

    Each that is named; of each account that is named and of any other one, and among services and
    identity providers, those that are not; and the anonymous.

    Args:
        statements: those with principals.
        partition: of the callers.
        more: accounts beside those that the statements name.
    """
    terms = [term for one in statements if one.principals for term in one.principals.terms]
    named = list(dict.fromkeys(term.text for term in terms if term.kind in _NAMED))
    conditions = [one for statement in statements for one in statement.conditions]
    values = [value.text for one in conditions for value in one.values]
    accounts = {number for text in values for number in _ACCOUNT_ID.findall(text)}
    accounts |= {term.account for term in terms if term.account} | {*more}
    found = [claimant(text) for text in named]
    for account in (*sorted(accounts), ""):
        but = sorted(accounts) if not account else []
        found += [unnamed(kind, partition, account, named, but) for kind in _KINDS]
    service, provider = (read_caller(f"x.{end}") for end in ("amazonaws.com", "example.com"))
    ends = [Glob.parse(f"?*.amazonaws.com{end}") for end in ("", ".cn")]
    carries = (
        *_carried(service, [key for key in _KEYS if key != _SERVICE]),
        says(_SERVICE, "StringLike", *ends),
        _is_not(_SERVICE, "", *named),
    )
    found.append(Claimant(service._replace(text=""), carries))
    found.append(Claimant(provider._replace(text=""), tuple(_carried(provider, _KEYS))))
    return [*found, claimant(ANONYMOUS)]


def kept_out(
    statements: Sequence[CompiledStatement], account: str, organization: str
) -> Conditions:
    """What the requests of outsiders carry to a resource of an account in an organization.

    None of the values that keep outsiders out, see `revet.iam.evaluate.confining`. It may be of
    another one where the statements say so, and nobody who asks is of such an organization.
    """
    found, said = [], {"aws:resourceaccount": [account], "aws:resourceorgid": [organization]}
    for one in (condition for statement in statements for condition in statement.conditions):
        fixed, used = FIXED.get(one.key), one.used
        if used is None or used.kind is Kind.NULL:
            continue
        said.get(one.key, []).extend(value.text for value in one.values)
        if fixed is None:
            continue
        record = condition_key(one.key)
        head = "ForAllValues:" if record is not None and record.multivalued else ""
        for value in (value.typed for value in one.values if fixed(value.typed)):
            if isinstance(value, Network):
                found.append(says(one.key, f"{head}NotIpAddress", value))
            elif isinstance(value, ArnGlob):
                found.append(says(one.key, f"{head}ArnNotLike", value))
            else:
                found.append(says(one.key, f"{head}StringNotLike", _as_glob(value)))
    found += [_is(key, *texts) for key, texts in said.items()]
    return (*found, _is_not("aws:principalorgid", "", *said["aws:resourceorgid"]))


def _as_glob(value: object) -> Glob:
    if not isinstance(value, Glob):
        return Glob.literal(str(value), ignore_case=True)
    organization = organization_of(value)
    return Glob.of((organization, ANY)) if organization else value


def naming(caller: Caller, statement: CompiledStatement, *, bounded: bool = False) -> Naming:
    """How a statement names a caller.

    Args:
        caller: who asks.
        statement: of a policy with principals or without; the latter is about whoever has it.
        bounded: whether the caller has a permissions boundary, from which `NotPrincipal` with
            `Deny` spares nobody.
    """
    principals = statement.principals
    if principals is None:
        return Naming(itself=True)
    each = [_named(caller, term) for term in principals.terms]
    itself, behind, account = (any(one[at] for one in each) for at in range(3))
    role, perhaps = behind and bool(caller.role), any(one.perhaps for one in each)
    if not principals.negated:
        return Naming(itself, behind, account, perhaps and not (itself or account or role))
    member = caller.has_account and caller.kind is not CallerKind.ROOT
    if statement.deny and bounded and member:
        return Naming(itself=True)
    everyone = any(term.kind is PrincipalKind.EVERYONE for term in principals.terms)
    if everyone or (not statement.deny and (itself or account or role)):
        return Naming()
    if statement.deny and (itself or any(_is_of(caller, term) for term in principals.terms)):
        steps = [itself, *[account] * member, *[role] * bool(caller.role)]
        return Naming(perhaps=not all(steps))
    if statement.deny:
        perhaps = any(one.perhaps and not one.behind for one in each)
    return Naming(not perhaps, perhaps=perhaps)


def _named(caller: Caller, term: PrincipalTerm) -> Naming:
    kind, same = term.kind, caller.has_account and term.account == caller.account != ""
    if kind is PrincipalKind.ACCOUNT:
        root = caller.kind is CallerKind.ROOT
        return Naming(itself=same and root, account=same and not root)
    if kind is PrincipalKind.ROLE:
        return Naming(behind=same and term.name == caller.role != "")
    if kind is PrincipalKind.CANONICAL_USER:
        return Naming(perhaps=caller.has_account)
    if kind is PrincipalKind.UNREADABLE:
        return Naming(perhaps=_could_be(caller, term.text))
    user = same and caller.kind is CallerKind.FEDERATED_USER and kind is PrincipalKind.USER
    itself = kind is PrincipalKind.EVERYONE or (bool(term.name) and term.name == caller.text)
    return Naming(itself, behind=user, perhaps=user)


def _could_be(caller: Caller, text: str) -> bool:
    """Whether what cannot be read could name a caller."""
    account = caller.account or _ANY_ACCOUNT
    texts = [caller.text] if caller.text or not caller.has_account else [f"arn:*:*::{account}:*"]
    if caller.has_account:
        texts += [account, f"arn:*:iam::{account}:root", caller.role_arn]
    if caller.role:
        texts.append(f"arn:*:iam::{account}:role/*{caller.role}")
    pattern = Glob.parse(text).loosened()
    return any(pattern.overlaps(Glob.parse(one, variables=False)) for one in texts if one)


def _is_of(caller: Caller, term: PrincipalTerm) -> bool:
    """Whether a session is named of a role of which it is not known which session calls."""
    if term.kind is not PrincipalKind.SESSION or caller.text != caller.role_arn or not caller.role:
        return False
    named = read_caller(term.text)
    return (named.account, named.role) == (caller.account, caller.role)
