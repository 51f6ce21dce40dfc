"""The three standard streams, in whatever form the caller left them."""

from __future__ import annotations

import io
import os
import select
import sys
from typing import TextIO

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def open_closed() -> None:
    """Put something in the place of standard streams that the caller has closed.

    Otherwise the next file that anybody opens becomes the standard output, of our programs too.
    What is written to a closed stdout fails, so that it is noticed; a closed stderr swallows.
    """
    for number in (_STDIN, _STDOUT, _STDERR):
        try:
            os.fstat(number)
        except OSError:
            _open(number, os.O_WRONLY if number == _STDERR else os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(_STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = _writer(_STDOUT)
    if sys.stderr is None:
        sys.stderr = _writer(_STDERR)


def be_tolerant(stream: TextIO) -> None:
    """Let a stream show what its encoding cannot write as escapes, instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def drop(stream: TextIO) -> None:
    """Let go of what a stream could not write: the interpreter would try again as it ends.

    Args:
        stream: stdout or stderr.
    """
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # a stream in memory
        return
    os.close(number)  # first, since there may be no room for one more
    _open(number, os.O_WRONLY)


def reader_has_gone() -> bool:
    """Whether stdout is a pipe that nobody will read any more."""
    if not hasattr(select, "poll"):
        return True
    watched = select.poll()
    watched.register(_STDOUT, 0)
    return any(event & select.POLLERR for _, event in watched.poll(0))


def _open(number: int, flags: int) -> None:
    found = os.open(os.devnull, flags)
    if found != number:
        os.dup2(found, number)
        os.close(found)
    os.set_inheritable(number, True)


def _writer(number: int) -> TextIO:
    raw = io.FileIO(number, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace")
