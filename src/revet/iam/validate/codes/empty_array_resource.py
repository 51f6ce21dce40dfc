"""A statement's list of resources is not empty."""

from __future__ import annotations

from revet.iam.document_json import JsonArray
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_RESOURCE
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject, types=WITH_RESOURCE)
def empty_array_resource(statement: StatementSubject) -> Hits:
    """`Resource` or `NotResource` with `[]`; a trust policy must not have them at all.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in ("Resource", "NotResource"):
        node = statement.element(name)
        if isinstance(node, JsonArray) and not node.items:
            yield hit(
                f"{name} is an empty list, so that the statement does nothing that its author can "
                "have meant. Name resources.",
                statement.element_place(name),
            )
