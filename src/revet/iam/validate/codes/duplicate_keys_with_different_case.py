"""A condition key stands once under an operator; case does not count."""

from __future__ import annotations

from revet.iam.document_json import JsonObject, Member
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of_key
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject)
def duplicate_keys_with_different_case(statement: StatementSubject) -> Hits:
    """The same key again in another case, tag keys included.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Condition")
    if not isinstance(node, JsonObject):
        return
    for operator in node.members:
        block = operator.value
        if not isinstance(block, JsonObject) or len(block.members) <= 1:
            continue
        spellings: dict[str, list[Member]] = {}
        for member in block.members:
            spellings.setdefault(member.name.lower(), []).append(member)
        path: Path = (*statement.path, ("value", "Condition"), ("value", operator.name))
        for same in spellings.values():
            if len({member.name for member in same}) > 1:
                yield hit(
                    f"The condition key {quoted(same[0].name)} stands under "
                    f"{quoted(operator.name)} {len(same)} times in different case. "
                    "AWS takes them for one key. Put all its values under one of them.",
                    *(place_of_key(path, member) for member in same),
                )
