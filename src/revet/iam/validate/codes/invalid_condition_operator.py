"""Conditions use operators that exist."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.operators import OPERATORS, read_operator
from revet.iam.reference import similar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of_key
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject)
def invalid_condition_operator(statement: StatementSubject) -> Hits:
    """A name that is none of AWS's operators, with or without qualifier and `IfExists`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Condition")
    if not isinstance(node, JsonObject):
        return
    path: Path = (*statement.path, ("value", "Condition"))
    for member in node.members:
        if read_operator(member.name) is None:
            near = similar(member.name, OPERATORS)
            advice = f" Did you mean {near}?" if near else " Use one of AWS's operators."
            yield hit(
                f"The condition operator {quoted(member.name)} does not exist.{advice}",
                place_of_key(path, member),
            )
