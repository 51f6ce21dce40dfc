"""The two elements that name principals."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.validate.place import Value
from revet.iam.validate.written import WrittenStatement

PRINCIPAL_ELEMENTS = ("Principal", "NotPrincipal")
PRINCIPAL_KEYS = ("AWS", "CanonicalUser", "Federated", "Service")
"""Source: IAM User Guide, "AWS JSON policy elements: Principal"."""


def principal_values(statement: WrittenStatement) -> Iterator[tuple[str, Value]]:
    """The elements of the statement that name principals, with their values."""
    for name in PRINCIPAL_ELEMENTS:
        if name in statement.elements:
            yield name, statement.elements[name]
