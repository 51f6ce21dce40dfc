"""Whom a statement of a key policy lets in, and to what.

A service that is limited by the ARN of what it acts for is limited to an account where the ARN
names one; the ARNs of buckets name none, so that they must name the bucket.

Sources: IAM User Guide, "The confused deputy problem"; KMS Developer Guide, "Default key policy",
"Key policies in AWS KMS"; Service Authorization Reference, KMS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from revet.gate.readings.iam.administration import names_action
from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.principals import PrincipalKind, compile_principal
from revet.iam.document import Principal
from revet.iam.operators import Kind, Relation
from revet.iam.reference.actions import match_actions
from revet.iam.symbol import is_exact, replace_symbols, symbols
from revet.plan import Inventory

CREATE_GRANT = "kms:creategrant"
_USES = (
    "kms:decapsulate",
    "kms:decrypt",
    "kms:derivesharedsecret",
    "kms:encapsulate",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatedatakeywithoutplaintext",
    "kms:generatemac",
    "kms:reencryptfrom",
    "kms:reencryptto",
    "kms:sign",
    "kms:verify",
    "kms:verifymac",
)
"""Cryptographic actions on a key."""
_READS = re.compile(r"kms:(describe|get|list)[a-z]*\*?", re.IGNORECASE)
_IDS = ("aws:sourceaccount", "aws:sourceorgid", "kms:calleraccount")
"""Keys that hold the id of an account or an organization: a pattern of ids is of anybody's."""
_PATHS = ("aws:sourceorgpaths", "/")
_VIA = ("kms:viaservice", ".")
_SOURCE = "aws:sourcearn"
_CONTEXT = "kms:encryptioncontext:"
_FIELDS = 6
_GRANTEE = "kms:granteeprincipal"
_FOR_AWS = "kms:grantisforawsresource"
_CALLER = "aws:principalarn"
_NAMED = (
    PrincipalKind.USER,
    PrincipalKind.ROLE,
    PrincipalKind.SESSION,
    PrincipalKind.FEDERATED_USER,
)
_OWN = re.compile(r"data\.aws_caller_identity\.[^.]+\.(?:account_id|id)$")
_PARTITION = re.compile(r"data\.aws_partition\.[^.]+\.(?:partition|id)$")
_FOUND = re.compile(r"(?:^|\.)data\.aws_iam_(?:role|user)\.[^.]+\.arn$")
_OF_IAM = ("aws_iam_role", "aws_iam_user")
_ANY_ACCOUNT = "000000000000"
_STAND_IN = "symbol"


class Caller(StrEnum):
    """What kind of principal a statement names."""

    ACCOUNT = "account"
    """The account of the key: whatever IAM allows its principals."""
    FOREIGN = "foreign"
    """Another account."""
    NAMED = "named"
    """A user, a role or a session."""
    SERVICE = "service"
    """A service of AWS."""
    ANYBODY = "anybody"
    """Everybody, an identity provider, or another that nobody named."""
    UNCLEAR = "unclear"


def caller(principal: Principal, account: str, inventory: Inventory) -> Caller:
    """What kind of principal a statement names.

    Args:
        principal: as written.
        account: of the key; empty where it is not known: then each account may be it.
        inventory: it belongs to.

    Raises:
        UnknownValueError: a reference in it may be anything.
    """
    inner = symbols(principal.value)
    if not all(map(is_exact, inner)):
        return Caller.UNCLEAR
    if len(inner) == 1 and principal.value == f"${{{inner[0]}}}" and not _OWN.search(inner[0]):
        named = inventory.symbol(principal.value)
        known = named is not None and named.type in _OF_IAM and inner[0].endswith(".arn")
        return Caller.NAMED if known or _FOUND.search(inner[0]) else Caller.UNCLEAR

    def word(name: str) -> str:
        if _OWN.search(name):
            return account or _ANY_ACCOUNT
        return "aws" if _PARTITION.search(name) else _STAND_IN

    term = compile_principal(Principal(principal.kind, replace_symbols(principal.value, word)))
    if term.kind is PrincipalKind.ACCOUNT:
        own = term.account in (account or term.account, _ANY_ACCOUNT)
        return Caller.ACCOUNT if own else Caller.FOREIGN
    if term.kind in (PrincipalKind.UNREADABLE, PrincipalKind.GONE):
        return Caller.UNCLEAR
    if term.kind in _NAMED:
        return Caller.NAMED
    return Caller.SERVICE if term.kind is PrincipalKind.SERVICE else Caller.ANYBODY


def uses(statement: CompiledStatement) -> frozenset[str]:
    """What a statement is about that uses a key: cryptographic actions, and to make grants."""
    return frozenset(one for one in (*_USES, CREATE_GRANT) if names_action(statement, one))


def given(statement: CompiledStatement) -> frozenset[str]:
    """All actions of KMS that a statement is about, in lower case."""
    return frozenset(one for one in _every_action() if names_action(statement, one))


@cache
def _every_action() -> tuple[str, ...]:
    return tuple(str(action).lower() for action in match_actions("kms:*"))


def accounts_of(statements: Iterable[CompiledStatement]) -> frozenset[str]:
    """The accounts that statements let in as a whole."""
    return frozenset(
        term.account
        for statement in statements
        if not statement.deny and statement.principals
        for term in statement.principals.terms
        if term.kind is PrincipalKind.ACCOUNT
    )


def limits_grants(statement: CompiledStatement) -> bool:
    """Whether grants under a statement are for resources of AWS's services, or named grantees."""
    return any(
        (condition.key == _FOR_AWS and _is_true(condition))
        or (condition.key == _GRANTEE and _is_narrow(condition) and not _has_pattern(condition))
        for condition in statement.conditions
    )


def names_callers(statement: CompiledStatement) -> bool:
    """Whether conditions let in none but callers that they name, pattern or not."""
    return any(
        condition.key == _CALLER and _is_narrow(condition) and not _has_pattern(condition)
        for condition in statement.conditions
    )


def limits_service(statement: CompiledStatement) -> bool:
    """Whether a service may act for an account, a resource or a context that is named alone."""
    if not statement.actions.negated and all(
        _READS.fullmatch(glob.text) for glob in statement.actions.globs
    ):
        return True
    return any(
        _is_narrow(condition)
        and all(_limits(condition.key, value.text) for value in condition.values)
        for condition in statement.conditions
    )


def _limits(key: str, text: str) -> bool:
    """Whether what a key is compared with is of some account, organization, service or context."""
    text = replace_symbols(text, lambda _: _STAND_IN)
    if key in _IDS:
        return not _is_pattern(text)
    for limiting, sign in (_PATHS, _VIA):
        if key == limiting:
            return not _is_pattern(text.partition(sign)[0])
    if key != _SOURCE and not key.startswith(_CONTEXT):
        return False
    fields = text.split(":", _FIELDS - 1)
    if text.startswith(_STAND_IN) or (fields[0] != "arn" and not _is_pattern(text)):
        return True
    if fields[0] != "arn" or len(fields) < _FIELDS or _is_pattern(fields[2]):
        return False
    return not _is_pattern(fields[4] or fields[5].partition("/")[0])


def denied(statements: Iterable[CompiledStatement]) -> tuple[frozenset[str], frozenset[str]]:
    """The actions that a policy denies everybody, always, and those that it denies at all."""
    always: set[str] = set()
    at_all: set[str] = set()
    for statement in statements:
        if not statement.deny:
            continue
        found = given(statement)
        at_all |= found
        terms = statement.principals.terms if statement.principals else ()
        everybody = any(term.kind is PrincipalKind.EVERYONE for term in terms)
        negated = statement.principals is not None and statement.principals.negated
        whole = not statement.conditions and not statement.problem
        whole = whole and any(glob.is_everything for glob in statement.resources.globs)
        if everybody and not negated and whole and not statement.resources.negated:
            always |= found
    return frozenset(always), frozenset(at_all)


def _is_narrow(condition: CompiledCondition) -> bool:
    """Whether a condition holds for some values alone, and not without the key."""
    used = condition.used
    return (
        used is not None
        and not condition.problem
        and used.kind in (Kind.STRING, Kind.ARN)
        and used.relation in (Relation.EQUALS, Relation.EQUALS_IGNORE_CASE, Relation.LIKE)
        and not used.negated
        and not condition.missing_holds
        and bool(condition.values)
        and all(
            value.text.strip("*?:/") not in ("", "arn") and not value.variables
            for value in condition.values
        )
    )


def _has_pattern(condition: CompiledCondition) -> bool:
    return any(_is_pattern(value.text) for value in condition.values)


def _is_pattern(text: str) -> bool:
    return bool(set("*?") & set(text))


def _is_true(condition: CompiledCondition) -> bool:
    used = condition.used
    return (
        used is not None
        and used.kind in (Kind.BOOL, Kind.STRING)
        and not used.negated
        and not condition.missing_holds
        and [value.text.lower() for value in condition.values] == ["true"]
    )
