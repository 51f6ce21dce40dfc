"""What a plan to create has otherwise than its configuration says.

The provider may drop a value that it takes for the default (`aws_s3_bucket.acl`), or keep it in a
form of its own (`user_data`); whoever reads the attribute cannot tell which it is. What is
write-only is null in every plan.

HCL syntax leaves references only, and `var.on` looks like `!var.on` there: nothing is compared with
what these come to. Blocks may be a set, planned in any order, and
`dynamic` ones are not in a plan's configuration, so that more may be planned than written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from revet.model.work import spend
from revet.plan.configuration import is_leaf
from revet.plan.expression import (
    Expression,
    Literal,
    ObjectExpression,
    Template,
    Traversal,
    TupleExpression,
)
from revet.plan.missing_values import Gap
from revet.plan.provider_facts import Defaults
from revet.plan.strength import names_resource
from revet.plan.template import of_leaf

Resolve: TypeAlias = Callable[[Expression], Expression]
_NONE: tuple[object, ...] = (None, "", [], {})
_WRITE_ONLY = "_wo"
_NO_DEFAULTS = Defaults()
_JSON = "{["
_KNOWN = ("var.", "each.", "count.", "local.", "module.")
"""Roots of references that may come to a constant."""


def contradictions(
    written: Mapping[str, Any],
    values: Mapping[str, Any],
    marks: object,
    resolve: Resolve,
    defaults: Defaults,
) -> dict[str, Any]:
    """Marks of what is planned otherwise than the configuration says.

    Args:
        written: the `expressions` of a resource, or of a block of it.
        values: attribute to planned value.
        marks: Terraform's, of what is not known.
        resolve: resolves an expression of the resource.
        defaults: what is planned where nothing is written; an attribute that they do not name may
            have any value then.
    """
    found: dict[str, Any] = dict(_unwritten(written, values, defaults))
    for name, node in written.items():
        mark = _at(marks, name)
        if name not in values or mark is True or name.endswith(_WRITE_ONLY):
            continue
        inner = defaults.blocks.get(name, _NO_DEFAULTS)
        gap = _of_node(node, values[name], mark, resolve, inner)
        if gap:
            found[name] = gap
    return found


def _unwritten(
    written: Mapping[str, Any], values: Mapping[str, Any], defaults: Defaults
) -> Iterator[tuple[str, Gap]]:
    """Marks of what is planned otherwise than the provider's default lets it be.

    An attribute that is not written has the default, and one that is written has a value even
    where that comes to null: Terraform's SDK puts the default there.
    """
    for name, default in defaults.values.items():
        if name not in written:
            if values.get(name) not in (None, default):
                yield name, Gap.UNWRITTEN
        elif values.get(name, default) is None and default not in _NONE:
            yield name, Gap.DROPPED


def _of_node(
    node: Any,  # noqa: ANN401 - of a configuration
    value: Any,  # noqa: ANN401 - any JSON value
    marks: object,
    resolve: Resolve,
    defaults: Defaults,
) -> Any:  # noqa: ANN401 - marks
    if isinstance(node, Mapping) and is_leaf(node):
        if _lacks_text(node.get("constant_value"), value):
            return Gap.ANOTHER
        expression = _constant(node, value, resolve)
        return None if expression is None else _compared(expression, value)
    blocks = node if isinstance(node, list) else [node]
    if not isinstance(value, list) or not all(isinstance(block, Mapping) for block in blocks):
        return None
    if not value:
        parts = [part for block in blocks for part in block.values()]
        lost = any(_of_node(part, value, None, resolve, defaults) for part in parts)
        return Gap.ANOTHER if lost else None
    planned = _Planned(value, marks, defaults)
    several = len(blocks) > 1 or len(value) != 1
    for number, block in enumerate(blocks):
        found = planned.nearest(block, number, resolve)
        if found:
            return Gap.ANOTHER if several else [found]
    return None


@dataclass(slots=True)
class _Planned:
    """The planned blocks of one name.

    Args:
        items: the blocks.
        marks: of what is not known in them.
        defaults: what is planned where a block does not say it.
    """

    items: Sequence[Any]
    marks: object
    defaults: Defaults
    _by_text: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def nearest(self, block: Mapping[str, Any], place: int, resolve: Resolve) -> dict[str, Any]:
        """What the planned block that a written one comes nearest to has otherwise."""
        nearest: dict[str, Any] = {}
        for number in self._likely(block, place):
            item, mark = self.items[number], _at(self.marks, number)
            if mark is True or not isinstance(item, Mapping):
                return {}
            spend()
            nearest = contradictions(block, item, mark, resolve, self.defaults)
            if not nearest:
                return {}
        return nearest

    def _likely(self, block: Mapping[str, Any], place: int) -> Iterator[int]:
        """Numbers of the blocks: at the same place, then those that share a constant, then all."""
        size = len(self.items)
        if place < size:
            yield place
        fewest: Sequence[int] = range(size)
        for name, node in block.items() if size > 1 else ():
            text = node.get("constant_value") if isinstance(node, Mapping) else None
            if isinstance(text, str):
                own = self._texts(name).get(text, ())
                fewest = own if 0 < len(own) < len(fewest) else fewest
        yield from fewest
        if len(fewest) < size:
            yield from range(size)

    def _texts(self, name: str) -> dict[str, list[int]]:
        if name not in self._by_text:
            spend(len(self.items))
            found = self._by_text[name] = {}
            for number, item in enumerate(self.items):
                text = item.get(name) if isinstance(item, Mapping) else None
                if isinstance(text, str):
                    found.setdefault(text, []).append(number)
        return self._by_text[name]


def _constant(node: Mapping[str, Any], value: object, resolve: Resolve) -> Expression | None:
    """What an expression comes to, as far as it is compared; `None` for what is not."""
    references = node.get("references") or ()
    if "constant_value" not in node:
        return None
    constant = node["constant_value"]
    if not references or isinstance(constant, int | float):  # no reference stands in a number
        return None if constant == value else of_leaf({"constant_value": constant})
    lost = isinstance(value, Mapping) and any(item in _NONE for item in value.values())
    if value not in _NONE and not lost and not all(map(_may_be_constant, references)):
        return None
    return resolve(of_leaf(node))


def _has_parts(expression: Expression) -> bool:
    return isinstance(expression, (TupleExpression, ObjectExpression))


def _lacks_text(template: object, value: object) -> bool:
    """Whether a planned text has not what its template begins and ends with, case and blanks aside.

    Documents are left out: providers write them anew.
    """
    if not (isinstance(template, str) and isinstance(value, str) and value):
        return False
    if "${" not in template or "$${" in template or "%{" in template or template[:1] in _JSON:
        return False
    head, tail = template.partition("${")[0], template.rpartition("}")[2]
    text = value.strip().lower()
    return not (text.startswith(head.lstrip().lower()) and text.endswith(tail.rstrip().lower()))


def _may_be_constant(reference: str) -> bool:
    return reference.startswith(_KNOWN)


def _compared(expression: Expression, value: Any) -> Any:  # noqa: ANN401 - JSON, marks
    if value in _NONE and not (isinstance(value, str) and _has_parts(expression)):
        is_off = isinstance(expression, Literal) and expression.value in (False, 0)
        unlike = is_off and (value is None or value == "")
        return Gap.DROPPED if unlike or _is_plain(expression) else None
    match expression:
        case _ if isinstance(value, str) and _has_parts(expression):
            return Gap.ANOTHER
        case Literal(constant):
            return Gap.ANOTHER if _is_another(constant, value) else None
        case TupleExpression(items) if isinstance(value, list):
            texts = {_text(item).lower() for item in value}
            constants = [_text(item.value).lower() for item in items if isinstance(item, Literal)]
            lost = any(text and text[:1] not in _JSON and text not in texts for text in constants)
            whole = len(constants) == len(items)
            more = whole and all(map(_is_scalar, value)) and not texts <= {*constants, ""}
            return Gap.ANOTHER if lost or more else None
        case ObjectExpression(members) if isinstance(value, Mapping):
            found = {
                str(key.value): _compared(item, value.get(str(key.value)))
                for key, item in members
                if isinstance(key, Literal)
            }
            return {key: gap for key, gap in found.items() if gap}
        case _:
            return None


def _is_another(constant: object, value: object) -> bool:
    """Whether a scalar is another one: some providers trim or write small letters.

    Terraform converts `1`, `"1"` and truth values to the kind that is asked for.
    """
    if not _is_scalar(value):
        return constant is None and isinstance(value, list)
    if constant is None:
        return False
    text, planned = _text(constant), _text(value)
    if text[:1] in _JSON and text:
        return False
    if isinstance(constant, str) and isinstance(value, str):
        return planned not in (text, text.lower())
    return planned.lower() != text.lower()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value).strip()


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _is_plain(expression: Expression) -> bool:
    """Whether an expression certainly comes to a value that is not empty."""
    match expression:
        case Literal(value):
            return bool(value)
        case TupleExpression(items):
            return bool(items) and all(map(_is_plain, items))
        case ObjectExpression(members):
            return bool(members) and all(_is_plain(item) for _, item in members)
        case Template(parts):
            return any(map(_is_plain, parts))
        case Traversal(text):
            return names_resource(text)
        case _:
            return False


def _at(marks: Any, key: str | int) -> Any:  # noqa: ANN401 - marks
    if marks is True:
        return True
    if isinstance(marks, Mapping):
        return marks.get(key)
    if isinstance(marks, list) and isinstance(key, int) and key < len(marks):
        return marks[key]
    return None
