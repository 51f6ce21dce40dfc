"""`Null` asks whether a key is there; how many values it has does not matter."""

from __future__ import annotations

from revet.iam.document_json import JsonObject
from revet.iam.operators import Kind, Qualifier, read_operator
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of_key
from revet.iam.validate.subject import StatementSubject

_RESULT = {Qualifier.FOR_ALL_VALUES: "holds", Qualifier.FOR_ANY_VALUE: "does not hold"}


@check(Level.SUGGESTION, subject=StatementSubject, needs=":null")
def null_with_qualifier(statement: StatementSubject) -> Hits:
    """`ForAllValues:Null`, which always holds, and `ForAnyValue:Null`, which never does.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Condition")
    if not isinstance(node, JsonObject):
        return
    path: Path = (*statement.path, ("value", "Condition"))
    for member in node.members:
        used = read_operator(member.name)
        if used is not None and used.operator.kind is Kind.NULL and used.qualifier:
            yield hit(
                f"{member.name} {_RESULT[used.qualifier]} whatever the request holds. Write Null "
                "alone, or compare the values with StringLike.",
                place_of_key(path, member),
            )
