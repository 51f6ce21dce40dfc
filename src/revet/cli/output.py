"""Where text goes: the terminal or a file."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from revet.cli.machine_refusals import OutputError, writing_output
from revet.files import replace_file
from revet.model.errors import UsageError
from revet.model.verdict import Verdict
from revet.report import FORMATS, render_text
from revet.report.words import block

_WIDEST = 120
_NARROWEST = 20
_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE})
"""What is wrong with the machine and not with the path."""

_IN_PLACE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.EXDEV})
"""Why a file may be writable where its folder is not, or where it is mounted by itself."""


class Format(StrEnum):
    """The formats of `revet.report.FORMATS`, as choices of an option."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    GITHUB = "github"
    OSCAL = "oscal"


def paint(text: str, code: str, stream: TextIO) -> str:
    """Colour a text when the stream is a terminal and nothing forbids it.

    Args:
        text: what is shown.
        code: of the ANSI sequence.
        stream: where it will be written.
    """
    return f"\x1b[{code}m{text}\x1b[0m" if has_colour(stream) else text


def has_colour(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal, without `NO_COLOR` and not `TERM=dumb`."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str = "") -> None:
    """Write a line to stdout.

    Raises:
        OutputError: stdout does not take it.
        ReaderGoneError: whoever read it has gone.
    """
    show(f"{text}\n")


def show(text: str) -> None:
    """Write a text to stdout; see `say`."""
    with writing_output("stdout"):
        sys.stdout.write(text)


def note(text: str) -> None:
    """Write a line to stderr: what is not the result itself, and ends nothing if nobody reads it.

    Names that a repository brings along come in it, so control characters are shown as escapes.

    Args:
        text: one line.
    """
    with contextlib.suppress(OSError):
        print(block(text), file=sys.stderr, flush=True)


def save(path: Path, text: str, *, do: str = "give another path to `--output`") -> None:
    """Write a file whole or not at all; its folder is made.

    Args:
        path: of the file; a pipe or a device is written to, and a link is followed.
        text: written as UTF-8.
        do: what the user can do where it cannot be written.

    Raises:
        UsageError: it cannot be written there.
        OutputError: the machine refused it: a full disk, for instance.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fields = {"where": str(path), "got": reason.lower()}
        if getattr(error, "errno", None) in _MACHINE:
            raise OutputError(
                "the output file cannot be written; what was there before is still there",
                **fields,
                expected="room for the whole file",
                do=f"free some space, or {do}",
            ) from error
        raise UsageError(
            "the output file cannot be written",
            **fields,
            expected="a path that can be written",
            do=do,
        ) from error


def _replace(path: Path, text: str) -> None:
    there = path.is_file()
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if there else 0o666 & ~_umask()
        replace_file(path, text, mode=mode)
    except OSError as error:
        if not there or error.errno not in _IN_PLACE:
            raise
        path.write_text(text, encoding="utf-8")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def deliver(verdict: Verdict, wanted: Format, output: Path | None) -> None:
    """Show a verdict, or save it and show its decision.

    Args:
        verdict: what was found out.
        wanted: the format.
        output: file to write instead of stdout.

    Raises:
        UsageError: the file cannot be written.
        OutputError: the same, or stdout cannot; a file's decision has been shown.
        ReaderGoneError: whoever read stdout has gone.
    """
    if output is not None:
        decision = render_text(verdict).splitlines()[-1]
        try:
            save(output, FORMATS[wanted](verdict))
        except OutputError:
            note(decision)
            raise
        note(decision)
        note(f"written: {output}")
    elif wanted is Format.TEXT:
        width = max(min(shutil.get_terminal_size((100, 24)).columns, _WIDEST), _NARROWEST)
        text = render_text(verdict, width=width, color=has_colour(sys.stdout))
        show(text)
    else:
        show(FORMATS[wanted](verdict))
