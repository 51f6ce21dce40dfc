"""A statement's list of principals is not empty."""

from __future__ import annotations

from revet.iam.document_json import JsonArray, JsonObject
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject, types=WITH_PRINCIPAL)
def empty_array_principal(statement: StatementSubject) -> Hits:
    """`[]` as the element itself or under one of its keys.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in PRINCIPAL_ELEMENTS:
        node = statement.element(name)
        path: Path = (*statement.path, ("value", name))
        if isinstance(node, JsonArray) and not node.items:
            yield hit(f"{name} is an empty list. Name principals.", place_of(path, node))
        elif isinstance(node, JsonObject):
            for member in node.members:
                if isinstance(member.value, JsonArray) and not member.value.items:
                    yield hit(
                        f"{name} {quoted(member.name)} is an empty list. Name principals, or "
                        "remove the key.",
                        place_of((*path, ("value", member.name)), member.value),
                    )
