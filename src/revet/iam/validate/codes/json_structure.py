"""The JSON that a policy is made of."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.document_json import JsonArray, JsonNode, JsonObject, JsonScalar
from revet.iam.validate.check import Hit, Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Path, place_of, place_of_key
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.quoted import printable, quoted
from revet.iam.validate.reading import UnreadableText
from revet.iam.validate.written import WrittenPolicy, WrittenStatement


@check(Level.ERROR)
def json_syntax_error(unreadable: UnreadableText) -> Hits:
    """A text that is not a JSON object is not a policy.

    Whatever cannot be read.
    """
    yield hit(f"Correct the JSON: {printable(unreadable.problem)}.", unreadable.place)


@check(Level.ERROR, source="RFC 8259, section 4: Objects")
def revet_duplicate_member(policy: WrittenPolicy) -> Hits:
    """A name that appears twice in one JSON object: all but the last value are lost.

    RFC 8259 leaves open what happens then; readers of JSON take the last one, so that a statement
    can say something else than what a reviewer reads first.

    In the policy, a statement, a principal or a condition; in exactly the same spelling.
    """
    if not policy.json.repeats:
        return
    for path, node in _objects((), policy.root):
        for member in node.duplicates():
            yield hit(
                f"The name {quoted(member.name)} appears more than once here, and only the last "
                "value counts. Keep one.",
                place_of_key(path, member),
            )


def _objects(path: Path, node: JsonNode) -> Iterator[tuple[Path, JsonObject]]:
    if isinstance(node, JsonObject):
        yield path, node
        for member in node.members:
            if not isinstance(member.value, JsonScalar):
                yield from _objects((*path, ("value", member.name)), member.value)
    elif isinstance(node, JsonArray):
        for number, item in enumerate(node.items):
            if not isinstance(item, JsonScalar):
                yield from _objects((*path, ("index", number)), item)


_STRINGS = ("Action", "NotAction", "Resource", "NotResource")
_CONDITION_VALUE = "a string, number or Boolean"


@check(Level.ERROR, source="Grammar of the IAM JSON policy language")
def data_type_mismatch(policy: WrittenPolicy) -> Hits:
    """Every element has the JSON type that the policy grammar gives it.

    Looks at what the grammar calls string, list, object; numbers and booleans in conditions.

    A `Principal` that is a list is `INVALID_PRINCIPAL_FORMAT`; values of several types under one
    condition key are `INVALID_CONDITION_DATA_TYPE`.
    """
    for name in ("Version", "Id"):
        member = policy.members.get(name)
        if member is not None and not _is_string(member.value):
            yield _mismatch(name, "a string", (("value", name),), member.value)
    member = policy.members.get("Statement")
    if member is not None:
        path: Path = (("value", "Statement"),)
        if isinstance(member.value, JsonScalar):
            yield _mismatch("Statement", "an object or a list of objects", path, member.value)
        elif isinstance(member.value, JsonArray):
            for number, item in enumerate(member.value.items):
                if not isinstance(item, JsonObject):
                    yield _mismatch("A statement", "an object", (*path, ("index", number)), item)
    for statement in policy.statements:
        yield from _in_statement(statement)


def _in_statement(statement: WrittenStatement) -> Iterator[Hit]:
    for name, member in statement.members.items():
        if name == "Condition":
            yield from _condition((*statement.path, ("value", name)), member.value)
        elif not _is_string(member.value):
            path: Path = (*statement.path, ("value", name))
            if name in ("Sid", "Effect"):
                yield _mismatch(name, "a string", path, member.value)
            elif name in _STRINGS:
                yield from _strings(name, path, member.value)
            elif name in PRINCIPAL_ELEMENTS:
                yield from _principal(name, path, member.value)


def _strings(name: str, path: Path, node: JsonNode) -> Iterator[Hit]:
    if isinstance(node, JsonArray):
        for number, item in enumerate(node.items):
            if not _is_string(item):
                yield _mismatch(f"A value of {name}", "a string", (*path, ("index", number)), item)
    elif not _is_string(node):
        yield _mismatch(name, "a string or a list of strings", path, node)


def _principal(name: str, path: Path, node: JsonNode) -> Iterator[Hit]:
    if isinstance(node, JsonObject):
        for member in node.members:
            key = f"{name} {quoted(member.name)}"
            yield from _strings(key, (*path, ("value", member.name)), member.value)
    elif isinstance(node, JsonScalar):
        yield _mismatch(name, 'an object or "*"', path, node)


def _condition(path: Path, node: JsonNode) -> Iterator[Hit]:
    if not isinstance(node, JsonObject):
        yield _mismatch("Condition", "an object", path, node)
        return
    for operator in node.members:
        block: Path = (*path, ("value", operator.name))
        if not isinstance(operator.value, JsonObject):
            yield _mismatch("A condition operator", "an object", block, operator.value)
            continue
        for member in operator.value.members:
            if isinstance(member.value, JsonArray):
                for number, item in enumerate(member.value.items):
                    if not _is_value(item):
                        steps: Path = (*block, ("value", member.name), ("index", number))
                        yield _mismatch("A condition value", _CONDITION_VALUE, steps, item)
            elif not _is_value(member.value):
                steps = (*block, ("value", member.name))
                yield _mismatch("A condition value", _CONDITION_VALUE, steps, member.value)


def _is_string(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and isinstance(node.value, str)


def _is_value(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and node.value is not None


def _mismatch(name: str, expected: str, path: Path, node: JsonNode) -> Hit:
    return hit(f"{name} is {_json_type(node)}. Write {expected}.", place_of(path, node))


def _json_type(node: JsonNode) -> str:
    if isinstance(node, JsonObject):
        return "an object"
    if isinstance(node, JsonArray):
        return "a list"
    if isinstance(node.value, str):
        return "a string"
    if node.value is None:
        return "null"
    return "a Boolean" if isinstance(node.value, bool) else "a number"
