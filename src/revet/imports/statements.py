"""How an import statement is corrected: in place where that is possible."""

from __future__ import annotations

import ast
import re

from revet.imports.bindings import STAR, Bound
from revet.imports.source import Edit, Source

_FROM = re.compile(r"from[\s\\]+")
_INDENT = re.compile(rb"[ \t\f]*")
_COMMENT = "the statement holds a comment, and its names go into several statements"
_SPACED = "the name is written in an unusual way"


def edits_of_import(source: Source, bound: Bound, *, keep: bool) -> list[Edit] | str:
    """Right one part of `import a.b`.

    Args:
        source: where it is.
        bound: the part, with a certain translation.
        keep: whether the local name stays, with `as`.

    Returns:
        The replacements, or why there are none.
    """
    right = bound.translation.right
    dotted = len(bound.imported) > 1 and bound.alias.asname is None
    if any(part[:1].isupper() for part in right):
        return "`import` takes modules, no classes"
    if dotted and (keep or len(right) != len(bound.imported)):
        return "the package's name is used in other ways in this source"
    new = ".".join(right) + (f" as {bound.local}" if keep else "")
    edit = source.replaced(bound.alias, bound.alias.name, new)
    return [edit] if edit else _SPACED


def edits_of_from(
    source: Source, statement: ast.ImportFrom, items: list[tuple[Bound, bool]]
) -> list[Edit] | str:
    """Right `from a import b, c`.

    Args:
        source: where it is.
        statement: a part of it without a certain translation stays behind as it is.
        items: its parts in order, each with whether the local name stays, with `as`.

    Returns:
        The replacements, or why there are none.
    """
    modules = {_module(bound) for bound, _ in items}
    if len(modules) == 1 and "" not in modules:
        return _in_place(source, statement, items, modules.pop())
    return _split(source, statement, items)


def _in_place(
    source: Source, statement: ast.ImportFrom, items: list[tuple[Bound, bool]], module: str
) -> list[Edit] | str:
    start, end = _span(source, statement)
    written = statement.module or ""
    match = _FROM.match(source.text(start, end))
    begin = start + (match.end() if match else 0)
    if source.text(begin, begin + len(written.encode())) != written:
        return _SPACED
    edits = [Edit(begin, begin + len(written.encode()), module)]
    for bound, keep in items:
        new = _named(bound, keep=keep, whole=False)
        edit = source.replaced(bound.alias, bound.alias.name, new)
        if edit is None:
            return _SPACED
        edits.append(edit)
    return edits


def _split(
    source: Source, statement: ast.ImportFrom, items: list[tuple[Bound, bool]]
) -> list[Edit] | str:
    start, end = _span(source, statement)
    if "#" in source.text(start, end):
        return _COMMENT
    groups: dict[str, list[str]] = {}
    for bound, keep in items:
        groups.setdefault(_module(bound), []).append(_named(bound, keep=keep, whole=True))
    lines = [
        f"from {module} import {', '.join(dict.fromkeys(names))}"
        if module
        else f"import {', '.join(dict.fromkeys(names))}"
        for module, names in groups.items()
    ]
    return [Edit(start, end, _separator(source, statement).join(lines))]


def _separator(source: Source, statement: ast.ImportFrom) -> str:
    """A line end with the statement's indentation, or `; ` where it does not begin its line."""
    begin = source.starts[statement.lineno - 1]
    indent = _INDENT.match(source.data, begin)
    start, _ = _span(source, statement)
    if indent is None or indent.end() != start:
        return "; "
    ending = re.search(rb"\r\n|\r|\n", source.data[start:])
    return (ending[0].decode() if ending else "\n") + indent[0].decode()


def _span(source: Source, statement: ast.ImportFrom) -> tuple[int, int]:
    return (
        source.offset(statement.lineno, statement.col_offset),
        source.offset(statement.end_lineno or 0, statement.end_col_offset or 0),
    )


def _module(bound: Bound) -> str:
    right = bound.translation.right
    if not bound.translation.certain:
        right = bound.imported
    return ".".join(right if bound.alias.name == STAR else right[:-1])


def _named(bound: Bound, *, keep: bool, whole: bool) -> str:
    """A part as it is to be written; `whole` with the `as` that it has already."""
    if bound.alias.name == STAR:
        return STAR
    name = bound.translation.right[-1]
    local = bound.alias.asname if whole else None
    if not bound.translation.certain:
        return f"{bound.alias.name} as {local}" if local else bound.alias.name
    if keep or (local is None and len(bound.translation.right) == 1 and name != bound.local):
        local = bound.local
    return f"{name} as {local}" if local else name
