"""What git ignores, read from its files: git itself runs programs that a repository names."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from revet.files.inside import read_inside
from revet.model.errors import InputError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_LIMIT = 1_000_000
_WORK = 3_000_000
"""Steps that one pattern may take on one path: a regular expression with many `*` takes hours."""
_GITDIR = re.compile(rb"gitdir: (.+?)\r?\n?")


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of one file.

    Args:
        base: the folder that they are relative to.
        spec: the patterns.
        stars: for each pattern, how many `*` and how many `**` it has.
    """

    base: Path
    spec: GitIgnoreSpec
    stars: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Ignored:
    """What git ignores below a folder.

    Args:
        rules: the weakest first: `.git/info/exclude`, then `.gitignore` from the top down.
    """

    rules: tuple[_Rules, ...] = ()

    def below(self, folder: Path) -> Ignored:
        """The same, with the folder's own `.gitignore`.

        Raises:
            InputError: it cannot be read.
        """
        return Ignored((*self.rules, *_read_rules(folder, (".gitignore",), folder)))

    def covers(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git ignores something whose folder it does not ignore.

        Raises:
            InputError: a pattern would take too long on it.
        """
        for rules in reversed(self.rules):
            name = path.relative_to(rules.base).as_posix()
            _require_bounded(rules, name)
            verdict = rules.spec.check_file(f"{name}/" if is_folder else name).include
            if verdict is not None:
                return verdict
        return False


def ignored_around(folder: Path) -> Ignored:
    """What git ignores in a folder, as the folders above it up to the repository say.

    A folder that is itself ignored was named on purpose: then only its own files count.

    Args:
        folder: absolute.

    Raises:
        InputError: a file of patterns cannot be read.
    """
    repository = next(
        (item for item in (folder, *folder.parents) if (item / ".git").exists()), None
    )
    if repository is None:
        return Ignored()
    found = Ignored(_read_rules(*_exclude(repository), repository))
    here = repository
    for part in folder.relative_to(repository).parts:
        found = found.below(here)
        here /= part
        if found.covers(here, is_folder=True):
            return Ignored()
    return found


def _exclude(repository: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder of git's own data, and the way to `info/exclude` from there."""
    git = repository / ".git"
    if git.is_file():  # a worktree or a submodule
        pointer = _GITDIR.fullmatch(_read(repository, (".git",)) or b"")
        git = repository / os.fsdecode(pointer[1]) if pointer else git
        common = _read(git, ("commondir",)) if git.is_dir() else None
        git = git / os.fsdecode(common.strip()) if common else git
    return git, ("info", "exclude")


def _read_rules(root: Path, parts: tuple[str, ...], base: Path) -> tuple[_Rules, ...]:
    data = _read(root, parts)
    if data is None:
        return ()
    patterns = [
        line.removesuffix("\r")
        for line in data.decode(errors="replace").removeprefix("\ufeff").split("\n")
        if line.strip() and not line.startswith("#") and _is_valid(line.removesuffix("\r"))
    ]
    stars = frozenset(
        (_count(line, r"(?<!\*)\*(?!\*)"), _count(line, r"\*\*+")) for line in patterns
    )
    return (_Rules(base, _spec(patterns), stars),)


def _spec(patterns: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - of the extra `stack`, like cdktn

    return GitIgnoreSpec.from_lines(patterns)


def _is_valid(line: str) -> bool:
    try:
        _spec([line])
    except ValueError:
        return False  # git passes over it too
    return True


def _count(line: str, pattern: str) -> int:
    return len(re.findall(pattern, line))


def _read(root: Path, parts: tuple[str, ...]) -> bytes | None:
    try:
        return read_inside(root, parts, _LIMIT).data
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(
            "a file that says what git ignores cannot be read",
            where=str(root.joinpath(*parts)),
            got=(error.strerror or str(error)).lower(),
            expected="a regular file of at most 1 MB",
            do="correct or remove it; the folder was left alone",
        ) from error


def _require_bounded(rules: _Rules, name: str) -> None:
    parts = name.split("/")
    longest, depth = max(map(len, parts)), len(parts)
    for single, double in rules.stars:
        if math.comb(longest + single, single) * math.comb(depth + double, double) > _WORK:
            raise InputError(
                "finding out whether git ignores a path would take too long",
                where=f"{rules.base / name}",
                got=f"a pattern with {single + double} wildcards",
                do=f"simplify the patterns that apply to `{rules.base}`; the path was left alone",
            )
