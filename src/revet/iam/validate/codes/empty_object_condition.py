"""A condition that is there says something."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def empty_object_condition(statement: StatementSubject) -> Hits:
    """`Condition` with `{}`, or an operator with `{}`; AWS documents only the first.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Condition")
    if not isinstance(node, JsonObject):
        return
    path: Path = (*statement.path, ("value", "Condition"))
    if not node.members:
        yield hit(
            "The condition is empty and changes nothing. Write one, or remove it.",
            place_of(path, node),
        )
    for member in node.members:
        if isinstance(member.value, JsonObject) and not member.value.members:
            yield hit(
                f"The operator {quoted(member.name)} has no keys and changes nothing. Write them, "
                "or remove it.",
                place_of((*path, ("value", member.name)), member.value),
            )
