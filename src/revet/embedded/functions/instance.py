"""One process of a function: started once, then one event at a time.

Between events it is frozen: nothing of it runs, and what its modules hold stays. Source: AWS Lambda
Developer Guide, "Understanding the Lambda execution environment lifecycle".
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from revet.embedded.automation.api import Caller
from revet.embedded.call import Session
from revet.embedded.functions import frames
from revet.embedded.functions.definition import Definition
from revet.embedded.functions.launcher import Launcher, Spawned

_LOOK_SECONDS = 0.02
_PIECE = 65_536
_MIB = 1024 * 1024
_INIT_SECONDS = 10.0
"""For a function's code to be loaded; more when its timeout is longer."""
_END_SECONDS = 5.0
_MOST_OUTPUT = 8 * _MIB
_PAGE = os.sysconf("SC_PAGE_SIZE")
TIMED_OUT = "Sandbox.Timedout"
EXITED = "Runtime.ExitError"
OUT_OF_MEMORY = "Runtime.OutOfMemory"


@dataclass(slots=True)
class Outcome:
    """What became of one event.

    Args:
        payload: the handler's answer or the error, JSON.
        kind: type of the error; empty when there is none.
        output: what the function printed.
        seconds: that it took.
        memory: MiB that it used at most.
        is_over: whether the process has ended.
    """

    payload: bytes = b""
    kind: str = ""
    output: bytes = b""
    seconds: float = 0.0
    memory: int = 0
    is_over: bool = False


@dataclass(slots=True)
class Instance:
    """A function's process, and the session that it works as.

    Args:
        definition: what it runs.
        session: of the function's role.
        caller: makes calls as that session for Lambda itself.
        stream: name of its log stream.
        process: of it.
        launcher: that started it.
        used: moment of its last use, on the monotonic clock.
        is_over: whether it has ended.
        has_stream: whether its log stream was made.
    """

    definition: Definition
    session: Session
    caller: Caller
    stream: str
    process: Spawned
    launcher: Launcher
    used: float = 0.0
    is_over: bool = False
    has_stream: bool = False
    _received: bytearray = field(default_factory=bytearray)
    _output: bytearray = field(default_factory=bytearray)
    _memory: int = 0
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        """Watch both ends."""
        os.set_blocking(self.process.output, False)
        self._selector.register(self.process.channel, selectors.EVENT_READ)
        self._selector.register(self.process.output, selectors.EVENT_READ)

    def initialize(self, request_id: str) -> Outcome:
        """Wait until its code is loaded.

        Args:
            request_id: of the event that it was started for.
        """
        most = max(_INIT_SECONDS, float(self.definition.timeout))
        return self._wait(request_id, most)

    def serve(self, header: dict[str, Any], payload: bytes) -> Outcome:
        """Let it work on one event, and freeze it again.

        Args:
            header: `request_id`, `arn`, `trace`, `client_context`.
            payload: JSON.
        """
        timeout = float(self.definition.timeout)
        self._signal(signal.SIGCONT)
        message = frames.pack({**header, "deadline": time.time() + timeout}, payload)
        started = time.monotonic()
        with contextlib.suppress(OSError):  # it has ended; why is found out like any other end
            self.process.channel.sendall(message)
        outcome = self._wait(header["request_id"], timeout)
        outcome.seconds = time.monotonic() - started
        if not outcome.is_over:
            self._signal(signal.SIGSTOP)
        return outcome

    def close(self) -> None:
        """End the process."""
        self._signal(signal.SIGKILL)
        self.launcher.ended(self.process.pid, _END_SECONDS)
        self._release()

    def _release(self) -> None:
        self._selector.close()
        self.process.channel.close()
        with contextlib.suppress(OSError):
            os.close(self.process.output)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def _wait(self, request_id: str, seconds: float) -> Outcome:
        end = time.monotonic() + seconds
        self._memory = 0
        while (left := end - time.monotonic()) > 0:
            over = self._look(min(left, _LOOK_SECONDS))
            message = frames.unpack(self._received)
            if message is not None:
                return self._answered(*message)
            if over:
                return self._ended(request_id)
            if self._memory > self.definition.memory:
                self._signal(signal.SIGKILL)
                return self._ended(request_id)
        self._signal(signal.SIGKILL)
        self.launcher.ended(self.process.pid, _END_SECONDS)
        text = f"Error: Task timed out after {self.definition.timeout:.2f} seconds"
        return self._failed(TIMED_OUT, f"RequestId: {request_id} {text}")

    def _look(self, seconds: float) -> bool:
        """Take what has come; whether the process has hung up."""
        over = False
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self.process.channel:
                try:
                    data = self.process.channel.recv(_PIECE)
                except OSError:
                    data = b""
                self._received += data
                over = not data
            else:
                self._drain()
        self._measure()
        return over

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self.process.output, _PIECE)
            except OSError:  # nothing more for now
                return
            if not data:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(self.process.output)
                return
            if len(self._output) < _MOST_OUTPUT:
                self._output += data

    def _measure(self) -> None:
        try:
            text = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii")
        except OSError:  # it has ended, or this system has no /proc
            return
        self._memory = max(self._memory, int(text.split()[1]) * _PAGE // _MIB)

    def _answered(self, header: dict[str, Any], payload: bytes) -> Outcome:
        self._drain()
        self._memory = min(self._memory, self.definition.memory)
        over = header["kind"] == "init-error"
        if over:
            self.launcher.ended(self.process.pid, _END_SECONDS)
        kind = ""
        if header["kind"] in ("error", "init-error"):
            kind = str(json.loads(payload)["errorType"])
        return self._outcome(payload, kind, is_over=over)

    def _ended(self, request_id: str) -> Outcome:
        status = self.launcher.ended(self.process.pid, _END_SECONDS)
        self._signal(signal.SIGKILL)  # what it has started
        how = "without providing a reason"
        if status is not None and status < 0:
            name = "killed" if status == -signal.SIGKILL else signal.Signals(-status).name.lower()
            how = f"with error: signal: {name.removeprefix('sig')}"
        elif status:
            how = f"with error: exit status {status}"
        return self._failed(EXITED, f"RequestId: {request_id} Error: Runtime exited {how}")

    def _failed(self, kind: str, message: str) -> Outcome:
        self._drain()
        payload = json.dumps({"errorType": kind, "errorMessage": message}).encode()
        return self._outcome(payload, kind, is_over=True)

    def _outcome(self, payload: bytes, kind: str, *, is_over: bool) -> Outcome:
        output = bytes(self._output)
        self._output.clear()
        memory = self._memory
        if is_over:
            self._signal(signal.SIGKILL)
            self._release()
        return Outcome(payload, kind, output, 0.0, memory, is_over)
