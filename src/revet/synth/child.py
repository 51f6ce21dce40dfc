"""Runs a user's program with the lazy load and the loss guard on.

`python -P -m revet.synth.child REPORT SECONDS file|module PROGRAM ARGUMENT…`: the report is JSON,
and it is only written when the program fails. Until the program itself runs, nothing of its folder
is loaded.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from revet.synth.app import prepare
from revet.synth.diagnosis import describe, describe_late


def main(argv: list[str]) -> int:
    """Run the program.

    Args:
        argv: report file, seconds that it may take, `file` or `module`, the program, its arguments.

    Returns:
        0, or 1 when the program failed and the report says why.
    """
    report, seconds, kind, program, *rest = argv
    sys.argv = [program, *rest]
    try:
        prepare()
        _watch(report, program, float(seconds))
        if kind == "module":
            sys.path.insert(0, str(Path.cwd()))
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            path = Path(program)
            if path.suffix == ".py":
                sys.path.insert(0, str(path.resolve().parent))
            runpy.run_path(program, run_name="__main__")
    except KeyboardInterrupt:
        raise
    except SystemExit as stop:
        if stop.code in (None, 0):
            return 0
        return _failed(report, describe(stop, program))
    except BaseException as error:  # noqa: BLE001 - whatever the user's program raises is reported
        return _failed(report, describe(error, program))
    return 0


def _watch(report: str, program: str, seconds: float) -> None:
    """End the program when its time is over, and say where it was."""
    waiting = threading.main_thread().ident

    def end() -> None:
        frame = sys._current_frames().get(waiting or 0)  # noqa: SLF001 - the only way to ask it
        _failed(report, describe_late(frame, program, seconds))
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _failed(report: str, content: Mapping[str, str]) -> int:
    Path(report).write_text(json.dumps(content), encoding="utf-8")
    return 1


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if code:  # no thread of a program that has failed is waited for
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
