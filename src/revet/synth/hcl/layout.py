"""Lines of at most a width, laid out as `terraform fmt` lays them out.

Source: `hclwrite/format.go`, `formatCells`: which `=` are aligned.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from revet.synth.hcl.line import CLOSING, escaped, one_line, quoted, unquoted
from revet.synth.hcl.tree import (
    HEREDOC_END,
    Brackets,
    Computed,
    Heredoc,
    Member,
    Node,
    Row,
    Text,
    Word,
)

WIDTH = 120
_INDENT = "  "
_BREAKS = frozenset({"&&", "||", "?", ":"})


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value` in a body."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Comment:
    """A line of its own."""

    text: str


@dataclass(slots=True)
class Block:
    """A block.

    Args:
        head: its type and labels, as they are written.
        entries: what is in it; `None` is an empty line.
    """

    head: str
    entries: list[Assignment | Block | Comment | None] = field(default_factory=list)


Entry = Assignment | Block | Comment | None


def render(entries: Sequence[Entry], depth: int = 0) -> str:
    """The lines of a body or file; consecutive one-line assignments have their `=` aligned."""
    pad = _INDENT * depth
    lines: list[tuple[str, str] | str] = []
    for entry in entries:
        if entry is None:
            if lines and lines[-1]:
                lines.append("")
        elif isinstance(entry, Comment):
            lines.append(pad + entry.text)
        elif isinstance(entry, Assignment):
            lines.append(
                (pad + entry.name, laid_out(entry.value, len(pad + entry.name) + 3, depth))
            )
        elif entry.entries:
            lines.append(f"{pad}{entry.head} {{\n{render(entry.entries, depth + 1)}{pad}}}")
        else:
            lines.append(f"{pad}{entry.head} {{}}")
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in aligned(lines))


def aligned(lines: Sequence[tuple[str, str] | str]) -> Iterator[str]:
    """Join names and values; those of one line that follow each other are aligned.

    A heredoc counts as one line.
    """
    chain: list[tuple[str, str]] = []
    for line in (*lines, None):
        if isinstance(line, tuple) and (line[1].startswith("<<") or "\n" not in line[1]):
            chain.append(line)
            continue
        width = max((columns(name) for name, _ in chain), default=0)
        for name, value in chain:
            yield f"{name}{' ' * (width - columns(name))} = {value}"
        chain = []
        if line is not None:
            yield f"{line[0]} = {line[1]}" if isinstance(line, tuple) else line


def columns(name: str) -> int:
    """How many columns a text takes, as `terraform fmt` counts them: one each grapheme."""
    return sum(not unicodedata.combining(sign) for sign in name)


def laid_out(node: Node, column: int, depth: int, after: int = 0) -> str:
    """An expression, its further lines indented.

    Args:
        node: the expression.
        column: where it begins.
        depth: of the line that it begins in.
        after: characters that follow on its last line.
    """
    flat = one_line(node)
    fits = column + len(flat) + after <= WIDTH
    found = flat
    match node:
        case _ if fits and _stays_flat(node):
            pass
        case Heredoc(lines):
            inside = "".join(f"{_INDENT * (depth + 1)}{unquoted(line)}\n" for line in lines)
            found = f"<<-{HEREDOC_END}\n{inside}{_INDENT * depth}{HEREDOC_END}"
        case Text(whole=False):
            found = _long_text(node, flat, column, depth)
        case Brackets() if node.items:
            found = _broken(node, depth)
        case Row(items) if _is_call(node):
            found = _broken_call(items, flat, column, depth)
        case Row(items):
            found = _broken_row(items, column, depth)
    return found


def _stays_flat(node: Node) -> bool:
    """Whether a person would leave it on one line where it fits."""
    match node:
        case Heredoc():
            return False
        case Text(parts, whole):
            return whole or not _several_lines(parts)
        case Member(_, value):
            return _stays_flat(value)
        case Brackets(opening, items):
            return _is_small(node, opening) and all(map(_stays_flat, items))
        case Row(items):
            return all(map(_stays_flat, items))
    return True


def _is_small(node: Brackets, opening: str) -> bool:
    """Whether brackets hold so little that they are not opened: no object but one plain member."""
    if opening == "{" and not node.is_for:
        return len(node.items) <= 1 and all(map(_is_plain, node.items))
    objects = (item for item in node.items if isinstance(item, Brackets) and item.opening == "{")
    return opening != "[" or not any(objects)


def _is_plain(node: Node) -> bool:
    return isinstance(node, Member) and not isinstance(node.value, Brackets)


def _several_lines(parts: Sequence[str | Computed]) -> bool:
    return any(isinstance(part, str) and "\n" in part.rstrip("\n") for part in parts)


def _broken(node: Brackets, depth: int) -> str:
    """One item a line."""
    pad = _INDENT * (depth + 1)
    comma = "" if node.opening == "{" or node.is_for else ","
    lines: list[tuple[str, str] | str] = []
    for item in node.items:
        if isinstance(item, Member):
            name = pad + one_line(item.key)
            lines.append((name, laid_out(item.value, len(name) + 3, depth + 1)))
        else:
            lines.append(pad + laid_out(item, len(pad), depth + 1, len(comma)) + comma)
    if node.opening == "(" and not node.is_for and len(node.items) == 1:
        lines[-1] = str(lines[-1]).removesuffix(",")
    inside = "\n".join(aligned(lines))
    return f"{node.opening}\n{inside}\n{_INDENT * depth}{CLOSING[node.opening]}"


def _is_call(node: Row) -> bool:
    match node.items:
        case (Word(is_word=True), Brackets("(")):
            return True
    return False


def _broken_call(items: Sequence[Node], flat: str, column: int, depth: int) -> str:
    """A call whose last argument alone takes several lines, or each argument on a line."""
    name, arguments = items
    if not isinstance(arguments, Brackets) or not arguments.items:
        return flat
    *first, last = arguments.items
    begun = f"{one_line(name)}({''.join(f'{one_line(item)}, ' for item in first)}"
    embraces = isinstance(last, Brackets) or (isinstance(last, Row) and _is_call(last))
    room = column + len(begun) + 1 <= WIDTH
    if embraces and room and all(map(_stays_flat, first)):
        return f"{begun}{laid_out(last, column + len(begun), depth, 1)})"
    return f"{one_line(name)}{_broken(arguments, depth)}"


def _broken_row(items: Sequence[Node], column: int, depth: int) -> str:
    """Operands in parentheses, a line each; without operators, the last brackets are broken."""
    operators = [
        at for at, item in enumerate(items) if isinstance(item, Word) and item.text in _BREAKS
    ]
    if operators and not _is_for_row(items):
        pad = _INDENT * (depth + 1)
        lines = []
        for begin, end in pairwise((0, *operators, len(items))):
            row = items[begin:end]
            node = row[0] if len(row) == 1 else Row(tuple(row))
            lines.append(pad + laid_out(node, len(pad), depth + 1))
        inside = "\n".join(lines)
        return f"(\n{inside}\n{_INDENT * depth})"
    broken = [at for at, item in enumerate(items) if isinstance(item, Brackets) and item.items]
    if not broken:
        return one_line(Row(tuple(items)))
    at = max(broken, key=lambda at: len(one_line(items[at])))
    hole = Word("\0", is_word=True)
    before, after = one_line(Row((*items[:at], Brackets("(", (hole,)), *items[at + 1 :]))).split(
        "(\0)"
    )
    return f"{before}{laid_out(items[at], column + len(before), depth, len(after))}{after}"


def _is_for_row(items: Sequence[Node]) -> bool:
    return bool(items) and items[0] == Word("for", is_word=True)


def _long_text(node: Text, flat: str, column: int, depth: int) -> str:
    """A text of several lines, or longer than a line: its pieces joined."""
    if _several_lines(node.parts):
        rows = Brackets("[", tuple(Text(tuple(row)) for row in _split_lines(node.parts)))
        return f'join("\\n", {_broken(rows, depth)})'
    room = WIDTH - len(_INDENT) * (depth + 1)
    if len(flat) <= room < column + len(flat):
        return f"(\n{_INDENT * (depth + 1)}{flat}\n{_INDENT * depth})"
    pieces = list(_split_words(node.parts, room - 4))
    if len(pieces) < 2:  # noqa: PLR2004 - there is nothing to join
        return flat
    return f'join("", {_broken(Brackets("[", tuple(pieces)), depth)})'


def _split_lines(parts: Sequence[str | Computed]) -> Iterator[list[str | Computed]]:
    line: list[str | Computed] = []
    for part in parts:
        if isinstance(part, Computed):
            line.append(part)
            continue
        first, *others = part.split("\n")
        line += [first] if first else []
        for other in others:
            yield line
            line = [other] if other else []
    yield line


def _split_words(parts: Sequence[str | Computed], room: int) -> Iterator[Text]:
    """Pieces of a text that fit; a piece ends behind a blank, a comma or a slash where it can."""
    piece: list[str | Computed] = []
    taken = 0
    for part in parts:
        for bit in [part] if isinstance(part, Computed) else _bits(part, room):
            length = len("".join(quoted([bit])))
            if piece and taken + length > room:
                yield Text(tuple(piece))
                piece, taken = [], 0
            if isinstance(bit, str) and piece and isinstance(last := piece[-1], str):
                piece[-1] = last + bit
            else:
                piece.append(bit)
            taken += length
    yield Text(tuple(piece))


def _bits(value: str, room: int) -> Iterator[str]:
    bit = ""
    for sign in value:
        bit += sign
        if sign in " ,/;:" or len(escaped(bit)) >= room // 2:
            yield bit
            bit = ""
    if bit:
        yield bit
