"""Where text goes: the terminal or a file."""

from __future__ import annotations

import io
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from revet.model.errors import UsageError
from revet.model.verdict import Verdict

_WIDEST = 120


class Format(StrEnum):
    """The formats of `revet.report.FORMATS`, as choices of an option."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    GITHUB = "github"


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


def be_tolerant(stream: TextIO) -> None:
    """Let a stream show what its encoding cannot write as escapes, instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def say(text: str = "") -> None:
    """Write a line to stdout."""
    print(text)


def note(text: str) -> None:
    """Write a line to stderr: what is not the result itself.

    Names that a repository brings along come in it, so control characters are shown as escapes.
    """
    from revet.report.words import block  # noqa: PLC0415 - not needed to parse a call

    print(block(text), file=sys.stderr)


def save(path: Path, text: str) -> None:
    """Write a file; its folder is made.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            "the output file cannot be written",
            where=str(path),
            got=(error.strerror or str(error)).lower(),
            expected="a path that can be written",
            do="give another path to `--output`",
        ) from error


def deliver(verdict: Verdict, wanted: Format, output: Path | None) -> None:
    """Show a verdict, or save it and show its decision.

    Args:
        verdict: what was found out.
        wanted: the format.
        output: file to write instead of stdout.

    Raises:
        UsageError: the file cannot be written.
    """
    from revet.report import FORMATS, render_text  # noqa: PLC0415 - not needed to parse a call

    if output is not None:
        save(output, FORMATS[wanted](verdict))
        note(render_text(verdict).splitlines()[-1])
        note(f"written: {output}")
    elif wanted is Format.TEXT:
        width = min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)
        text = render_text(verdict, width=width, color=has_colour(sys.stdout))
        sys.stdout.write(text)
    else:
        sys.stdout.write(FORMATS[wanted](verdict))
