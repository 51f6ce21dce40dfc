"""The process that all functions are forked from.

The daemon starts no programs (`egress`), so this one is forked before it shuts itself in. It holds
the AWS SDK loaded, as Lambda's runtime does, which makes a cold start quick; it ends all functions
when the daemon ends, however that happens, because then its socket does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import select
import shutil
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.embedded.functions import isolation, runner
from revet.model.errors import EmbeddedError

_PIECE = 65_536
_CHANNEL = 3
_MOST_FDS = 64
_ANSWER_SECONDS = 60.0
_END_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Spawned:
    """A function's process.

    Args:
        pid: of it; it leads a process group.
        channel: to it.
        output: file descriptor; what it prints can be read there.
    """

    pid: int
    channel: socket.socket
    output: int


class Launcher:
    """The daemon's end.

    Args:
        control: socket to the launcher's process.
        folder: the functions' packages are unpacked there; gone when the launcher ends.
    """

    def __init__(self, control: socket.socket, folder: Path) -> None:
        self.folder = folder
        self._control = control
        self._spawning = threading.Lock()
        self._spawned: queue.Queue[Spawned | None] = queue.Queue()
        self._changed = threading.Condition()
        self._ended: dict[int, int] = {}
        self._received = bytearray()
        self._fds: list[int] = []
        hello = self._message()
        if hello is None:
            raise EmbeddedError("the process that functions are forked from did not start")
        self.network: str = hello["network"]
        self.why: str = hello["why"]
        self.listener = socket.socket(fileno=self._fds.pop(0)) if self.network else None
        self._reading = threading.Thread(target=self._read, name="launcher", daemon=True)
        self._reading.start()

    def spawn(self, spec: dict[str, Any]) -> Spawned:
        """Start a function's process.

        Args:
            spec: `environment`, `handler`, `task` (folder of its code), `paths` (code, layers),
                `runtime` (folder of the SDK), `memory` (MiB) and `port` (of the gateway).

        Raises:
            EmbeddedError: the launcher has ended.
        """
        with self._spawning:
            try:
                self._control.sendall(json.dumps(spec).encode() + b"\n")
                made = self._spawned.get(timeout=_ANSWER_SECONDS)
            except (OSError, queue.Empty) as error:
                raise _gone() from error
        if made is None:
            raise _gone()
        return made

    def ended(self, pid: int, seconds: float) -> int | None:
        """How a process ended, as `os.waitpid` says it; none when it did not in that time."""
        with self._changed:
            self._changed.wait_for(lambda: pid in self._ended, seconds)
            return self._ended.pop(pid, None)

    def close(self) -> None:
        """End all functions, and wait (30 s at most) until they and their folder are gone."""
        with contextlib.suppress(OSError):  # its process has ended
            self._control.shutdown(socket.SHUT_WR)
        self._reading.join(_END_SECONDS)
        self._control.close()

    def _read(self) -> None:
        while (message := self._message()) is not None:
            if "spawned" in message:
                channel, output = socket.socket(fileno=self._fds.pop(0)), self._fds.pop(0)
                self._spawned.put(Spawned(message["spawned"], channel, output))
            else:
                with self._changed:
                    self._ended[message["ended"]] = message["status"]
                    self._changed.notify_all()
        self._spawned.put(None)

    def _message(self) -> dict[str, Any] | None:
        while b"\n" not in self._received:
            try:
                data, fds, _, _ = socket.recv_fds(self._control, _PIECE, _MOST_FDS)
            except OSError:
                return None
            if not data:
                return None
            self._received += data
            self._fds += fds
        line, _, rest = self._received.partition(b"\n")
        self._received = bytearray(rest)
        message: dict[str, Any] = json.loads(line)
        return message


def _gone() -> EmbeddedError:
    return EmbeddedError(
        "the process that functions are forked from has ended",
        do="stop the embedded AWS and start it again",
    )


def start_launcher(folder: Path, hidden: tuple[Path, ...]) -> Launcher:
    """Fork the launcher.

    Args:
        folder: of the functions' packages.
        hidden: folders that functions must not see.
    """
    ours, theirs = socket.socketpair()
    if os.fork() == 0:  # pragma: no cover - runs in the child
        ours.close()
        try:
            _launch(theirs, folder, hidden)
        finally:
            os._exit(1)
    theirs.close()
    return Launcher(ours, folder)


def _launch(control: socket.socket, folder: Path, hidden: tuple[Path, ...]) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    kept = control.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
    why = isolation.own_network(hidden)
    listener = None if why else socket.create_server(("127.0.0.1", 0), backlog=512)
    hello = {"network": "" if why else "namespace", "why": why}
    _say(control, hello, [listener.fileno()] if listener else [])
    own_port = listener.getsockname()[1] if listener else 0
    if listener:
        listener.close()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: set[int] = set()
    received = bytearray()
    try:
        while True:
            ready, _, _ = select.select([kept, woken], [], [])
            if woken in ready:
                os.read(woken, _PIECE)
                _reap(control, running)
            if kept in ready:
                data = control.recv(_PIECE)
                if not data:
                    return
                received += data
            while b"\n" in received:
                line, _, rest = received.partition(b"\n")
                received = bytearray(rest)
                _spawn(control, json.loads(line), own_port, running)
    finally:
        for pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _say(control: socket.socket, message: dict[str, Any], fds: list[int]) -> None:
    data = json.dumps(message).encode() + b"\n"
    if fds:
        socket.send_fds(control, [data], fds)
    else:
        control.sendall(data)


def _reap(control: socket.socket, running: set[int]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        running.discard(pid)
        _say(control, {"ended": pid, "status": os.waitstatus_to_exitcode(status)}, [])


def _spawn(control: socket.socket, spec: dict[str, Any], own_port: int, running: set[int]) -> None:
    _preload(spec["runtime"])
    ours, theirs = socket.socketpair()
    reader, writer = os.pipe()
    port = own_port or spec["port"]
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:  # pragma: no cover - runs in the child
        try:
            _become(theirs, writer, spec, port, isolated=bool(own_port), parent=parent)
        except BaseException:  # noqa: BLE001 - the launcher's code must not go on in the child
            sys.excepthook(*sys.exc_info())
        os._exit(0)
    running.add(pid)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    theirs.close()
    os.close(writer)
    _say(control, {"spawned": pid}, [ours.fileno(), reader])
    ours.close()
    os.close(reader)


def _preload(runtime: str) -> None:
    """Load the SDK once, for all functions."""
    if "boto3" in sys.modules:
        return
    sys.path.insert(0, runtime)
    try:
        for name in ("boto3", "s3transfer.manager", "botocore.httpsession", "botocore.signers"):
            with contextlib.suppress(ImportError):
                __import__(name)
    finally:
        sys.path.remove(runtime)
    gc.collect()
    gc.freeze()


def _become(
    theirs: socket.socket,
    writer: int,
    spec: dict[str, Any],
    port: int,
    *,
    isolated: bool,
    parent: int,
) -> None:  # pragma: no cover - runs in the child
    """Turn a fresh fork into a function's process, and run it."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    isolation.die_with(parent)
    null = os.open(os.devnull, os.O_RDONLY)
    channel = os.dup(theirs.fileno())
    for source, target in ((null, 0), (writer, 1), (writer, 2), (channel, _CHANNEL)):
        os.dup2(source, target)
    theirs.detach()
    os.closerange(_CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
    os.set_inheritable(_CHANNEL, False)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the process's life
    sys.stdout = open(1, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115 - likewise
    sys.stderr = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115 - likewise
    os.environ.clear()
    os.environ.update(
        {
            name: text.format(port=port) if name in _PROXIES else text
            for name, text in spec["environment"].items()
        }
    )
    os.chdir(spec["task"])
    isolation.limit(spec["memory"])
    if not isolated:
        isolation.only_gateway(port)
    runner.run(socket.socket(fileno=_CHANNEL), spec)
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()


_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")
