"""The blocks of one file of Terraform's language, in either of its two forms.

Only the structure is read: which blocks there are, with which labels, arguments and inner blocks.
Values stay source text, except where they are written out. A file that cannot be read without a
doubt is refused: what Terraform would find in it must never be more than what is found here.

Source: Terraform, "Syntax Configuration" and "JSON Configuration Syntax"; HCL, `json/spec.md`.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from revet.model.errors import InputError, PrerequisiteError, reason

if TYPE_CHECKING:
    from tree_sitter import Node

_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "check": 1,
    "module": 1,
    "output": 1,
    "provider": 1,
    "variable": 1,
}
"""How many labels a block of the language has, at the top of a file; others have none."""

_INNER_LABELS = {"backend": 1, "provisioner": 1, "dynamic": 1, "method": 2, "key_provider": 2}
"""The same inside of another block."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A value, as it is written.

    Args:
        text: HCL source; what JSON writes as text is a template in quotes here.
        known: whether it is written out: no reference, function or template in it.
        value: what is written out, in JSON's types; None otherwise.
        json: the JSON value, where the file is JSON.
        fields: of an object that is written out, the value of each key that is a plain name.
    """

    text: str
    known: bool = False
    value: Any = None
    json: Any = None
    fields: Mapping[str, Expression] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether it is a text that is written out."""
        return self.known and isinstance(self.value, str)


@dataclass(frozen=True, slots=True)
class Block:
    """A block.

    Args:
        kind: its keyword.
        labels: after the keyword.
        arguments: name to value; in JSON inner blocks are here too, since only the provider's
            schema tells the two apart.
        blocks: inner blocks, the content of `dynamic` ones under the name that they generate.
        where: the file, and in HCL the line.
        generated: whether a `dynamic` block makes it, any number of times.
    """

    kind: str
    labels: tuple[str, ...]
    arguments: dict[str, Expression]
    blocks: tuple[Block, ...]
    where: str
    generated: bool = False

    def inner(self, kind: str) -> tuple[Block, ...]:
        """The inner blocks of a kind; in JSON every object that could be one.

        Args:
            kind: keyword.
        """
        written = tuple(block for block in self.blocks if block.kind == kind)
        argument = self.arguments.get(kind)
        if argument is None or argument.json is None:
            return written
        labels = _INNER_LABELS.get(kind, 0)
        return (*written, *_json_blocks(kind, argument.json, labels, self.where))


def read_blocks(path: Path) -> tuple[Block, ...]:
    """Read the blocks of a file.

    Args:
        path: ends in `.json` where it is JSON.

    Raises:
        InputError: it cannot be read, or not without a doubt.
        PrerequisiteError: it is HCL, and the parser is not installed.
    """
    try:
        content = _content(path)
    except OSError as error:
        raise _unreadable(str(path), reason(error)) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(str(path), "not UTF-8") from error
    if path.name.endswith(".json"):
        return tuple(_json_file(text, str(path)))
    return tuple(_hcl_file(content, str(path)))


def _content(path: Path) -> bytes:
    """What a file holds; a pipe in its place would keep us waiting for ever."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a file")
        return file.read()


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every pair that is written; a key may come twice."""


def _json_file(content: str, where: str) -> Iterator[Block]:
    try:
        data = json.loads(content, object_pairs_hook=_Pairs, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _unreadable(where, str(error)) from error
    for body in _objects(data, where):
        for kind, value in body:
            if kind == "//":
                continue
            yield from _json_blocks(kind, value, _LABELS.get(kind, 0), where)


def _no_constant(name: str) -> None:
    raise ValueError(f"`{name}` is not JSON")


def _json_blocks(kind: str, value: object, labels: int, where: str) -> Iterator[Block]:
    if labels:
        for body in _objects(value, where):
            for label, inner in body:
                if label == "//":
                    continue
                for block in _json_blocks(kind, inner, labels - 1, where):
                    yield Block(
                        kind, (label, *block.labels), block.arguments, block.blocks, block.where
                    )
        return
    for body in _objects(value, where):
        yield _json_block(kind, body, where)


def _json_block(kind: str, body: _Pairs, where: str) -> Block:
    arguments: dict[str, Expression] = {}
    blocks: list[Block] = []
    for name, value in body:
        if name == "//":
            continue
        if name == "dynamic":
            for block in _json_blocks("dynamic", value, 1, where):
                blocks.extend(
                    Block(
                        block.labels[0],
                        (),
                        content.arguments,
                        content.blocks,
                        where,
                        generated=True,
                    )
                    for content in block.inner("content")
                )
        if name in arguments:  # two of a kind: blocks; an argument may come once only
            blocks.extend(_json_blocks(name, value, _INNER_LABELS.get(name, 0), where))
            continue
        arguments[name] = _json_expression(value)
    return Block(kind, (), arguments, tuple(blocks), where)


def _objects(value: object, where: str) -> Iterator[_Pairs]:
    """The objects that a body may be written as: one, or a list of several."""
    if value is None:
        return
    if isinstance(value, _Pairs):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, where)
    elif not isinstance(value, str | int | float | bool):  # a plain value is an argument
        raise _unreadable(where, f"`{type(value).__name__}` where a block is expected")


def _json_expression(value: object) -> Expression:
    known = not any("${" in text or "%{" in text for text in _texts(value))
    plain = _plain(value)
    try:
        text = json.dumps(plain, ensure_ascii=False)
    except (ValueError, RecursionError):
        text, known = "", False
    fields = (
        {key: _json_expression(item) for key, item in value} if isinstance(value, _Pairs) else {}
    )
    return Expression(text, known, plain if known else None, value, fields)


def _plain(value: object) -> object:
    if isinstance(value, _Pairs):
        return {key: _plain(item) for key, item in value if key != "//"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, _Pairs):
        for key, item in value:
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _hcl_file(content: bytes, where: str) -> Iterator[Block]:
    try:
        import tree_sitter_hcl  # noqa: PLC0415 - only where HCL is read
        from tree_sitter import Language, Parser  # noqa: PLC0415 - same
    except ImportError as error:
        raise PrerequisiteError(
            "the parser of Terraform's language is not installed",
            where=where,
            got=str(error),
            expected="the packages `tree-sitter` and `tree-sitter-hcl`",
            do="`pip install 'revet[embedded]'`, or `'revet[aws]'` for a real account",
        ) from error
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]  # Terraform skips a byte order mark too
    tree = Parser(Language(tree_sitter_hcl.language())).parse(content)
    root = tree.root_node
    if root.has_error:
        line = min((node.start_point[0] for node in _broken(root)), default=0) + 1
        raise _unreadable(f"{where}:{line}", "a syntax that is not understood")
    for body in root.named_children:
        if body.type == "body":
            yield from _hcl_blocks(body, where)
        elif body.type != "comment":
            raise _unreadable(where, f"`{body.type}` where blocks are expected")


def _broken(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting.extend(node.children)


def _hcl_blocks(body: Node, where: str) -> Iterator[Block]:
    for node in body.named_children:
        if node.type == "block":
            yield from _hcl_block(node, where)


def _hcl_block(node: Node, where: str) -> Iterator[Block]:
    names: list[str] = []
    inside: Node | None = None
    place = f"{where}:{node.start_point[0] + 1}"
    for child in node.named_children:
        if child.type == "identifier":
            names.append(_text(child))
        elif child.type == "string_lit":
            names.append(_label(child, place))
        elif child.type == "body":
            inside = child
    kind, *labels = names
    arguments = _hcl_arguments(inside) if inside is not None else {}
    blocks = list(_hcl_blocks(inside, where)) if inside is not None else []
    if kind == "dynamic" and labels:
        for content in blocks:
            if content.kind == "content":
                yield Block(labels[0], (), content.arguments, content.blocks, place, generated=True)
        return
    yield Block(kind, tuple(labels), arguments, tuple(blocks), place)


def _hcl_arguments(body: Node) -> dict[str, Expression]:
    return {
        _text(node.named_children[0]): _hcl_expression(node.named_children[-1])
        for node in body.named_children
        if node.type == "attribute"
    }


def _hcl_expression(node: Node) -> Expression:
    text = _text(node)
    inner = node
    while inner.named_child_count == 1 and inner.type in _WRAPPERS:
        inner = inner.named_children[0]
    if inner.type == "string_lit":
        return _hcl_text(inner, text)
    if inner.type == "bool_lit":
        return Expression(text, known=True, value=_text(inner) == "true")
    if inner.type == "null_lit":
        return Expression(text, known=True)
    if inner.type == "tuple":
        items = [_hcl_expression(child) for child in inner.named_children if child.is_named]
        items = [item for item in items if item.text not in "[]"]
        known = all(item.known for item in items)
        return Expression(text, known, [item.value for item in items] if known else None)
    if inner.type == "object":
        return Expression(text, fields=dict(_fields(inner)))
    return Expression(text)


def _hcl_text(node: Node, text: str) -> Expression:
    parts = [child for child in node.named_children if child.type == "template_literal"]
    value = "".join(map(_text, parts))
    known = not ("\\" in value or "${" in value or "%{" in value)
    return Expression(text, known, value if known else None)


def _fields(node: Node) -> Iterator[tuple[str, Expression]]:
    for child in node.named_children:
        if child.type == "object_elem":
            name = _hcl_expression(child.named_children[0])
            key = name.value if name.is_text else name.text
            yield str(key), _hcl_expression(child.named_children[-1])


_WRAPPERS = frozenset({"expression", "literal_value", "collection_value"})


def _label(node: Node, where: str) -> str:
    text = _text(node)[1:-1]
    if "\\" in text or "${" in text or "%{" in text:
        raise _unreadable(where, f"a label with an escape: `{text}`")
    return text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8")


def _unreadable(where: str, got: str) -> InputError:
    return InputError(
        "a Terraform file cannot be read without a doubt",
        where=where,
        got=got,
        expected="Terraform's language, in the form that `terraform fmt` writes, or its JSON form",
        do="correct it: what revet cannot read it does not run",
    )
