"""`Null` asks whether a key is there; `IfExists` cannot be added."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.operators import Kind, read_operator
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of_key
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, needs="nullifexists")
def null_with_if_exists(statement: StatementSubject) -> Hits:
    """`NullIfExists`, with or without a qualifier.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Condition")
    if not isinstance(node, JsonObject):
        return
    path: Path = (*statement.path, ("value", "Condition"))
    for member in node.members:
        used = read_operator(member.name)
        if used is not None and used.operator.kind is Kind.NULL and used.if_exists:
            yield hit(
                f"{member.name} does not exist: Null itself asks whether the key is there. "
                "Remove IfExists.",
                place_of_key(path, member),
            )
