"""Names that only a star import can bring, and that its module does not have."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

from revet.imports.bindings import STAR, Bound, Names
from revet.imports.finding import Code, ImportFinding
from revet.imports.packages import find_package
from revet.imports.source import Edit, Source
from revet.imports.translate import Parts, translate


def star_names(
    source: Source, names: Names, fixed: Collection[Bound]
) -> Iterator[tuple[ImportFinding, list[Edit]]]:
    """Find class names that are nearly those of a module all of whose names are imported.

    Only what has one certain answer is reported, and only where every star import is of ours: any
    other name may come from elsewhere.

    Args:
        source: a parsed file.
        names: what it imports.
        fixed: imports that are corrected.
    """
    stars = [bound for bound in names.bounds if bound.local == STAR and bound.right is not None]
    everything = sum(
        isinstance(node, ast.ImportFrom) and any(alias.name == STAR for alias in node.names)
        for node in source.nodes
    )
    if not stars or len(stars) != everything:
        return
    known = {name for bound in stars for name in _classes(bound.right or ())}
    for node in source.nodes:
        if (
            not isinstance(node, ast.Name)
            or not node.id[:1].isupper()
            or node.id in known
            or hasattr(builtins, node.id)
            or names.scopes.resolve(node) is not None
        ):
            continue
        answers = {bound: right for bound in stars if (right := _right(bound, node.id))}
        if len(set(answers.values())) == 1:
            bound, right = next(iter(answers.items()))
            is_right = bound in fixed or bound.translation.code is None
            edit = source.replaced(node, node.id, right[-1]) if is_right else None
            yield (
                ImportFinding(
                    Code.UNKNOWN_CLASS,
                    node.lineno,
                    source.column(node.lineno, node.col_offset),
                    ".".join((*bound.written, node.id)),
                    right=".".join(right),
                    fixable=edit is not None,
                ),
                [edit] if edit else [],
            )


def _right(bound: Bound, name: str) -> Parts | None:
    translation = translate((*bound.written, name))
    if translation is None or not translation.certain or bound.right is None:
        return None
    return translation.right if translation.right[:-1] == bound.right else None


def _classes(right: Parts) -> frozenset[str]:
    package = find_package(right[0]) if right else None
    return package.classes(".".join(right[1:])) if package else frozenset()
