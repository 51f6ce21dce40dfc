"""Expressions in HCL syntax, from the tree that tree-sitter gives.

Source: HCL native syntax specification; the node types of tree-sitter-hcl.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from revet.model.work import spend
from revet.plan.source.syntax import (
    ITEM,
    Conditional,
    Constant,
    Element,
    For,
    FunctionCall,
    Group,
    Member,
    Name,
    ObjectSyntax,
    Operation,
    SourceError,
    Splat,
    Syntax,
    TupleSyntax,
)
from revet.plan.source.template import Directive, Piece, assemble, unescaped

if TYPE_CHECKING:
    from tree_sitter import Node

_WRAPPERS = frozenset({"expression", "literal_value", "collection_value", "for_expr"})
_STEPS = frozenset({"get_attr", "index", "splat"})
_MOST_DEPTH = 80
_MOST_DIGITS = 100
_MOST_STEPS = 100
_SIGN = re.compile(r"[\\$%]")
_WHOLE = re.compile(rb"[0-9]+")


def expression_of(node: Node, file: str, depth: int) -> Syntax:
    """The expression of a node.

    Args:
        node: of the tree.
        file: for messages.
        depth: how many expressions it is inside of.

    Raises:
        SourceError: its form is not understood, or it is nested too deep.
    """
    spend()
    if depth > _MOST_DEPTH:
        raise SourceError(place_of(node, file), "an expression nested too deep")
    kind = node.type
    if kind in _WRAPPERS:
        return _steps(_inner(node), file, depth)
    if kind not in _FORMS:
        raise SourceError(place_of(node, file), f"`{text_of_node(node)[:60]}` is not understood")
    return _FORMS[kind](node, file, depth)


def place_of(node: Node, file: str) -> str:
    """`file:line` of a node."""
    return f"{file}:{node.start_point[0] + 1}"


def _variable(node: Node, _file: str, _depth: int) -> Syntax:
    return Name(text_of_node(node))


def _boolean(node: Node, _file: str, _depth: int) -> Syntax:
    return Constant(text_of_node(node) == "true")


def _null(_node: Node, _file: str, _depth: int) -> Syntax:
    return Constant(None)


def _first(node: Node, file: str, depth: int) -> Syntax:
    return expression_of(_inner(node)[0], file, depth)


def _tuple(node: Node, file: str, depth: int) -> Syntax:
    items = [item for item in _inner(node) if item.type == "expression"]
    return TupleSyntax(tuple(expression_of(item, file, depth + 1) for item in items))


def _object(node: Node, file: str, depth: int) -> Syntax:
    elements = [item for item in _inner(node) if item.type == "object_elem"]
    return ObjectSyntax(tuple(_member(item, file, depth + 1) for item in elements))


def _conditional(node: Node, file: str, depth: int) -> Syntax:
    condition, yes, no = (expression_of(item, file, depth + 1) for item in _inner(node))
    return Conditional(condition, yes, no)


def _steps(nodes: list[Node], file: str, depth: int) -> Syntax:
    """A value with attributes, indices and splats behind it."""
    if len(nodes) > _MOST_STEPS:
        where = place_of(nodes[0], file)
        raise SourceError(where, f"a reference of more than {_MOST_STEPS} parts")
    found = expression_of(nodes[0], file, depth + 1)
    if len(nodes) == 1:
        return found
    if nodes[0].type == "expression":
        found = Group(found)
    for at, node in enumerate(nodes[1:], 1):
        if node.type not in _STEPS:
            raise SourceError(place_of(node, file), "an expression of two parts")
        if node.type == "splat":
            kind = _inner(node)[0]
            body = _walked(Name(ITEM), _inner(kind), file, depth)
            rest = nodes[at + 1 :]
            if kind.type == "full_splat":
                return Splat(found, _walked(body, rest, file, depth))
            return _walked(Splat(found, body), rest, file, depth)
        found = _walked(found, [node], file, depth)
    return found


def _walked(found: Syntax, nodes: list[Node], file: str, depth: int) -> Syntax:
    for node in nodes:
        children = _inner(node)
        if node.type == "get_attr":
            found = Member(found, text_of_node(children[0]))
        elif node.type == "index":
            kind = children[0]
            if kind.type == "legacy_index":
                found = Element(found, Constant(int(text_of_node(kind)[1:])))
            else:
                found = Element(found, expression_of(_inner(kind)[0], file, depth + 1))
        else:
            raise SourceError(place_of(node, file), "a splat inside of a splat")
    return found


def _number(node: Node, file: str, _depth: int) -> Syntax:
    raw = node.text or b""
    if len(raw) > _MOST_DIGITS:
        raise SourceError(place_of(node, file), "a number of too many digits")
    value = int(raw) if _WHOLE.fullmatch(raw) else float(raw)
    if not math.isfinite(value):
        raise SourceError(place_of(node, file), "a number beyond every double")
    return Constant(value)


def _member(node: Node, file: str, depth: int) -> tuple[Syntax, Syntax]:
    key, value = _inner(node)
    words = _inner(key)
    if len(words) == 1 and words[0].type == "variable_expr":
        name: Syntax = Constant(text_of_node(words[0]))
    else:
        name = expression_of(key, file, depth)
        if isinstance(name, Constant) and not isinstance(name.value, str):
            name = Constant(json.dumps(name.value))
    return name, expression_of(value, file, depth)


def _call(node: Node, file: str, depth: int) -> Syntax:
    children = _inner(node)
    name = "::".join(text_of_node(child) for child in children if child.type == "identifier")
    given = [child for child in children if child.type == "function_arguments"]
    inner = _inner(given[0]) if given else []
    arguments = [child for child in inner if child.type == "expression"]
    expand = any(child.type == "ellipsis" for child in inner)
    return FunctionCall(
        name, tuple(expression_of(item, file, depth + 1) for item in arguments), expand
    )


def _operation(node: Node, file: str, depth: int) -> Syntax:
    """The operator is the one child without a name; what stands around it are the operands."""
    sides: list[list[Node]] = [[]]
    operator = ""
    for child in _inner(node)[0].children:
        if child.is_extra or child.type in "()":
            continue
        if child.is_named:
            sides[-1].append(child)
        else:
            operator = child.type
            sides.append([])
    operands = tuple(_steps(side, file, depth + 1) for side in sides if side)
    return Operation(operator, operands)


def _for(node: Node, file: str, depth: int) -> Syntax:
    children = _inner(node)
    key, item, each = _intro(next(n for n in children if n.type == "for_intro"), file, depth)
    results = [expression_of(n, file, depth + 1) for n in children if n.type == "expression"]
    conditions = [n for n in children if n.type == "for_cond"]
    condition = expression_of(_inner(conditions[0])[0], file, depth + 1) if conditions else None
    if len(results) == 1:
        return For(key, item, each, results[0], condition=condition)
    grouped = any(n.type == "ellipsis" for n in children)
    return For(key, item, each, results[1], results[0], condition, grouped)


def _intro(node: Node, file: str, depth: int) -> tuple[str, str, Syntax]:
    children = _inner(node)
    names = [text_of_node(child) for child in children if child.type == "identifier"]
    each = next(child for child in children if child.type == "expression")
    found = expression_of(each, file, depth + 1)
    return (names[0], names[1], found) if len(names) > 1 else ("", names[0], found)


def _quoted(node: Node, file: str, depth: int) -> Syntax:
    start, end = node.start_byte + 1, node.end_byte - 1
    pieces = _pieces(node, start, end, file, depth)
    try:
        done = [unescaped(piece) if isinstance(piece, str) else piece for piece in pieces]
    except ValueError as error:
        raise SourceError(place_of(node, file), str(error)) from error
    return assemble(done, file)


def _plain(node: Node, file: str, depth: int) -> Syntax:
    """A text in quotes; most have nothing in them that means something."""
    text = text_of_node(node)
    return _quoted(node, file, depth) if _SIGN.search(text) else Constant(text[1:-1])


def _heredoc(node: Node, file: str, depth: int) -> Syntax:
    """The text between the line of the opening mark and that of the closing one."""
    opening, closing = (n for n in node.named_children if n.type == "heredoc_identifier")
    content = node.text or b""
    start = node.start_byte + content.index(b"\n", opening.end_byte - node.start_byte) + 1
    end = node.start_byte + content.rindex(b"\n", 0, closing.start_byte - node.start_byte) + 1
    pieces = _pieces(node, start, max(start, end), file, depth)
    return assemble(pieces, file, indented=content.startswith(b"<<-"))


def _pieces(node: Node, start: int, end: int, file: str, depth: int) -> list[Piece]:
    """Literal text, interpolations and directives; the text is what is between the others."""
    whole, offset = node.text or b"", node.start_byte
    found: list[Piece] = []
    at = start
    for special in _specials(node):
        if special.start_byte > at:
            found.append(whole[at - offset : special.start_byte - offset].decode())
        found.append(_directive(special, file, depth))
        at = special.end_byte
    if at < end:
        found.append(whole[at - offset : end - offset].decode())
    return found


_DIRECTIVES = {
    "template_if_intro": "if",
    "template_else_intro": "else",
    "template_if_end": "endif",
    "template_for_start": "for",
    "template_for_end": "endfor",
}


def _specials(node: Node) -> list[Node]:
    """Interpolations and directives in their order; directives hold others inside of them."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if item.type == "template_interpolation" or item.type in _DIRECTIVES:
            found.append(item)
        else:
            waiting.extend(item.named_children)
    return sorted(found, key=lambda item: item.start_byte)


def _directive(node: Node, file: str, depth: int) -> Directive:
    children = _inner(node)
    text = node.text or b""
    left, right = text[2:3] == b"~", text[-2:-1] == b"~"
    inner = [child for child in children if child.type == "expression"]
    value = expression_of(inner[0], file, depth + 1) if inner else None
    names = [text_of_node(child) for child in children if child.type == "identifier"]
    return Directive(_DIRECTIVES.get(node.type, ""), value, tuple(names), left, right)


_FORMS: Mapping[str, Callable[[Node, str, int], Syntax]] = {
    "bool_lit": _boolean,
    "conditional": _conditional,
    "for_object_expr": _for,
    "for_tuple_expr": _for,
    "function_call": _call,
    "heredoc_template": _heredoc,
    "null_lit": _null,
    "numeric_lit": _number,
    "object": _object,
    "operation": _operation,
    "quoted_template": _quoted,
    "string_lit": _plain,
    "template_expr": _first,
    "tuple": _tuple,
    "variable_expr": _variable,
}


def _inner(node: Node) -> list[Node]:
    return [child for child in node.named_children if not child.is_extra]  # comments


def text_of_node(node: Node) -> str:
    """A node as it is written."""
    return (node.text or b"").decode()
