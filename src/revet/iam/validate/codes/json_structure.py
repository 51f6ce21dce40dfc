"""The JSON that a policy is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from revet.iam.document_json import JsonArray, JsonNode, JsonObject, JsonScalar
from revet.iam.validate.finding import Hit, Hits, Level, check, hit, printable, quoted
from revet.iam.validate.place import Value
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
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
    for holder in _objects(policy):
        seen: set[str] = set()
        for key in holder.keys:
            if key.name in seen:
                yield hit(
                    f"The name {quoted(key.name)} appears more than once here, and only the last "
                    "value counts. Keep one.",
                    key.place,
                )
            seen.add(key.name)


def _objects(value: Value) -> Iterator[Value]:
    if value.keys:
        yield value
    for inner in (*(key.value for key in value.keys), *value.items()):
        yield from _objects(inner)


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
        if name in policy.elements and policy.string_of(name) is None:
            yield _mismatch(name, "a string", policy.elements[name])
    value = policy.elements.get("Statement")
    if value is not None and isinstance(value.node, JsonScalar):
        yield _mismatch("Statement", "an object or a list of objects", value)
    elif value is not None:
        for item in _misfits(value, lambda node: isinstance(node, JsonObject)):
            yield _mismatch("A statement", "an object", item)
    for statement in policy.statements:
        yield from _in_statement(statement)


def _in_statement(statement: WrittenStatement) -> Iterator[Hit]:
    for name, value in statement.elements.items():
        if name == "Condition":
            yield from _condition(value)
        elif _is_string(value.node):
            continue
        elif name in ("Sid", "Effect"):
            yield _mismatch(name, "a string", value)
        elif name in _STRINGS:
            yield from _strings(name, value)
        elif name in PRINCIPAL_ELEMENTS:
            for key in value.keys:
                yield from _strings(f"{name} {quoted(key.name)}", key.value)
            if isinstance(value.node, JsonScalar):
                yield _mismatch(name, 'an object or "*"', value)


def _strings(name: str, value: Value) -> Iterator[Hit]:
    for item in _misfits(value, _is_string):
        if isinstance(value.node, JsonArray):
            yield _mismatch(f"A value of {name}", "a string", item)
        else:
            yield _mismatch(name, "a string or a list of strings", item)


def _condition(condition: Value) -> Iterator[Hit]:
    if not isinstance(condition.node, JsonObject):
        yield _mismatch("Condition", "an object", condition)
    for operator in condition.keys:
        if not isinstance(operator.member.value, JsonObject):
            yield _mismatch("A condition operator", "an object", operator.value)
        for key in operator.value.keys:
            for item in _misfits(key.value, _is_value):
                yield _mismatch("A condition value", _CONDITION_VALUE, item)


def _misfits(value: Value, fits: Callable[[JsonNode], bool]) -> list[Value]:
    """The values of a list, or the only value, that do not fit."""
    node = value.node
    if all(map(fits, node.items)) if isinstance(node, JsonArray) else fits(node):
        return []
    return [item for item in value.items() if not fits(item.node)] or [value]


def _is_string(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and isinstance(node.value, str)


def _is_value(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and node.value is not None


def _mismatch(name: str, expected: str, value: Value) -> Hit:
    return hit(f"{name} is {_json_type(value.node)}. Write {expected}.", value.place)


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
