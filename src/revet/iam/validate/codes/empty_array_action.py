"""A statement's list of actions is not empty."""

from __future__ import annotations

from revet.iam.document_json import JsonArray
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def empty_array_action(statement: StatementSubject) -> Hits:
    """`Action` or `NotAction` with `[]`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in ("Action", "NotAction"):
        node = statement.element(name)
        if isinstance(node, JsonArray) and not node.items:
            yield hit(
                f"{name} is an empty list, so that the statement does nothing that its author can "
                "have meant. Name actions.",
                statement.element_place(name),
            )
