"""From whatever ended a command to a message on stderr and an exit code, never a traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence

import typer

import revet
from revet.cli.machine_refusals import ReaderGoneError, refusal, writing_output
from revet.cli.output import paint, say
from revet.cli.streams import drop
from revet.model.errors import RevetError
from revet.report.words import block

INTERRUPTED = 130
USAGE = 3
FAILED = 2

_CALL_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What the parser of the command line raises for wrong arguments, without its private module."""


def run(command: Callable[[], object], argv: Sequence[str]) -> int:
    """Run a command and answer with its exit code.

    Args:
        command: returns its exit code; anything but a number is 0.
        argv: the arguments, for the file that a crash is saved in.

    Returns:
        0 allowed or done, 1 blocked, 2 could not tell or failed, 3 wrong usage or a missing
        prerequisite, 130 interrupted. What could not be shown is never 0.
    """
    try:
        code = command()
        with writing_output("stdout"):
            sys.stdout.flush()
    except RevetError as error:
        return _refused(error)
    except _CALL_ERROR as error:
        return _wrong_call(error)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except (ReaderGoneError, SystemExit):  # the parser exits when it cannot write its help
        drop(sys.stdout)
        return FAILED
    except Exception as error:  # noqa: BLE001 - a crash must become a message, whatever it is
        refused = refusal(error)
        return _crash(error, argv) if refused is None else _refused(refused)
    if code == INTERRUPTED:
        _show("interrupted", ())
    return code if isinstance(code, int) else 0


def _refused(error: RevetError) -> int:
    _show(error.what, error.fields())
    return error.exit_code


def _show(what: str, fields: Sequence[tuple[str, str]]) -> None:
    lines = [f"{paint('error', '1;31', sys.stderr)}: {block(what)}"]
    for name, text in fields:
        first, *rest = block(text).splitlines() or [""]
        lines.append(f"  {name:<9} {first}")
        lines.extend(f"{'':<12}{line}" for line in rest)
    try:
        print("\n".join(lines), file=sys.stderr, flush=True)
    except OSError:  # nobody reads it; the exit code still says it
        drop(sys.stderr)


def _wrong_call(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "revet")
    message = str(getattr(error, "format_message", lambda: str(error))()).rstrip()
    if type(error).__name__ == "NoArgsIsHelpError":
        say(message)
        return USAGE
    _show(
        message[:1].lower() + message[1:].rstrip("."),
        (("do", f"`{path} --help` shows what it takes"),),
    )
    return USAGE


def _crash(error: Exception, argv: Sequence[str]) -> int:
    if os.environ.get("REVET_DEBUG", "") not in ("", "0"):
        traceback.print_exception(error)
        return FAILED
    report = "".join(
        [
            f"revet {revet.__version__}, Python {platform.python_version()}, ",
            f"{platform.platform()}\n",
            f"arguments: {' '.join(argv)}\n\n",
            *traceback.format_exception(error),
        ]
    )
    try:
        descriptor, path = tempfile.mkstemp(prefix="revet-crash-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(report)
    except OSError as unwritable:
        reason = (unwritable.strerror or str(unwritable)).lower()
        path = f"could not be saved ({reason}); the same call with `REVET_DEBUG=1` shows it"
    _show(
        "revet itself failed; nothing was decided",
        (
            ("got", f"{type(error).__name__}: {error}"),
            ("traceback", path),
            ("do", "report it with that file, or set `REVET_DEBUG=1` to see it here"),
        ),
    )
    return FAILED
