"""A statement's map of principals is not empty."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject, types=WITH_PRINCIPAL)
def empty_object_principal(statement: StatementSubject) -> Hits:
    """`Principal` or `NotPrincipal` with `{}`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in PRINCIPAL_ELEMENTS:
        node = statement.element(name)
        if isinstance(node, JsonObject) and not node.members:
            yield hit(
                f"{name} is empty. Name principals, for example under the key AWS.",
                statement.element_place(name),
            )
