"""A user's program, run in a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from revet.files import require_nameable
from revet.model import errors
from revet.model.errors import InputError, RevetError, UsageError
from revet.synth.app import Synthesis, read_synthesis
from revet.synth.exchange import beside, exchange
from revet.synth.node import select_node
from revet.synth.warm import warm_up

_TAIL = 4000


def run_program(
    argv: Sequence[str],
    directory: Path,
    environment: Mapping[str, str] | None = None,
    *,
    hold: Sequence[int] = (),
) -> Synthesis:
    """Run a program that synthesizes, with the lazy load on.

    Args:
        argv: the Python file and its arguments (`["tap.py"]`), or any other command, which then
            runs as it is, without the lazy load.
        directory: output folder; made with its parents. The program writes beside it, into what
            it gets as `CDKTF_OUTDIR`, and a complete synthesis takes the place of the last one.
        environment: of the program; this process's by default.
        hold: open files, such as a lock, that the program keeps open as long as it runs.

    Returns:
        What the program wrote; `output` holds what it printed.

    Raises:
        UsageError: no such program.
        RevetError: what the program itself raised, of the same class, when it is one of ours.
        InputError: it failed in another way, or wrote no synthesis.
        PrerequisiteError: no Node.js, jsii's cache cannot be filled, or the folder has a name
            that is not UTF-8.
    """
    environ = dict(os.environ if environment is None else environment)
    select_node(environ)
    if not argv:
        raise UsageError("no program to run", expected="a Python file", do="name one")
    is_python = argv[0].endswith(".py")
    if is_python and not Path(argv[0]).is_file():
        raise UsageError(
            "the program does not exist",
            where=argv[0],
            got=f"no such file in `{Path.cwd()}`",
            expected="the Python file that makes the app",
            do="name it, or run from its folder",
        )
    directory = directory.absolute()
    require_nameable(directory)
    fresh = beside(directory)
    environ["CDKTF_OUTDIR"] = str(fresh)
    if is_python:
        warm_up()
    with tempfile.TemporaryDirectory(prefix="revet-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-P", "-m", "revet.synth.child", str(report)]
        done = subprocess.run(  # noqa: S603 - the user's own program
            [*(command if is_python else ()), *argv],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            pass_fds=hold,
        )
        if done.returncode:
            told = report.read_text(encoding="utf-8") if report.is_file() else "{}"
            raise _failure(argv, done.returncode, done.stdout, json.loads(told))
    read_synthesis(fresh, guarded=is_python)
    exchange(directory, fresh)
    return read_synthesis(directory, done.stdout, guarded=is_python)


def _failure(
    argv: Sequence[str], code: int, output: str, report: Mapping[str, object]
) -> RevetError:
    raised = report.get("error")
    if isinstance(raised, dict):
        kind = getattr(errors, str(raised.get("class")), RevetError)
        if (
            isinstance(kind, type)
            and issubclass(kind, RevetError)
            and kind.__init__ is (RevetError.__init__)
        ):
            fields = {name: str(raised.get(name, "")) for name in ("got", "expected", "do")}
            where = ", ".join(filter(None, [str(raised.get("where", "")), str(report["line"])]))
            return kind(str(raised["what"]), where=where, **fields)
    return InputError(
        "the program failed",
        where=str(report.get("line", argv[0])),
        got=str(report.get("got", f"exit code {code}\n{output[-_TAIL:].strip()}")),
        expected="a program that ends with `app.synth()`",
        do=f"run `{' '.join(argv)}` by itself to see the whole traceback",
    )
