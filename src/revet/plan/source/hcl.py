"""From a file in HCL syntax to blocks and expressions; parsing runs nothing.

tree-sitter gives the tree. A file that it cannot read without a doubt is refused as a whole.
Source: HCL native syntax specification; the node types of tree-sitter-hcl.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from revet.model.work import spend
from revet.plan.source.hcl_expression import expression_of, place_of, text_of_node
from revet.plan.source.syntax import (
    Argument,
    Block,
    Body,
    Constant,
    SourceError,
    Syntax,
    Text,
)

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_MOST_BLOCKS_DEEP = 40


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
    root = parsing.parse(content + b"\n").root_node  # a heredoc may end the file
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
    found = expression_of(_only(root, "body").named_children[0].named_children[-1], file, 0)
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
        raise SourceError(place_of(node, file), "blocks nested too deep")
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for child in node.named_children:
        spend()
        line = child.start_point[0] + 1
        if child.type == "attribute":
            names = child.named_children
            name = text_of_node(names[0])
            if name in arguments:
                raise SourceError(f"{file}:{line}", f"the argument `{name}` twice")
            value = names[-1]
            arguments[name] = Argument(partial(expression_of, value, file, 0), file, line)
        elif child.type == "block":
            blocks.append(_block(child, file, line, depth))
    return Body(arguments, tuple(blocks))


def _block(node: Node, file: str, line: int, depth: int) -> Block:
    names: list[str] = []
    inside = Body()
    for child in node.named_children:
        if child.type == "identifier":
            names.append(text_of_node(child))
        elif child.type == "string_lit":
            label = text_of_node(child)[1:-1]
            if "\\" in label or "${" in label or "%{" in label:
                raise SourceError(f"{file}:{line}", f"a label with an escape: `{label}`")
            names.append(label)
        elif child.type == "body":
            inside = _body(child, file, depth + 1)
    return Block(names[0], tuple(names[1:]), inside, file, line)


def _only(node: Node, kind: str) -> Node:
    return next(child for child in node.named_children if child.type == kind)
