"""What is wrong with a statement of a key policy: whom it admits, and to what."""

from __future__ import annotations

from revet.gate.readings.kms.callers import (
    CREATE_GRANT,
    Caller,
    caller,
    denied,
    given,
    limits_grants,
    limits_service,
    names_callers,
    uses,
)
from revet.iam.compiled.policy import CompiledPolicy, CompiledStatement
from revet.iam.document import Principal
from revet.model.errors import UnknownValueError
from revet.model.finding import quoted
from revet.plan import Inventory

_MANY = (Caller.ACCOUNT, Caller.ANYBODY, Caller.FOREIGN)
_RESOLVE = "name the roles, users and services that use the key, one by one"


def too_wide(
    statement: CompiledStatement,
    policy: CompiledPolicy,
    account: str,
    inventory: Inventory,
    path: str,
) -> str:
    """What is wrong with whom a statement of a key policy admits; empty where nothing is.

    Args:
        statement: to judge.
        policy: that it belongs to, with what is denied.
        account: id of the key's own account; empty where it is not known.
        inventory: the key belongs to.
        path: of the policy, for messages.

    Raises:
        UnknownValueError: it cannot be told.
    """
    if statement.deny:
        return ""
    problems = [statement.problem, *[condition.problem for condition in statement.conditions]]
    for problem in filter(None, problems):
        why = f"AWS would not take it: {problem}"
        raise UnknownValueError(path, why=why, resolve="correct the policy")
    principals = statement.source.principals
    if not principals:
        return "lets in all but those that it names"
    always, at_all = denied(policy.statements)
    allowed = given(statement) - always
    used = uses(statement) - always
    for principal in principals:
        kind = caller(principal, account, inventory)
        if kind is Caller.UNCLEAR:
            why = f"whom `{principal.value}` means is not known"
            raise UnknownValueError(path, why=why, resolve=_RESOLVE)
        if kind in _MANY and names_callers(statement):
            kind = Caller.NAMED
        fault = _of(kind, principal, statement, used) if allowed else ""
        if fault:
            about = {Caller.ACCOUNT: used, Caller.NAMED: {CREATE_GRANT}}.get(kind, allowed)
            if about <= at_all:
                why = f"{fault}, and what is denied may take that away"
                raise UnknownValueError(path, why=why, resolve=_RESOLVE)
            return fault
    return ""


def _of(
    kind: Caller, principal: Principal, statement: CompiledStatement, used: frozenset[str]
) -> str:
    """What is wrong with what a principal of a kind is given."""
    who = f"`{principal.value}`"
    if kind in (Caller.ANYBODY, Caller.FOREIGN):
        return f"lets in {who}, and names nobody there"
    if kind is Caller.SERVICE:
        return "" if limits_service(statement) else f"lets {who} act for whomever it likes"
    if limits_grants(statement):
        used -= {CREATE_GRANT}
    if kind is Caller.NAMED:
        return f"lets {who} make grants for anybody" if CREATE_GRANT in used else ""
    return f"leaves to IAM who may {quoted(sorted(used))}" if used else ""
