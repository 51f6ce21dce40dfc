"""A child process that a Ctrl-C stops gracefully, once, and that outlives nobody by accident.

Terraform is stopped as `interrupts` says. A kill that we cannot catch interrupts it too (`launch`),
and it can still write what it has to say: it holds the reading end of its own output, so that a
write never ends it. When it is killed itself, its own children, the providers, are ended with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from revet.model.errors import PrerequisiteError, reason
from revet.target.interrupts import Interrupts, listening
from revet.target.wall import Wall

_PIPE_BYTES = 1 << 20
_GRACE_SECONDS = 15.0
"""How long a program whose lifeline has gone may write down what it knows."""
_LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child process ended.

    Args:
        code: its exit code; negative: the signal that ended it.
        interrupts: how often the user asked to stop while it ran.
        seconds: how long it ran.
        lost: whether what it cannot do without went before it.
    """

    code: int
    interrupts: int
    seconds: float
    lost: bool = False


def run(
    argv: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    on_interrupt: Callable[[int], None] = lambda _count: None,
    hold: Sequence[int] = (),
    lifeline: int | None = None,
    wall: Wall | None = None,
) -> Ended:
    """Run a program to its end and hand on each line that it writes, stderr included.

    When `on_line` raises, the program is interrupted and waited for before the exception goes on:
    nothing is left running. Its end is the end of the process itself: a child of it that still
    has its output open is not waited for.

    Args:
        argv: program and arguments.
        directory: working folder.
        environment: the whole environment.
        on_line: called with each line, without its line end.
        on_interrupt: called with the number of interrupts so far, each time the user asks to stop.
        hold: open files that it keeps open as long as it, or a child of it, lives.
        lifeline: an open file that becomes readable when what the program cannot do without has
            gone; the program is stopped then.
        wall: what it must not reach, where the operating system can see to it.

    Raises:
        PrerequisiteError: the program cannot be started.
    """
    began = time.monotonic()
    with listening(on_interrupt) as stopping:
        process, output = _start(argv, directory, environment, hold, wall)
        with os.fdopen(output, "rb", buffering=0), _end_of(process) as ended:
            following = _Following(process, stopping, _Lines(on_line), output, ended, lifeline)
            try:
                stopping.started(process)
                following.to_the_end()
            except BaseException:
                following.lines.hand_on = lambda _line: None
                stopping.on_interrupt = lambda _count: None
                if not stopping.count:
                    stopping.forward()
                following.to_the_end()
                raise
    return Ended(process.returncode, stopping.count, time.monotonic() - began, following.lost)


@dataclass(slots=True)
class _Lines:
    """Bytes as they come, handed on as lines."""

    hand_on: Callable[[str], None]
    rest: bytes = b""

    def take(self, data: bytes) -> None:
        """Hand on the lines that are complete now."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.hand_on(line.decode("utf-8", "replace").rstrip("\r"))

    def end(self) -> None:
        """Hand on a last line without a line end."""
        if self.rest:
            self.take(b"\n")


@dataclass(slots=True)
class _Following:
    """A program that runs: its output, its end and its lifeline, whichever comes."""

    process: subprocess.Popen[bytes]
    stopping: Interrupts
    lines: _Lines
    output: int
    ended: int
    lifeline: int | None
    lost: bool = False
    _kill_at: float | None = None

    def to_the_end(self) -> None:
        """Read until the program has ended, and wait for it."""
        os.set_blocking(self.output, False)
        with selectors.DefaultSelector() as selector:
            for number in (self.output, self.ended, self.stopping.woken):
                selector.register(number, selectors.EVENT_READ)
            if self.lifeline is not None and not self.lost:
                selector.register(self.lifeline, selectors.EVENT_READ)
            while True:
                left = None if self._kill_at is None else self._kill_at - time.monotonic()
                ready = {key.fd for key, _ in selector.select(left)}
                self.stopping.tell()
                if self.output in ready and not self._read():
                    selector.unregister(self.output)
                if self.ended in ready:
                    break
                if self.lifeline in ready:
                    selector.unregister(self.lifeline)
                    self.lost = True
                    self._kill_at = time.monotonic() + _GRACE_SECONDS
                    self.stopping.forward()
                if self._kill_at is not None and time.monotonic() >= self._kill_at:
                    self._kill_at = None
                    _end_group(self.process)
        self._end()

    def _read(self) -> bool:
        """Hand on what there is now; false when nothing will come any more."""
        try:
            data = os.read(self.output, _PIPE_BYTES)
        except BlockingIOError:
            return True
        self.lines.take(data)
        return bool(data)

    def _end(self) -> None:
        """Read what is left, and end the group of a program that was killed.

        Until a program has been waited for, its id, which is the group's too, is nobody else's.
        """
        if self.process.returncode is None:
            how = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)
            killed = how is not None and how.si_code != os.CLD_EXITED
        else:
            killed = self.process.returncode < 0
        if killed:
            _end_group(self.process)
        self.process.wait()
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.output, _PIPE_BYTES):
                self.lines.take(data)
        self.lines.end()
        self.stopping.tell()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def _end_of(process: subprocess.Popen[bytes]) -> Iterator[int]:
    """An open file that becomes readable when a process ends; where it can, before its id is free.

    `pidfd_open(2)` is of Linux 5.3; elsewhere a thread waits.
    """
    handle: int | None = None
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            handle = os.pidfd_open(process.pid)
    if handle is not None:
        try:
            yield handle
        finally:
            os.close(handle)
        return
    reading, writing = os.pipe()

    def wait() -> None:
        process.wait()
        os.close(writing)

    waiting = threading.Thread(target=wait, name="end of a process")
    waiting.start()
    try:
        yield reading
    finally:
        waiting.join()
        os.close(reading)


def _start(
    argv: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    hold: Sequence[int],
    wall: Wall | None,
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a program; returns it and the open file to read what it writes from.

    Raises:
        PrerequisiteError: it cannot be started.
    """
    reading, writing = os.pipe()
    asked, complaints = os.pipe()
    command, passed = list(argv), list(hold)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # room for what it writes when nobody reads any more
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(complaints)]
        command = [*launcher, wall.as_json() if wall else "", *argv]
        passed += [reading, complaints]
    try:
        process = subprocess.Popen(  # noqa: S603 - a program that the caller has found
            command,
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.STDOUT,
            pass_fds=passed,
            process_group=0,
        )
    except OSError as error:
        for number in (reading, asked):
            os.close(number)
        raise _cannot_start(argv[0], error) from error
    finally:
        os.close(writing)
        os.close(complaints)
    with os.fdopen(asked, "rb") as said:
        reason = said.read()
    if reason:
        os.close(reading)
        process.wait()
        refused = OSError(int(reason), os.strerror(int(reason)))
        raise _cannot_start(argv[0], refused) from refused
    return process, reading


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
    said: bytes = b"",
) -> Answer:
    """Run a program that only reads, and return all that it says.

    Args:
        argv: program and arguments.
        environment: the whole environment.
        directory: working folder; ours by default.
        timeout: seconds after which it is ended.
        said: what it reads from its standard input.

    Raises:
        PrerequisiteError: it cannot be started, or does not answer in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a program that the caller has found
            argv,
            cwd=directory,
            env=dict(environment),
            input=said,
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
        got=reason(error),
        expected="a program that may be executed on this machine",
        do="check that the file exists, is executable (`chmod +x`) and is built for this machine",
    )
