"""From a file in HCL syntax to blocks and expressions; parsing runs nothing.

tree-sitter gives the tree. A file that it cannot read without a doubt is refused as a whole.
Source: HCL native syntax specification; the node types of tree-sitter-hcl.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from revet.model.work import spend
from revet.plan.source.syntax import (
    ITEM,
    Argument,
    Block,
    Body,
    Conditional,
    Constant,
    Element,
    For,
    FunctionCall,
    Member,
    Name,
    ObjectSyntax,
    Operation,
    SourceError,
    Splat,
    Syntax,
    Text,
    TupleSyntax,
)
from revet.plan.source.template import Directive, Piece, assemble, unescaped

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_WRAPPERS = frozenset({"expression", "literal_value", "collection_value", "for_expr"})
_STEPS = frozenset({"get_attr", "index", "splat"})
_SKIPPED = frozenset({"comment", "ERROR"})
_MOST_DEPTH = 80
_MOST_BLOCKS_DEEP = 40
_MOST_DIGITS = 100
_MOST_STEPS = 100
_WHOLE = re.compile(rb"[0-9]+")


def read_hcl(content: bytes, file: str, parsing: Parser) -> Body:
    """Read a file.

    Args:
        content: in UTF-8.
        file: its name, for lines and messages.
        parsing: as `parser` gives it.

    Raises:
        SourceError: it cannot be read, or not without a doubt.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")  # Terraform skips a byte order mark too
    root = parsing.parse(content).root_node
    if root.has_error:
        raise SourceError(f"{file}:{_broken_line(root)}", "a syntax that is not understood")
    for child in root.named_children:
        if child.type == "body":
            return _body(child, file, 0)
    return Body()


def read_template(text: str, file: str, parsing: Parser) -> Syntax:
    """Read a text as the template that it is in JSON syntax or in a file of its own.

    Args:
        text: the template; no escapes but `$${` and `%%{`.
        file: for messages.
        parsing: as `parser` gives it.

    Raises:
        SourceError: it is not understood.
    """
    if "${" not in text and "%{" not in text:
        return Constant(text)
    mark = "EOT"
    while mark in text:
        mark += "_"
    root = parsing.parse(f"x = <<{mark}\n{text}\n{mark}\n".encode()).root_node
    if root.has_error:
        raise SourceError(file, "a template that is not understood")
    found = _expression(_only(root, "body").named_children[0].named_children[-1], file, 0)
    return _without_last_newline(found)


def _without_last_newline(syntax: Syntax) -> Syntax:
    """Undo the line end that a heredoc needs."""
    if isinstance(syntax, Constant):
        return Constant(str(syntax.value)[:-1])
    if isinstance(syntax, Text) and isinstance(syntax.parts[-1], Constant):
        last = str(syntax.parts[-1].value)[:-1]
        parts = (*syntax.parts[:-1], *((Constant(last),) if last else ()))
        return parts[0] if len(parts) == 1 else Text(parts)
    return syntax


def _broken_line(root: Node) -> int:
    waiting, lines = [root], []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            lines.append(node.start_point[0] + 1)
        elif node.has_error:
            waiting.extend(node.children)
    return min(lines, default=1)


def _body(node: Node, file: str, depth: int) -> Body:
    if depth > _MOST_BLOCKS_DEEP:
        raise SourceError(f"{file}:{node.start_point[0] + 1}", "blocks nested too deep")
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for child in node.named_children:
        spend()
        line = child.start_point[0] + 1
        if child.type == "attribute":
            names = child.named_children
            name = _text(names[0])
            if name in arguments:
                raise SourceError(f"{file}:{line}", f"the argument `{name}` twice")
            value = names[-1]
            arguments[name] = Argument(partial(_expression, value, file, 0), file, line)
        elif child.type == "block":
            blocks.append(_block(child, file, line, depth))
    return Body(arguments, tuple(blocks))


def _block(node: Node, file: str, line: int, depth: int) -> Block:
    names: list[str] = []
    inside = Body()
    for child in node.named_children:
        if child.type == "identifier":
            names.append(_text(child))
        elif child.type == "string_lit":
            label = _text(child)[1:-1]
            if "\\" in label or "${" in label or "%{" in label:
                raise SourceError(f"{file}:{line}", f"a label with an escape: `{label}`")
            names.append(label)
        elif child.type == "body":
            inside = _body(child, file, depth + 1)
    return Block(names[0], tuple(names[1:]), inside, file, line)


def _expression(node: Node, file: str, depth: int) -> Syntax:
    spend()
    where = f"{file}:{node.start_point[0] + 1}"
    if depth > _MOST_DEPTH:
        raise SourceError(where, "an expression nested too deep")
    if node.type in _WRAPPERS:
        return _steps(_inner(node), file, depth)
    if node.type not in _FORMS:
        raise SourceError(where, f"`{_text(node)[:60]}` is not understood")
    return _FORMS[node.type](node, file, depth)


def _variable(node: Node, _file: str, _depth: int) -> Syntax:
    return Name(_text(node))


def _boolean(node: Node, _file: str, _depth: int) -> Syntax:
    return Constant(_text(node) == "true")


def _null(_node: Node, _file: str, _depth: int) -> Syntax:
    return Constant(None)


def _first(node: Node, file: str, depth: int) -> Syntax:
    return _expression(_inner(node)[0], file, depth)


def _tuple(node: Node, file: str, depth: int) -> Syntax:
    items = [item for item in _inner(node) if item.type == "expression"]
    return TupleSyntax(tuple(_expression(item, file, depth + 1) for item in items))


def _object(node: Node, file: str, depth: int) -> Syntax:
    elements = [item for item in _inner(node) if item.type == "object_elem"]
    return ObjectSyntax(tuple(_member(item, file, depth + 1) for item in elements))


def _conditional(node: Node, file: str, depth: int) -> Syntax:
    condition, yes, no = (_expression(item, file, depth + 1) for item in _inner(node))
    return Conditional(condition, yes, no)


def _steps(nodes: list[Node], file: str, depth: int) -> Syntax:
    """A value with attributes, indices and splats behind it."""
    if len(nodes) > _MOST_STEPS:
        where = f"{file}:{nodes[0].start_point[0] + 1}"
        raise SourceError(where, f"a reference of more than {_MOST_STEPS} parts")
    found = _expression(nodes[0], file, depth + 1)
    for at, node in enumerate(nodes[1:], 1):
        if node.type not in _STEPS:
            raise SourceError(f"{file}:{node.start_point[0] + 1}", "an expression of two parts")
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
            found = Member(found, _text(children[0]))
        elif node.type == "index":
            kind = children[0]
            if kind.type == "legacy_index":
                found = Element(found, Constant(int(_text(kind)[1:])))
            else:
                found = Element(found, _expression(_inner(kind)[0], file, depth + 1))
        else:
            raise SourceError(f"{file}:{node.start_point[0] + 1}", "a splat inside of a splat")
    return found


def _number(node: Node, file: str, _depth: int) -> Syntax:
    raw = node.text or b""
    if len(raw) > _MOST_DIGITS:
        raise SourceError(f"{file}:{node.start_point[0] + 1}", "a number of too many digits")
    value = int(raw) if _WHOLE.fullmatch(raw) else float(raw)
    if not math.isfinite(value):
        raise SourceError(f"{file}:{node.start_point[0] + 1}", "a number beyond every double")
    return Constant(value)


def _member(node: Node, file: str, depth: int) -> tuple[Syntax, Syntax]:
    key, value = _inner(node)
    words = _inner(key)
    if len(words) == 1 and words[0].type == "variable_expr":
        name: Syntax = Constant(_text(words[0]))
    else:
        name = _expression(key, file, depth)
        if isinstance(name, Constant) and not isinstance(name.value, str):
            name = Constant(json.dumps(name.value))
    return name, _expression(value, file, depth)


def _call(node: Node, file: str, depth: int) -> Syntax:
    children = _inner(node)
    name = "::".join(_text(child) for child in children if child.type == "identifier")
    given = [child for child in children if child.type == "function_arguments"]
    inner = _inner(given[0]) if given else []
    arguments = [child for child in inner if child.type == "expression"]
    expand = any(child.type == "ellipsis" for child in inner)
    return FunctionCall(
        name, tuple(_expression(item, file, depth + 1) for item in arguments), expand
    )


def _operation(node: Node, file: str, depth: int) -> Syntax:
    """The operator is the one child without a name; what stands around it are the operands."""
    sides: list[list[Node]] = [[]]
    operator = ""
    for child in _inner(node)[0].children:
        if child.type in _SKIPPED or child.type in "()":
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
    results = [_expression(n, file, depth + 1) for n in children if n.type == "expression"]
    conditions = [n for n in children if n.type == "for_cond"]
    condition = _expression(_inner(conditions[0])[0], file, depth + 1) if conditions else None
    if len(results) == 1:
        return For(key, item, each, results[0], condition=condition)
    grouped = any(n.type == "ellipsis" for n in children)
    return For(key, item, each, results[1], results[0], condition, grouped)


def _intro(node: Node, file: str, depth: int) -> tuple[str, str, Syntax]:
    children = _inner(node)
    names = [_text(child) for child in children if child.type == "identifier"]
    each = next(child for child in children if child.type == "expression")
    found = _expression(each, file, depth + 1)
    return (names[0], names[1], found) if len(names) > 1 else ("", names[0], found)


def _quoted(node: Node, file: str, depth: int) -> Syntax:
    start, end = node.start_byte + 1, node.end_byte - 1
    pieces = _pieces(node, start, end, file, depth)
    try:
        done = [unescaped(piece) if isinstance(piece, str) else piece for piece in pieces]
    except ValueError as error:
        raise SourceError(f"{file}:{node.start_point[0] + 1}", str(error)) from error
    return assemble(done, file)


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
    value = _expression(inner[0], file, depth + 1) if inner else None
    names = [_text(child) for child in children if child.type == "identifier"]
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
    "string_lit": _quoted,
    "template_expr": _first,
    "tuple": _tuple,
    "variable_expr": _variable,
}


def _inner(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _SKIPPED]


def _only(node: Node, kind: str) -> Node:
    return next(child for child in node.named_children if child.type == kind)


def _text(node: Node) -> str:
    return (node.text or b"").decode()
