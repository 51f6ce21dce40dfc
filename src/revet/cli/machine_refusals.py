"""What the machine can refuse: a full disk, no memory, a file that may not be touched."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator

from revet.cli.streams import drop
from revet.model.errors import RevetError

_REFUSALS: dict[int, str] = {
    number: remedy
    for remedy, numbers in {
        "free some space, and run the same command again": (errno.ENOSPC, errno.EDQUOT),
        "raise the limit on the size of files with `ulimit -f`": (errno.EFBIG,),
        "choose a place on a file system that can be written to": (errno.EROFS,),
        "give the user who runs revet the right to it, or choose another place": (
            errno.EACCES,
            errno.EPERM,
        ),
        "close what is open, or raise the limit with `ulimit -n`": (errno.EMFILE, errno.ENFILE),
        "free some memory, or raise the limit with `ulimit -v`": (errno.ENOMEM,),
        "end other programs, or raise the limit on processes with `ulimit -u`": (errno.EAGAIN,),
        "check the disk": (errno.EIO,),
        "correct the path, or move away what is in its place": (
            *(errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP),
            *(errno.ENAMETOOLONG, errno.ENXIO),
        ),
        "run the same command again": (
            *(errno.ESTALE, errno.EPIPE, errno.ETIMEDOUT),
            *(errno.ENETUNREACH, errno.ECONNREFUSED, errno.ECONNRESET),
        ),
    }.items()
    for number in numbers
}
"""What can be done about an error of the operating system; those of `errno(3)` that no program can
prevent. Others, a file that ought to be there for instance, may be our own mistake."""


class OutputError(RevetError):
    """What was found out could not be shown."""


class ReaderGoneError(Exception):
    """Whoever read our output has gone; in place of `BrokenPipeError`, which typer swallows."""


def refusal(error: BaseException) -> RevetError | None:
    """The message for what the machine has refused; None for what may be our own mistake.

    Args:
        error: whatever ended a command.
    """
    if isinstance(error, MemoryError):
        return RevetError(
            "there is not enough memory; nothing was decided",
            got="an allocation that failed",
            do=_REFUSALS[errno.ENOMEM],
        )
    if not isinstance(error, OSError) or error.errno is None:
        return None
    if error.errno == errno.ENOENT and not _has_folder():
        return RevetError(
            "the current folder does not exist any more",
            where="the folder that the command was run in",
            got=_said(error),
            do="change to a folder that exists",
        )
    if error.errno not in _REFUSALS:
        return None
    return RevetError(
        "the machine refused what revet needs; nothing was decided",
        where=_named(error),
        got=_said(error),
        do=_REFUSALS[error.errno],
    )


@contextlib.contextmanager
def writing_output(where: str) -> Iterator[None]:
    """Name the output when the block cannot write to it, and let go of stdout.

    Args:
        where: what is written to ("stdout").

    Raises:
        OutputError: it cannot be written to.
        ReaderGoneError: whoever read it has gone.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        drop(sys.stdout)
        raise OutputError(
            "the output cannot be written",
            where=where,
            got=_said(error),
            expected="a file, a pipe or a terminal that takes it",
            do=_REFUSALS.get(error.errno or 0, "write it elsewhere")
            if error.errno != errno.EBADF
            else "leave stdout open, or write to a file with `--output`",
        ) from error


class _Output(io.TextIOWrapper):
    """The standard output, which names itself when it cannot be written to, whoever writes."""

    def write(self, text: str, /) -> int:
        """Write; see the base class.

        Raises:
            OutputError: it cannot be written to.
            ReaderGoneError: whoever read it has gone.
        """
        with writing_output("stdout"):
            return super().write(text)

    def flush(self) -> None:
        """Flush; raises as `write` does."""
        with writing_output("stdout"):
            super().flush()


def name_output() -> None:
    """Let the standard output name itself in errors, also where the parser writes its help."""
    stream = sys.stdout
    if type(stream) is io.TextIOWrapper:
        options = (stream.encoding, stream.errors, None, stream.line_buffering)
        sys.stdout = _Output(stream.detach(), *options)


def _has_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - only whether there is one
    except OSError:
        return False
    return True


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _named(error: OSError) -> str:
    names = [name for name in (error.filename, error.filename2) if name is not None]
    return " → ".join(os.fsdecode(name) if isinstance(name, bytes) else str(name) for name in names)
