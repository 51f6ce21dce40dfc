"""What a running step does: a live display on a terminal, a few plain lines elsewhere.

Both go to stderr, so that stdout holds the result alone.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from revet.report.words import one_line

if TYPE_CHECKING:
    from revet.target.events import Event, Observer

Clock = Callable[[], float]

_FIRST_LINE_AFTER = 30.0
_NEXT_LINE_AFTER = 60.0
_SHOWN = 8
_SLOW = 5.0
_MANY = "…"


@dataclass(slots=True)
class Step:
    """One step of the road.

    Args:
        name: of the step.
        since: when it began, on the board's clock.
        total: resources that it is going to change; 0 while that is not known.
        done: how many of them it has changed.
        took: seconds that it took; negative while it runs.
        detail: the last note.
        errors: what failed, one line each.
    """

    name: str
    since: float
    total: int = 0
    done: int = 0
    took: float = -1.0
    detail: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether it still runs."""
        return self.took < 0


@dataclass(slots=True)
class Waiting:
    """A resource that is being worked on.

    Args:
        address: of the instance.
        action: what is done to it.
        since: when that began, on the board's clock.
        next_line: seconds after which a plain line says that it still runs.
    """

    address: str
    action: str
    since: float
    next_line: float = _FIRST_LINE_AFTER


class Board:
    """What is known of all steps, made of events.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.clock = clock
        self.steps: list[Step] = []
        self.waiting: dict[str, Waiting] = {}

    def take(self, event: Event) -> Step:
        """Take an event in; returns the step that it belongs to."""
        now = self.clock()
        step = self._step(event.step, now, begins=event.kind == "step_start")
        step.total = event.total or step.total
        match event.kind:
            case "step_done":
                step.took = event.elapsed or now - step.since
                self.waiting.clear()
            case "resource_start":
                self.waiting[event.address] = Waiting(event.address, event.action, now)
            case "resource_done":
                self.waiting.pop(event.address, None)
                step.done += event.action != "refresh"
            case "resource_error":  # a diagnostic follows and says why
                self.waiting.pop(event.address, None)
            case "diagnostic" if event.action == "error":
                step.errors.append(f"{event.address}: {event.detail}".removeprefix(": "))
            case "note":
                step.detail = event.detail
            case "fetch":
                step.detail = "; ".join(filter(None, (step.detail, event.detail)))
            case _:
                pass
        return step

    def _step(self, name: str, now: float, *, begins: bool) -> Step:
        running = [step for step in self.steps if step.runs and step.name == name]
        if not running or begins:
            for step in self.steps:
                if step.runs:  # it ended without a word: it failed
                    step.took = now - step.since
            self.waiting.clear()
            running = [Step(name, now)]
            self.steps += running
        return running[-1]

    def slow(self) -> list[tuple[Waiting, float]]:
        """What is being worked on and for how long, the longest first."""
        now = self.clock()
        rows = [(item, now - item.since) for item in self.waiting.values()]
        return sorted(rows, key=lambda row: (-row[1], row[0].address))


def why_slow(address: str, action: str) -> str:
    """Why a resource takes long, where that is known; empty otherwise.

    Args:
        address: of the instance.
        action: `create` or `delete`; others have no known wait.
    """
    # Not needed to parse a call:
    from revet.plan.address import type_of  # noqa: PLC0415
    from revet.plan.terraform_types import terraform_type  # noqa: PLC0415

    wait = terraform_type(type_of(address)).waits
    seconds = (
        0.0 if wait is None else {"create": wait.create, "delete": wait.destroy}.get(action, 0)
    )
    return f"about {seconds:.0f} s; the provider itself waits" if seconds else ""


class Plain:
    """Lines for logs: steps, errors, and now and then what takes long.

    Args:
        stream: where they go.
        clock: seconds that only grow.
    """

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic) -> None:
        self.board = Board(clock)
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Take an event in, and write a line if it is worth one."""
        step = self.board.take(event)
        with contextlib.suppress(OSError):  # a step does not end because nobody reads of it
            for line in self._lines(event, step):
                print(one_line(line), file=self._stream, flush=True)

    def _lines(self, event: Event, step: Step) -> Iterator[str]:
        if event.kind == "step_start":
            yield f"{step.name}: {step.total} to change" if step.total else f"{step.name} {_MANY}"
        elif event.kind == "step_done":
            detail = f" ({step.detail})" if step.detail else ""
            yield f"{step.name}: done in {step.took:.1f} s{detail}"
        elif event.kind == "diagnostic" and event.action == "error":
            yield f"{step.name}: failed: {step.errors[-1]}"
        elif event.kind == "fetch":
            yield f"{step.name}: {event.detail}"
        elif event.kind == "resource_progress":
            yield from self._still(event, step)

    def _still(self, event: Event, step: Step) -> Iterator[str]:
        waiting = self.board.waiting.get(event.address)
        if waiting is not None and event.elapsed >= waiting.next_line:
            waiting.next_line = event.elapsed + _NEXT_LINE_AFTER
            why = why_slow(event.address, waiting.action)
            reason = f" ({why})" if why else ""
            yield f"{step.name}: {event.address} {waiting.action} {event.elapsed:.0f} s{reason}"


def drawn(board: Board, *, unicode: bool = True) -> Iterator[tuple[str, str]]:
    """The board as lines for a terminal, each with its style.

    Args:
        board: what is known.
        unicode: whether the terminal can show more than ASCII.
    """
    done, failed, runs = ("✓", "✗", "▸") if unicode else ("+", "x", ">")
    for step in board.steps:
        elapsed = board.clock() - step.since if step.runs else step.took
        mark = runs if step.runs else (failed if step.errors else done)
        style = "bold" if step.runs else ("red" if step.errors else "green")
        count = f"  {step.done} of {step.total} done" if step.total and step.runs else ""
        detail = f"  {step.detail}" if step.detail else ""
        yield one_line(f"{mark} {step.name:<10}{elapsed:>7.1f} s{count}{detail}"), style
        for error in step.errors:
            yield one_line(f"    {error}"), "red"
    slow = board.slow()
    for waiting, seconds in slow[:_SHOWN]:
        why = why_slow(waiting.address, waiting.action) if seconds >= _SLOW else ""
        reason = f"  ({why})" if why else ""
        yield (
            one_line(f"    {waiting.address}  {waiting.action} {seconds:.0f} s{reason}"),
            "yellow" if why else "dim",
        )
    if len(slow) > _SHOWN:
        yield f"    and {len(slow) - _SHOWN} more in progress", "dim"


@contextmanager
def progress(stream: TextIO | None = None) -> Iterator[Observer]:
    """An observer that shows progress while the block runs.

    Args:
        stream: where it shows it; stderr by default. A terminal gets a live display.
    """
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        yield Plain(stream)
        return
    from rich.console import Console, Group  # noqa: PLC0415 - only a terminal needs it
    from rich.live import Live  # noqa: PLC0415 - same
    from rich.text import Text  # noqa: PLC0415 - same

    board = Board()
    console = Console(file=stream)
    unicode = console.encoding.lower().startswith("utf")

    def draw() -> Group:
        rows = list(drawn(board, unicode=unicode))
        return Group(
            *(Text(line, style=style, no_wrap=True, overflow="ellipsis") for line, style in rows)
        )

    live = Live(console=console, get_renderable=draw, refresh_per_second=4, redirect_stderr=False)

    def show(event: Event) -> None:
        board.take(event)
        if event.kind == "pause":
            live.stop()
        elif event.kind == "resume":
            live.start()

    with live:
        yield show
