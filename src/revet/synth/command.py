"""How a program is started: a Python file or module with our guards, any other command as it is."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from revet.files import find_program
from revet.model.errors import UsageError

_PYTHON = re.compile(r"(?:python|pythonw|py)(\d+(?:\.\d+)?)?(?:\.exe)?", re.IGNORECASE)
_WITH_VALUE = ("-W", "-X")
_FLAGS = re.compile(r"-[bBdEIOPqRsSuvVx]+")
_SHELL = re.compile(r"&&?|\|\|?|;|[<>]|\d?>.*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)


class Kind(StrEnum):
    """What runs."""

    FILE = "file"
    MODULE = "module"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Command:
    """A program that can be started.

    Args:
        kind: a Python file or module, which revet runs itself, with its guards on; or any other
            command, which runs as it is.
        options: of the Python interpreter.
        argv: file, module or absolute path of the command, and its arguments.
        directory: where it runs.
        python: whether the words begin with `python`.
    """

    kind: Kind
    options: tuple[str, ...]
    argv: tuple[str, ...]
    directory: Path
    python: bool = False

    @property
    def shown(self) -> str:
        """As a user can start it, in one line."""
        if self.kind is Kind.MODULE:
            return shlex.join(("python", *self.options, "-m", *self.argv))
        if self.python:
            return shlex.join(("python", *self.options, *self.argv))
        return shlex.join(self.argv)

    @property
    def by_itself(self) -> str:
        """The same without revet, for whoever wants to see a whole traceback."""
        is_bare = self.kind is Kind.FILE and not self.python
        return f"python {self.shown}" if is_bare else self.shown


def resolve_command(
    argv: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None
) -> Command:
    """Find out what a program's words mean; nothing is started.

    `app.py net`, `python app.py net`, `python3 -u app.py` and `python -m app` are run by the Python
    that runs revet. Paths are relative to the folder; a name without one is looked up on `PATH`.

    Args:
        argv: the words, without a shell in between.
        directory: the folder that the program runs in, that of `revet.toml`.
        environment: where `PATH` is read; this process's by default.

    Raises:
        UsageError: there is no such file, module or command.
    """
    if not argv:
        raise UsageError("no program to run", expected="a Python file", do="name one")
    directory = directory.absolute()
    if argv[0].endswith((".py", ".pyz")):
        return _file(argv, directory)
    if _is_this_python(argv[0], directory):
        return _python(argv, directory)
    return Command(Kind.OTHER, (), (_program(argv, directory, environment), *argv[1:]), directory)


def _is_this_python(name: str, directory: Path) -> bool:
    """Whether a word means the Python that runs revet."""
    found = _PYTHON.fullmatch(name)
    if found:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return found[1] in (None, version, version.split(".", maxsplit=1)[0])
    if "/" not in name and os.sep not in name:
        return False
    path = directory / name
    # A virtual environment is recognised by its folder: its `python` is a link to the base's.
    return path.exists() and path.parent.resolve() == Path(sys.executable).parent.resolve()


def _python(argv: Sequence[str], directory: Path) -> Command:
    words = list(argv[1:])
    options: list[str] = []
    while words and words[0].startswith("-"):
        word = words[0]
        if word.startswith("-m"):
            module = [word[2:], *words[1:]] if len(word) > len("-m") else words[1:]
            if module:
                return Command(Kind.MODULE, tuple(options), tuple(module), directory, python=True)
            break
        taken = 2 if word in _WITH_VALUE else 1
        if taken == 1 and not word.startswith(_WITH_VALUE) and not _FLAGS.fullmatch(word):
            break
        options += words[:taken]
        words = words[taken:]
    if words and not words[0].startswith("-"):
        return replace(_file(words, directory), options=tuple(options), python=True)
    if not words:
        raise UsageError(
            "the program names Python alone",
            where=shlex.join(argv),
            got="no file and no module",
            expected="`python app.py`, or `python -m app`",
            do="add the file that makes the app",
        )
    return Command(Kind.OTHER, (), (sys.executable, *argv[1:]), directory)


def _file(argv: Sequence[str], directory: Path) -> Command:
    path = directory / argv[0]
    if not path.exists():
        raise UsageError(
            "the program does not exist",
            where=argv[0],
            got=f"no such file in `{directory}`",
            expected="the Python file that makes the app, relative to that folder",
            do=_meant(argv, path) or "correct the path",
        )
    if path.is_dir() and not (path / "__main__.py").is_file():
        raise UsageError(
            "the program is a folder",
            where=argv[0],
            got="a folder without `__main__.py`",
            expected="the Python file that makes the app",
            do="name the file in it",
        )
    return Command(Kind.FILE, (), (str(path), *argv[1:]), directory)


def _meant(argv: Sequence[str], path: Path) -> str:
    if len(argv) == 1 and " " in argv[0]:
        words = ", ".join(f'"{word}"' for word in argv[0].split())
        return f"write each word by itself: `[{words}]`, or the whole as one text, not in a list"
    folder = path.parent
    names = [item.name for item in folder.glob("*.py")] if folder.is_dir() else []
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean `{Path(argv[0]).with_name(close[0])}`?" if close else ""


def _program(argv: Sequence[str], directory: Path, environment: Mapping[str, str] | None) -> str:
    name = argv[0]
    if "/" in name or os.sep in name:
        path = directory / name
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
        got = f"`{path}` cannot be executed" if path.exists() else f"no `{path}`"
        do = f"`chmod +x {shlex.quote(str(path))}`" if path.is_file() else "correct the path"
    else:
        if found := find_program(name, environment):
            return str(found)
        got = f"no `{name}` on `PATH`"
        do = _without_shell(argv, directory)
    raise UsageError(
        "the program cannot be started",
        where=shlex.join(argv),
        got=got,
        expected="a Python file, `python` with a file or `-m MODULE`, or a command of this machine",
        do=do,
    )


def _without_shell(argv: Sequence[str], directory: Path) -> str:
    """What to do when the first word is not a command."""
    whole = " ".join(argv)
    if any(_SHELL.fullmatch(word) for word in argv[1:]) or argv[0] in ("cd", "source", "export"):
        return f'no shell reads it; `["sh", "-c", "{whole}"]` starts one'
    if _VARIABLE.fullmatch(argv[0]):
        return f'no shell reads it; `"env {whole}"` sets the variable'
    if len(argv) == 1 and " " in argv[0]:
        return _meant(argv, directory / argv[0])
    if (directory / f"{argv[0]}.py").is_file():
        return f"did you mean `{argv[0]}.py`?"
    if _PYTHON.fullmatch(argv[0]):
        return f"`python` is the one that runs revet, {sys.version.split()[0]}"
    known = ("python", "python3", "uv", "poetry", "pipenv", "node", "npm", "npx", "sh", "bash")
    close = difflib.get_close_matches(argv[0], [n for n in known if shutil.which(n)], n=1)
    return f"did you mean `{close[0]}`?" if close else "install it, or name the Python file"
