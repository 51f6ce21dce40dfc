"""Which Python files some paths name, and what is passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from revet.imports.ignored import Ignored, ignored_around
from revet.model.errors import InputError, RevetError, UsageError

_SUFFIXES = (".py", ".pyi")
_LEFT_OUT = frozenset({"node_modules", "site-packages", "cdktf.out", "venv"})
_SILENT = frozenset({"__pycache__", ".git"})
JSII = "_jsii"


@dataclass(frozen=True, slots=True)
class Found:
    """A Python file to look at.

    Args:
        path: as the user would write it.
        root: the folder that is not left.
        parts: the way from there to the file; no part may be a link.
    """

    path: Path
    root: Path
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that was not looked at.

    Args:
        path: as the user would write it.
        why: the reason.
        by_rule: git ignores it, or it is a folder of a kind that is never the user's own source.
    """

    path: Path
    why: str
    by_rule: bool = False


Entry = Found | Skipped | RevetError


def find_sources(paths: Iterable[Path]) -> list[Entry]:
    """The Python files that some paths name, what is passed over, and what cannot be read.

    A path that is a symbolic link, or leads through one below the current folder, is an error.

    Raises:
        UsageError: a path does not exist, or there is nothing at all.
    """
    given = list(paths)
    found: dict[Path, Entry] = {}
    for path in given:
        for where, entry in _named(path):
            found.setdefault(where, entry)
    if not found:
        raise UsageError(
            "there is nothing to look at",
            where="PATH",
            got=", ".join(f"`{path}`" for path in given),
            expected="at least one Python file",
            do="name a file, or a folder that holds some",
        )
    return list(found.values())


def _named(path: Path) -> Iterator[tuple[Path, Entry]]:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - links are not to be resolved
    if not path.exists() and not path.is_symlink():
        raise UsageError(
            "no such file or folder",
            where="PATH",
            got=f"`{path}`",
            expected="Python files, or folders that hold some",
            do="correct the path",
        )
    here = Path.cwd()
    root = here if absolute.is_relative_to(here) else absolute.parent
    parts = absolute.relative_to(root).parts
    for depth in range(1, len(parts) + 1):
        if root.joinpath(*parts[:depth]).is_symlink():
            yield absolute, _unread(path, "a symbolic link is in the path", "name what it leads to")
            return
    if absolute.is_dir():
        try:
            rules = ignored_around(absolute)
        except InputError as error:
            yield absolute, error
            return
        yield from _below(path, absolute, rules)
    else:
        yield absolute, Found(path, root, parts)


def _below(path: Path, top: Path, rules: Ignored) -> Iterator[tuple[Path, Entry]]:
    waiting: list[tuple[tuple[str, ...], Ignored]] = [((), rules)]
    while waiting:
        parts, outer = waiting.pop()
        folder = top.joinpath(*parts)
        try:
            ignored = outer.below(folder)
            with os.scandir(folder) as scan:
                names = sorted(scan, key=lambda item: item.name)
        except InputError as error:
            yield folder, error
            continue
        except OSError as error:
            yield folder, _unread(path.joinpath(*parts), error.strerror or str(error))
            continue
        folders = []
        for item in names:
            way = (*parts, item.name)
            entry = _judge(path.joinpath(*way), top, way, item, ignored)
            if entry is None:
                folders.append((way, ignored))
            elif entry:
                yield from ((top.joinpath(*way), one) for one in entry)
        waiting.extend(reversed(folders))


def _judge(
    shown: Path, top: Path, way: tuple[str, ...], item: os.DirEntry[str], ignored: Ignored
) -> tuple[Entry, ...] | None:
    """What to report of one entry of a folder; None for a folder to look through."""
    is_folder = item.is_dir(follow_symlinks=False)
    is_python = item.name.endswith(_SUFFIXES)
    if item.name in _SILENT or not (is_folder or is_python or item.is_symlink()):
        return ()
    try:
        is_ignored = ignored.covers(top.joinpath(*way), is_folder=is_folder)
    except InputError as error:
        return (error,)
    if is_ignored:
        return (Skipped(shown, "git ignores it", by_rule=True),)
    if is_folder:
        why = _why_left_out(top.joinpath(*way))
        return (Skipped(shown, why, by_rule=True),) if why else None
    if item.is_symlink():
        return (Skipped(shown, "a symbolic link"),) if is_python or _leads_to_folder(item) else ()
    is_regular = item.is_file(follow_symlinks=False)
    return (Found(shown, top, way) if is_regular else Skipped(shown, "not a regular file"),)


def _leads_to_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False  # it leads nowhere, or in a circle


def _why_left_out(folder: Path) -> str:
    if folder.name in _LEFT_OUT:
        return "a folder of installed or generated files"
    if folder.name.startswith("."):
        return "a hidden folder"
    if any(os.path.lexists(folder / name) for name in ("pyvenv.cfg", "conda-meta")):
        return "a virtual environment"
    if (folder / JSII).is_dir():
        return "a generated package"
    return ""


def _unread(path: Path, got: str, do: str = "make it readable, or leave it out") -> InputError:
    return InputError("a file or folder cannot be read", where=str(path), got=got.lower(), do=do)
