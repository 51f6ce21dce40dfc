"""Dictionaries inside lists, whose keys CDK Terrain drops without a word.

`revet.synth.lossy_dictionaries` refuses them when a program runs; here they are found in the
source. Only directly written lists are seen, and names that are assigned one list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from revet.imports.bindings import Names
from revet.imports.finding import Code, ImportFinding
from revet.imports.packages import PROVIDER_PREFIX
from revet.imports.source import Source

_CLASS_DEPTH = 3
_MAPS_IN_LISTS = frozenset({"resource_tags"})
_DEEPEST = 8
_LIST = (ast.List, ast.Tuple)


def lossy_dictionaries(source: Source, names: Names) -> Iterator[ImportFinding]:
    """Find dictionaries with snake_case keys in lists that go to a class of a provider.

    Args:
        source: a parsed file.
        names: what it imports.
    """
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        translation = names.translated(node.func)
        if (
            translation is None
            or len(translation.right) != _CLASS_DEPTH
            or not translation.right[0].startswith(PROVIDER_PREFIX)
        ):
            continue
        for keyword in node.keywords:
            for lost, keys in _lost(keyword.value, keyword.arg or "", names):
                yield ImportFinding(
                    Code.LOSSY_DICTIONARY,
                    lost.lineno,
                    source.column(lost.lineno, lost.col_offset),
                    ", ".join(keys),
                    why=f"`{translation.right[-1]}({keyword.arg}=[{{…}}])` loses these keys "
                    "without a word: inside a list use the class of that block",
                )


def _lost(
    node: ast.expr, argument: str, names: Names, depth: int = 0
) -> Iterator[tuple[ast.expr, list[str]]]:
    """Dictionaries in lists below a value, with the keys that vanish."""
    for value in _values(node, names) if depth < _DEEPEST else ():
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                inner = str(key.value) if isinstance(key, ast.Constant) else ""
                yield from _lost(item, inner, names, depth + 1)
        for item in _items(value):
            if argument not in _MAPS_IN_LISTS:
                for element in _values(item, names):
                    if keys := _snake_case_keys(element):
                        yield element, keys
            yield from _lost(item, "", names, depth + 1)


def _snake_case_keys(node: ast.expr) -> list[str]:
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return [
        key.value
        for key in keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and "_" in key.value
    ]


def _items(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, _LIST):
        return [item.value if isinstance(item, ast.Starred) else item for item in node.elts]
    if isinstance(node, ast.ListComp):
        return [node.elt]
    return []


def _values(node: ast.expr, names: Names) -> list[ast.expr]:
    """What a value may be: itself, either side of a choice or sum, what a name was assigned."""
    if isinstance(node, ast.IfExp):
        return [*_values(node.body, names), *_values(node.orelse, names)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_values(node.left, names), *_values(node.right, names)]
    if isinstance(node, ast.BoolOp):
        return [value for item in node.values for value in _values(item, names)]
    if isinstance(node, ast.Name):
        assigned = names.assigned(node)
        return [assigned] if assigned is not None else []
    return [node]
