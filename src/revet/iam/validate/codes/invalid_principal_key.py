"""A principal's kind is one that the policy language knows."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import place_of_key
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS, PRINCIPAL_KEYS
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=WITH_PRINCIPAL)
def invalid_principal_key(statement: StatementSubject) -> Hits:
    """Any other key, in exactly this case.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in PRINCIPAL_ELEMENTS:
        node = statement.element(name)
        if isinstance(node, JsonObject):
            for member in node.members:
                if member.name not in PRINCIPAL_KEYS:
                    yield hit(
                        f"There is no kind of principal {quoted(member.name)}. Use "
                        f"{', '.join(PRINCIPAL_KEYS)}.",
                        place_of_key((*statement.path, ("value", name)), member),
                    )
