"""Write the page of each construct, and their index, from the docstrings of the source.

The source is read and not imported, so that no Node is needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from revet.gate.catalog import load_catalog

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "constructs"
CONSTRUCTS = ROOT / "src" / "revet" / "constructs"
_SECTION = re.compile(r"^([A-Z][^:\n]*):$", re.MULTILINE)
_INTRODUCTION = (
    "Secure when only their required arguments are given. Generated from the source; `make docs` "
    "writes these pages."
)
_TITLES = {"Args": "Arguments"}
_ITEM = re.compile(r"^    (?! )", re.MULTILINE)


class Construct(NamedTuple):
    """One construct.

    Args:
        name: as users write it, `s3.Bucket`.
        module: where it is imported from.
        node: the class.
    """

    name: str
    module: str
    node: ast.ClassDef


def pages() -> dict[str, str]:
    """The text of every page, by its file name."""
    found = sorted(_constructs(), key=lambda one: one.name)
    return {"README.md": _index(found), **{f"{one.name}.md": _page(one) for one in found}}


def _constructs() -> Iterator[Construct]:
    """The classes that each service's package exports and that are constructs."""
    for package in sorted(CONSTRUCTS.glob("*/__init__.py")):
        exported = ast.parse(package.read_text(encoding="utf-8"))
        for line in exported.body:
            if not isinstance(line, ast.ImportFrom) or line.module is None:
                continue
            path = ROOT / "src" / f"{line.module.replace('.', '/')}.py"
            names = {item.name for item in line.names}
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and node.name in names and _is_construct(node):
                    service = package.parent.name
                    yield Construct(f"{service}.{node.name}", f"revet.constructs.{service}", node)


def _is_construct(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Construct" for base in node.bases)


def _index(found: list[Construct]) -> str:
    lines = [
        "# Constructs",
        "",
        _INTRODUCTION,
        "",
        "| construct | what it is |",
        "|---|---|",
    ]
    for one in found:
        first = " ".join(_docstring(one.node).split("\n\n", 1)[0].split())
        lines.append(f"| [{one.name}]({one.name}.md) | {first} |")
    return "\n".join(lines) + "\n"


def _page(one: Construct) -> str:
    service, _, name = one.name.partition(".")
    imported = f"from revet.constructs import {service}"
    parts = [f"# {one.name}", f"```py\n{imported}\n\n{service}.{name}(…)\n```"]
    parts += _prose(_docstring(one.node))
    methods = [
        item
        for item in one.node.body
        if isinstance(item, ast.FunctionDef) and not item.name.startswith("_")
    ]
    for method in methods:
        shown = "" if _is_property(method) else _signature(method)
        parts += [f"## {method.name}", f"```py\n{name}.{method.name}{shown}\n```"]
        parts += _prose(_docstring(method), level=3)
    controls = [
        f"[{meta.id}](../controls/{meta.id}.md)"
        for meta in (control.meta for control in load_catalog().values())
        if f"{one.name}(" in meta.fix_construct
    ]
    if controls:
        parts += ["## Controls that it passes", ", ".join(controls)]
    return "\n\n".join(parts) + "\n"


def _is_property(method: ast.FunctionDef) -> bool:
    return any(
        isinstance(item, ast.Name) and item.id == "property" for item in method.decorator_list
    )


def _signature(method: ast.FunctionDef) -> str:
    """The arguments of a method, without `self`."""
    arguments = ast.unparse(method.args).split(", ")
    returns = f" -> {ast.unparse(method.returns)}" if method.returns is not None else ""
    return f"({', '.join(arguments[1:])}){returns}"


def _docstring(node: ast.ClassDef | ast.FunctionDef) -> str:
    return ast.get_docstring(node) or ""


def _prose(text: str, level: int = 2) -> list[str]:
    """The Markdown of a docstring: its sections become headings, their entries lists."""
    head, *rest = _SECTION.split(text)
    parts = [head.strip()] if head.strip() else []
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        parts += [f"{'#' * level} {_TITLES.get(title, title)}", *_body(body)]
    return parts


def _body(text: str) -> list[str]:
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        entries = [" ".join(entry.split()) for entry in _ITEM.split(block) if entry.strip()]
        if all(re.match(r"- |`?[\w*]+`?: ", entry) for entry in entries):
            lines.append("\n".join(f"- {_entry(entry)}" for entry in entries))
        else:
            lines.append(" ".join(entries))
    return lines


def _entry(text: str) -> str:
    if text.startswith("- "):
        return text[2:]
    name, _, rest = text.partition(": ")
    return f"`{name}`: {rest}"
