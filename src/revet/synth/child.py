"""Runs a user's program with the lazy load and the loss guard on.

`python -P -m revet.synth.child REPORT PROGRAM ARGUMENT…`: the report is JSON, and it is only
written when the program fails. Until the program itself runs, nothing of its folder is loaded.
"""

from __future__ import annotations

import json
import runpy
import sys
import traceback
from pathlib import Path

from revet.model.errors import RevetError
from revet.synth.lazy import install_lazy_load
from revet.synth.loss import install_loss_guard
from revet.synth.node import select_node

_OURS = str(Path(__file__).parent.parent)


def main(argv: list[str]) -> int:
    """Run the program.

    Args:
        argv: report file, program, its arguments.

    Returns:
        0, or 1 when the program failed and the report says why.
    """
    report, program, *rest = argv
    sys.argv = [program, *rest]
    try:
        select_node()
        install_lazy_load()
        install_loss_guard()
        sys.path.insert(0, str(Path(program).resolve().parent))
        runpy.run_path(program, run_name="__main__")
    except SystemExit as stop:
        if stop.code in (None, 0):
            return 0
        return _failed(report, program, stop, f"it ended with `{stop.code}`")
    except Exception as error:  # noqa: BLE001 - whatever the user's program raises is reported
        text = str(error).strip() or type(error).__name__
        return _failed(report, program, error, f"{type(error).__name__}: {text}")
    return 0


def _failed(report: str, program: str, error: BaseException, got: str) -> int:
    traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_users(frame.filename)]
    line = f"{own[-1].filename}:{own[-1].lineno}" if own else program
    told = error if isinstance(error, RevetError) else None
    content = {
        "line": line,
        "got": got,
        "error": None
        if told is None
        else {"class": type(told).__name__, "what": told.what, **dict(told.fields())},
    }
    Path(report).write_text(json.dumps(content), encoding="utf-8")
    return 1


def _is_users(filename: str) -> bool:
    return "site-packages" not in filename and not filename.startswith(
        (_OURS, "<", f"{sys.base_prefix}/lib/python")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
