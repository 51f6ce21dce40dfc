"""A Python source as text whose parts can be replaced in place."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from revet.model.errors import InputError

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement.

    Args:
        start: offset of the first byte in the UTF-8 form of the text.
        end: offset behind the last byte.
        text: what is there afterwards.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file that was read.

    Args:
        name: of the file, for messages.
        data: the text as UTF-8, line ends as they are in the file.
        encoding: of the file; `utf-8-sig` when it begins with a byte order mark.
        tree: the parsed file.
        nodes: all of the tree, in the order of `ast.walk`.
        starts: offset of each line in `data`.
    """

    name: str
    data: bytes
    encoding: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    starts: tuple[int, ...]

    def offset(self, line: int, column: int) -> int:
        """Offset of a place as `ast` counts it: lines from 1, columns in bytes of UTF-8."""
        return self.starts[line - 1] + column

    def text(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.data[start:end].decode()

    def replaced(self, node: ast.alias | ast.Name, old: str, new: str) -> Edit | None:
        """A node's name under another one; None where something else is written at its place.

        Inside f-strings Python 3.11 does not always know the place.
        """
        start = self.offset(node.lineno, node.col_offset)
        end = start + len(old.encode())
        return Edit(start, end, new) if self.text(start, end) == old else None

    def column(self, line: int, column: int) -> int:
        """A column of `ast` in characters, from 1."""
        begin = self.starts[line - 1]
        return len(self.text(begin, begin + column)) + 1

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with replacements, in its own encoding.

        Raises:
            ValueError: two replacements overlap.
            UnicodeEncodeError: the encoding of the file has not every character.
        """
        data, last = self.data, len(self.data)
        for edit in sorted(set(edits), key=lambda item: item.start, reverse=True):
            if edit.end > last:
                message = f"replacements overlap at byte {edit.start}"
                raise ValueError(message)
            data = data[: edit.start] + edit.text.encode() + data[edit.end :]
            last = edit.start
        return data.decode().encode(self.encoding)


def read_source(name: str, content: bytes) -> Source:
    """Decode and parse a Python file.

    Args:
        name: of the file, for messages.
        content: its bytes.

    Raises:
        InputError: it cannot be decoded, or is no Python that this interpreter understands.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's escapes, which are not our matter
            tree = ast.parse(text)
    except SyntaxError as error:
        raise InputError(
            "a file cannot be read as Python",
            where=f"{name}:{error.lineno or 1}",
            got=error.msg,
            do="correct that line; the file was left alone",
        ) from error
    except (LookupError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(
            "a file cannot be read as Python",
            where=name,
            got=str(error) or type(error).__name__,
            do="correct it; the file was left alone",
        ) from error
    data = text.encode()
    starts = (0, *(match.end() for match in _LINE_END.finditer(data)))
    return Source(name, data, encoding, tree, tuple(ast.walk(tree)), starts)
