"""A user's program, run in a child process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.files import require_nameable
from revet.model import errors
from revet.model.errors import InputError, ProgramError, RevetError
from revet.synth.app import TARGET_VERSIONS, Synthesis, read_synthesis
from revet.synth.command import Command, Kind, resolve_command
from revet.synth.exchange import beside, exchange
from revet.synth.jsii_cache import warm_up
from revet.synth.node import select_node

TIME_LIMIT = 600.0
"""Seconds that a program may take. The largest apps we know synthesize within one minute."""

_CONTEXT = "CDKTF_CONTEXT_JSON"
"""Where `cdktn.App` reads context that the program does not give it (cdktn 0.24, `app.ts`)."""

_GRACE = 60.0
"""Seconds more that a Python program may take to start, and to say where it is at the end."""

_TAIL = 4000
_KEPT = 1 << 20
_CHUNK = 1 << 16


def run_program(
    argv: Sequence[str],
    directory: Path,
    environment: Mapping[str, str] | None = None,
    *,
    hold: Sequence[int] = (),
    folder: Path | None = None,
    time_limit: float = TIME_LIMIT,
) -> Synthesis:
    """Run a program that synthesizes, with the lazy load on.

    Args:
        argv: a Python file and its arguments (`["tap.py"]`, or `["python", "tap.py"]`), a module
            (`["python", "-m", "tap"]`), or any other command, which then runs as it is, without
            the lazy load.
        directory: output folder; made with its parents. The program writes beside it, into what
            it gets as `CDKTF_OUTDIR`, and a complete synthesis takes the place of the last one.
        environment: of the program; this process's by default.
        hold: open files, such as a lock, that the program keeps open as long as it runs.
        folder: where the program runs, and what its path is relative to; by default the current
            one.
        time_limit: seconds after which a program that has not ended is ended.

    Returns:
        What the program wrote; `output` holds the end of what it printed, at most 1 MiB.

    Raises:
        UsageError: no such program.
        RevetError: what the program itself raised, of the same class, when it is one of ours.
        ProgramError: it failed in another way, wrote no synthesis, or did not end in time.
        PrerequisiteError: no Node.js, jsii's cache cannot be filled, or the folder has a name
            that is not UTF-8.
    """
    environ = dict(os.environ if environment is None else environment)
    select_node(environ)
    command = resolve_command(argv, folder or Path.cwd(), environ)
    directory = directory.absolute()
    require_nameable(directory)
    fresh = beside(directory)
    environ["CDKTF_OUTDIR"] = str(fresh)
    environ[_CONTEXT] = _context(environ.get(_CONTEXT, ""))
    is_python = command.kind is not Kind.OTHER
    if is_python:
        warm_up()
    with tempfile.TemporaryDirectory(prefix="revet-") as private:
        report = Path(private) / "report.json"
        ended = _run(_words(command, report, time_limit), command, environ, hold, time_limit)
        said = _said(report)
    if ended.late or ended.code or said:
        raise _failure(command, ended, said, time_limit)
    try:
        read_synthesis(fresh, guarded=is_python)
    except InputError as error:
        raise _not_synthesized(command, error, ended) from error
    exchange(directory, fresh)
    return read_synthesis(directory, ended.output, guarded=is_python)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a program ended: its exit code, the end of what it printed, whether it was too late."""

    code: int
    output: str
    late: bool

    @property
    def tail(self) -> str:
        return self.output[-_TAIL:].strip()


def _context(given: str) -> str:
    """The user's context for the app, and the versions that a plain `cdktn.App()` shall target."""
    try:
        context = json.loads(given or "{}")
    except ValueError:
        return given  # the app says what is wrong with it
    if not isinstance(context, dict):
        return given
    return json.dumps({"targetVersions": TARGET_VERSIONS, **context})


def _words(command: Command, report: Path, time_limit: float) -> list[str]:
    if command.kind is Kind.OTHER:
        return list(command.argv)
    child = ("-m", "revet.synth.child", str(report), str(time_limit), command.kind.value)
    return [sys.executable, "-P", *command.options, *child, *command.argv]


def _run(
    words: Sequence[str],
    command: Command,
    environment: Mapping[str, str],
    hold: Sequence[int],
    time_limit: float,
) -> _Ended:
    """Run it to its end; of what it prints only the end is kept, however much that is."""
    tail = bytearray()
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603 - the user's own program
        words,
        cwd=command.directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=hold,
        start_new_session=True,  # so that what it has started ends with it
    ) as process:

        def end() -> None:
            late.set()
            _kill(process)

        more = 0.0 if command.kind is Kind.OTHER else _GRACE
        timer = threading.Timer(time_limit + more, end)
        timer.daemon = True
        timer.start()
        try:
            while process.stdout and (chunk := process.stdout.read1(_CHUNK)):  # type: ignore[attr-defined]
                tail += chunk
                del tail[:-_KEPT]
            code = process.wait()
        except BaseException:
            _kill(process)
            raise
        finally:
            timer.cancel()
    return _Ended(code, tail.decode(errors="replace"), late.is_set())


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _said(report: Path) -> Mapping[str, Any]:
    """What the child says of its failure; nothing when it could not, as when it was killed."""
    try:
        content = json.loads(report.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _failure(
    command: Command, ended: _Ended, report: Mapping[str, Any], time_limit: float
) -> RevetError:
    if "what" in report:
        kind = getattr(errors, str(report.get("class")), ProgramError)
        known = isinstance(kind, type) and issubclass(kind, RevetError)
        if not known or kind.__init__ is not RevetError.__init__:
            kind = ProgramError
        fields = {name: str(report.get(name, "")) for name in ("where", "got", "expected", "do")}
        fields["do"] = fields["do"] or _see(command)
        raised: RevetError = kind(str(report["what"]), **fields)
        return raised
    if ended.late:
        return ProgramError(
            f"the program did not end within {time_limit:g} seconds",
            where=command.shown,
            got=_printed(ended) or "nothing printed",
            expected="a program that ends with `app.synth()`",
            do="look what it waits for; it gets no input",
        )
    if ended.code < 0:
        return ProgramError(
            "the program was killed",
            where=command.shown,
            got=f"{_signal(-ended.code)}\n{ended.tail}".strip(),
            expected="a program that ends with `app.synth()`",
            do=_see(command),
        )
    return ProgramError(
        "the program failed",
        where=command.shown,
        got=f"exit code {ended.code}\n{ended.tail}".strip(),
        expected="exit code 0, after `app.synth()`",
        do=_see(command),
    )


def _not_synthesized(command: Command, error: InputError, ended: _Ended) -> ProgramError:
    printed = f"; it printed: {_printed(ended)}" if ended.tail else ""
    return ProgramError(
        error.what,
        where=f"{command.shown}, {error.where}",
        got=f"{error.got}{printed}",
        expected=error.expected,
        do=error.do,
    )


def _printed(ended: _Ended) -> str:
    return "\n".join(ended.tail.splitlines()[-3:])


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return f"{name}, for want of memory perhaps" if number == signal.SIGKILL else name


def _see(command: Command) -> str:
    return f"run `{command.by_itself}` in `{command.directory}` to see the whole traceback"
