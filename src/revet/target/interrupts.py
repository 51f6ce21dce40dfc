"""Passing a Ctrl-C on to a child process: once, and never lost.

Terraform leaves a consistent state when it is interrupted once, and gives up its state when it is
interrupted twice. A terminal sends Ctrl-C to the whole foreground process group, so the child gets
a group of its own, and we pass the interrupt on: the first at once, the third as Terraform's
second.

A signal that arrives just before we begin to wait does not end the wait, so a pipe that the
interpreter writes to does. The handler itself says nothing, for it may have broken into a line
that is being said.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

_ABORT_AT = 3
_PIPE_BYTES = 4096
_Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None
_STOPPING = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None
)


@dataclass(slots=True)
class Interrupts:
    """The interrupts seen so far, and the child that they are passed on to.

    Args:
        on_interrupt: called with the number of interrupts so far, for each one.
        woken: an open file that becomes readable when a signal has come.
        count: how many there were.
        reported: how many of them `on_interrupt` knows of.
        process: the child, once it has started.
    """

    on_interrupt: Callable[[int], None]
    woken: int
    count: int = 0
    reported: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Count an interrupt and pass the first and the third one on."""
        del number, frame
        self.count += 1
        if self.count in (1, _ABORT_AT):
            self.forward()

    def tell(self) -> None:
        """Say what the interrupts since the last time have led to."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.woken, _PIPE_BYTES)
        while self.reported < self.count:
            self.reported += 1
            self.on_interrupt(self.reported)

    def forward(self) -> None:
        """Interrupt the child, if it has started."""
        if self.process is not None and self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGINT)

    def started(self, process: subprocess.Popen[bytes]) -> None:
        """Take the child; an interrupt that came before it is passed on now."""
        self.process = process
        if self.count:
            self.forward()


@contextlib.contextmanager
def listening(on_interrupt: Callable[[int], None]) -> Iterator[Interrupts]:
    """Handle interrupts while the block runs.

    Only the main thread may set handlers; elsewhere the block runs without. A signal that the
    process was told to ignore (`nohup`) stays ignored.

    Args:
        on_interrupt: called with the number of interrupts so far, for each one.
    """
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    stopping = Interrupts(on_interrupt, woken)
    before: dict[int, _Handler] = {}
    waker_before = -1
    try:
        if threading.current_thread() is threading.main_thread():
            waker_before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
            before = {number: signal.getsignal(number) for number in _STOPPING}
            for number, handler in before.items():
                if handler != signal.SIG_IGN:
                    signal.signal(number, stopping.receive)
        yield stopping
    finally:
        for number, handler in before.items():
            if handler != signal.SIG_IGN:
                signal.signal(number, handler)
        if before:
            signal.set_wakeup_fd(waker_before)
        os.close(woken)
        os.close(waker)
