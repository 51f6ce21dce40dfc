"""The command line: the only room that prints, asks or exits.

`app` lists the commands, one module each; `failure` turns what went wrong into a message and an
exit code; `project` reads `revet.toml`; `stack` finds what a name means; `progress` shows
what a running step does.
"""

# ruff: noqa: PLC0415 - the room itself loads nothing: what fails to load is a message too

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

_INTERRUPTED = 130
_FAILED = 2
_ALLOCATIONS = 50_000
"""Objects made before the garbage collector looks: what is read of a plan stays."""


def main() -> None:
    """Run `revet` with the arguments of the process, and exit."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    try:
        from revet.cli.streams import open_closed

        open_closed()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, _interrupt)
        from revet.cli.app import app

        try:
            app(prog_name="revet")
        finally:
            gc.freeze()  # or it looks at everything once more at the end, for a tenth of the time
    except KeyboardInterrupt:
        _end("interrupted", _INTERRUPTED)
    except MemoryError:
        _end("there is not enough memory; nothing was decided", _FAILED)
    except OSError as error:  # before there is anybody to classify it: our own files cannot be read
        _end(f"revet cannot be loaded: {(error.strerror or str(error)).lower()}", _FAILED)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Treat the request to end as Ctrl-C: Terraform is stopped and what runs is cleaned up."""
    del number, frame
    raise KeyboardInterrupt


def _end(text: str, code: int) -> None:
    """End at once, also where so little works that the interpreter could not end in order."""
    try:
        sys.stderr.write(f"error: {text}\n")
        sys.stderr.flush()
    finally:
        os._exit(code)
