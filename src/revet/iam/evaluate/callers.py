"""Which statements name a caller, and how directly.

Sources: IAM User Guide, "AWS JSON policy elements: Principal", "AWS JSON policy elements:
NotPrincipal" and "Policy evaluation logic" (what a policy grants to a role is limited by the
role's boundary and session policies, what it grants to a session or user is not, what it grants to
an account waits for that account's own policies).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from revet.iam.compiled.principals import PrincipalKind, PrincipalSet, PrincipalTerm
from revet.iam.evaluate.request import Caller, CallerKind
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob

_ODD = (PrincipalKind.UNREADABLE, PrincipalKind.CANONICAL_USER)


class Named(NamedTuple):
    """The statements that name a caller, as bits.

    Args:
        direct: by itself, or with everyone.
        limited: by the role behind the session, or the user behind the federated user.
        account: by its account.
        maybe: those of which it is not known; some of them are among `limited`, too.
    """

    direct: int
    limited: int
    account: int
    maybe: int

    @property
    def all(self) -> int:
        """Those that name it in one way or the other, as far as can be told."""
        return self.direct | self.limited | self.account


def _key(term: PrincipalTerm) -> str:
    """What a term is found under: unlike for all kinds but services and identity providers.

    Amazon Cognito's name is that of a service and of a provider.
    """
    if term.kind is PrincipalKind.EVERYONE:
        return "*"
    if term.kind is PrincipalKind.ACCOUNT:
        return term.account
    if term.kind is PrincipalKind.ROLE:
        return f"{term.account}/{term.name}"
    if term.kind in _ODD or term.kind is PrincipalKind.GONE:
        return ""
    return term.name


def _own_keys(caller: Caller) -> tuple[str, str, str]:
    """Keys of terms that name a caller directly, through its role, through its account."""
    if caller.kind is CallerKind.SESSION:
        return caller.text, f"{caller.account}/{caller.role}", caller.account
    if caller.kind is CallerKind.ROOT:
        return caller.account, "", ""
    return caller.text, "", caller.account


class CallerIndex:
    """The principals of many statements.

    Args:
        sets: one a statement, `None` for a statement without principals; statement `i` is bit `i`.
        deny: the statements that deny.
    """

    __slots__ = ("_free", "_odd", "_table", "_users")

    def __init__(self, sets: Sequence[PrincipalSet | None], deny: int) -> None:
        self._free = 0
        self._table: dict[str, int] = {}
        self._users: dict[str, int] = {}
        odd: list[tuple[int, PrincipalSet, bool]] = []
        for place, principals in enumerate(sets):
            bit = 1 << place
            if principals is None:
                self._free |= bit
            elif principals.negated:
                odd.append((bit, principals, bool(deny & bit)))
            else:
                for term in principals.terms:
                    key = _key(term)
                    if key:
                        self._table[key] = self._table.get(key, 0) | bit
                    if term.kind is PrincipalKind.USER:
                        self._users[term.account] = self._users.get(term.account, 0) | bit
                if any(term.kind in _ODD for term in principals.terms):
                    odd.append((bit, principals, bool(deny & bit)))
        self._odd = tuple(odd)

    def find(self, caller: Caller, *, bounded: bool = False) -> Named:
        """The statements that name a caller.

        Args:
            caller: who asks.
            bounded: whether a permissions boundary is attached to the user or role.
        """
        if not (self._table or self._odd):
            return Named(self._free, 0, 0, 0)
        bounded = bounded and caller.has_account and caller.kind is not CallerKind.ROOT
        table = self._table
        direct = self._free | table.get("*", 0)
        limited = account = maybe = 0
        if table:
            own, role, of_account = _own_keys(caller)
            direct |= table.get(own, 0)
            limited = table.get(role, 0)
            account = table.get(of_account, 0)
            if caller.kind is CallerKind.FEDERATED_USER:  # its user is not known from its ARN
                limited = maybe = self._users.get(caller.account, 0)
        for bit, principals, denies in self._odd:
            if not principals.negated:
                if _may_be(caller, principals):
                    maybe |= bit
                continue
            outside = (denies and bounded) or _outside(caller, principals, denies=denies)
            if outside:
                direct |= bit
            elif outside is None:
                maybe |= bit
        sure = direct | account | (limited if caller.role else 0)
        return Named(direct, limited, account, maybe & ~sure)


def _may_be(caller: Caller, principals: PrincipalSet) -> bool:
    """Whether a term that cannot be read could name the caller."""
    texts, head = [Glob.literal(caller.text)], ""
    if caller.has_account:
        head = f"arn:{caller.text.split(':')[1]}:iam::{caller.account}:"
        texts += [Glob.literal(caller.account), Glob.literal(f"{head}root")]
    if caller.role:
        path = (ANY,) if not caller.role_arn else ()
        texts.append(Glob.of((f"{head}role/", *path, caller.role)))
        if caller.role_arn:
            texts.append(Glob.literal(caller.role_arn))
    for term in principals.terms:
        if term.kind is PrincipalKind.CANONICAL_USER and caller.has_account:
            return True
        if term.kind is PrincipalKind.UNREADABLE:
            glob = Glob.parse(term.text).loosened()
            if any(glob.overlaps(text) for text in texts):
                return True
    return False


def _outside(caller: Caller, principals: PrincipalSet, *, denies: bool) -> bool | None:
    """Whether a caller is none of those that `NotPrincipal` names.

    A denial spares only who is named at each step: AWS may look at the account first, then at the
    user, or at the role and then at the session. So whoever is not named itself is denied, whatever
    else of its account is named; who is named itself but not at each step, is not known. It never
    spares a user or role with a permissions boundary ("AWS JSON policy elements: NotPrincipal", key
    points), which `find` looks at.
    """
    keys = {_key(term) for term in principals.terms} - {""}
    if "*" in keys:
        return False
    own, role, account = _own_keys(caller)
    if not denies:
        if any(key in keys for key in (own, role, account)):
            return False
        behind = caller.kind is CallerKind.FEDERATED_USER and any(
            term.kind is PrincipalKind.USER and term.account == caller.account
            for term in principals.terms
        )
        return None if behind or _may_be(caller, principals) else True
    named = own in keys or _session_named(caller, principals)
    if not named:
        return None if _may_be(caller, principals) else True
    return False if all(key in keys for key in (own, role, account) if key) else None


def _session_named(caller: Caller, principals: PrincipalSet) -> bool:
    """Whether a session is named of a role of which it is not known which session calls."""
    if caller.kind is not CallerKind.SESSION or caller.text != caller.role_arn:
        return False
    head = f":assumed-role/{caller.role}/"
    return any(
        term.kind is PrincipalKind.SESSION and term.account == caller.account and head in term.text
        for term in principals.terms
    )
