"""What is seen of a resource policy without a proof: that it grants nothing to outsiders.

Most policies name services, or accounts and what is in them, and no caller outside of these is any
of them. It is a module of its own, as the prover takes long to load.
"""

from __future__ import annotations

from revet.iam.compiled.principals import PrincipalKind, compile_principal
from revet.iam.document import PolicyDocument, Principal, Statement

_INSIDE = frozenset(
    (
        PrincipalKind.ACCOUNT,
        PrincipalKind.USER,
        PrincipalKind.ROLE,
        PrincipalKind.SESSION,
        PrincipalKind.FEDERATED_USER,
    )
)
_SERVICES = ".amazonaws.com"


def is_closed(document: PolicyDocument) -> bool:
    """Whether no statement grants anything to a caller outside of the accounts that it names.

    It says so of fewer policies than a proof does, and never of one that a proof says otherwise of.

    Args:
        document: the policy of a resource.
    """
    return not document.oddities and all(map(_is_closed, document.statements))


def _is_closed(statement: Statement) -> bool:
    if statement.effect == "Deny":
        return True
    named = statement.principals
    return bool(named) and not statement.not_principals and all(map(_is_inside, named))


def _is_inside(principal: Principal) -> bool:
    term = compile_principal(principal)
    is_service = term.kind is PrincipalKind.SERVICE and term.name.endswith(_SERVICES)
    return is_service or term.kind in _INSIDE
