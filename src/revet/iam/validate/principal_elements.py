"""The two elements that name principals."""

from __future__ import annotations

from revet.iam.validate.place import Place
from revet.iam.validate.written import WrittenStatement

PRINCIPAL_ELEMENTS = ("Principal", "NotPrincipal")
PRINCIPAL_KEYS = ("AWS", "CanonicalUser", "Federated", "Service")
"""Source: IAM User Guide, "AWS JSON policy elements: Principal"."""


def principal_places(statement: WrittenStatement) -> tuple[tuple[str, Place], ...]:
    """The elements of the statement that name principals, with their values' places."""
    return tuple(
        (name, statement.element_place(name))
        for name in PRINCIPAL_ELEMENTS
        if name in statement.members
    )
