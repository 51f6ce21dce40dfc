"""A child process that a Ctrl-C stops gracefully, once.

Terraform leaves a consistent state when it is interrupted once, and gives up its state when it is
interrupted twice. A terminal sends Ctrl-C to the whole foreground process group, so the child gets
a group of its own, and we pass the interrupt on: the first at once, the third as Terraform's
second.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from revet.model.errors import PrerequisiteError

_ABORT_AT = 3
_STOPPING = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child process ended.

    Args:
        code: its exit code; negative: the signal that ended it.
        interrupts: how often the user asked to stop while it ran.
        seconds: how long it ran.
    """

    code: int
    interrupts: int
    seconds: float


@dataclass(slots=True)
class _Stopping:
    """The interrupts seen so far, and the child that they are passed on to."""

    on_interrupt: Callable[[int], None]
    count: int = 0
    process: subprocess.Popen[str] | None = field(default=None)

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Count an interrupt and pass the first and the third one on."""
        del number, frame
        self.count += 1
        if self.count in (1, _ABORT_AT):
            self.forward()
        self.on_interrupt(self.count)

    def forward(self) -> None:
        """Interrupt the child, if it has started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)

    def started(self, process: subprocess.Popen[str]) -> None:
        """Take the child; an interrupt that came before it is passed on now."""
        self.process = process
        if self.count:
            self.forward()


@contextlib.contextmanager
def _listening(stopping: _Stopping) -> Iterator[None]:
    """Handle interrupts while the block runs.

    Only the main thread may set handlers; elsewhere the block runs without. A signal that the
    process was told to ignore (`nohup`) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _STOPPING}
    heard = [number for number, handler in before.items() if handler != signal.SIG_IGN]
    try:
        for number in heard:
            signal.signal(number, stopping.receive)
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _ignore(count: int) -> None:
    del count


def run(
    argv: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    on_interrupt: Callable[[int], None] = _ignore,
) -> Ended:
    """Run a program to its end and hand on each line that it writes, stderr included.

    When `on_line` raises, the program is interrupted and waited for before the exception goes on:
    nothing is left running.

    Args:
        argv: program and arguments.
        directory: working folder.
        environment: the whole environment.
        on_line: called with each line, without its line end.
        on_interrupt: called with the number of interrupts so far, each time the user asks to stop.

    Raises:
        PrerequisiteError: the program cannot be started.
    """
    began = time.monotonic()
    stopping = _Stopping(on_interrupt)
    with _listening(stopping):
        try:
            process = subprocess.Popen(  # noqa: S603 - a program that the caller has found
                argv,
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
        except OSError as error:
            raise _cannot_start(argv[0], error) from error
        with process:
            stopping.started(process)
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            try:
                for line in process.stdout:
                    on_line(line.rstrip("\r\n"))
                code = process.wait()
            except BaseException:
                if process.poll() is None and not stopping.count:
                    stopping.forward()
                for _ in process.stdout:
                    pass
                process.wait()
                raise
    return Ended(code, stopping.count, time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a short program said.

    Args:
        code: its exit code.
        stdout: the bytes that it wrote to standard output.
        stderr: the text that it wrote to standard error.
    """

    code: int
    stdout: bytes
    stderr: str


def ask(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    directory: Path | None = None,
    timeout: float | None = None,
) -> Answer:
    """Run a program that only reads, and return all that it says.

    Args:
        argv: program and arguments.
        environment: the whole environment.
        directory: working folder; ours by default.
        timeout: seconds after which it is ended.

    Raises:
        PrerequisiteError: it cannot be started, or does not answer in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a program that the caller has found
            argv,
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise PrerequisiteError(
            "a program does not answer",
            where=argv[0],
            got=f"nothing within {timeout:.0f} s from `{' '.join(argv)}`",
            do="run the command by hand and see what it waits for",
        ) from error
    except OSError as error:
        raise _cannot_start(argv[0], error) from error
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def _cannot_start(program: str, error: OSError) -> PrerequisiteError:
    return PrerequisiteError(
        "a program cannot be started",
        where=program,
        got=(error.strerror or str(error)).lower(),
        expected="a program that may be executed on this machine",
        do="check that the file exists, is executable (`chmod +x`) and is built for this machine",
    )
