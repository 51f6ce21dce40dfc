from __future__ import annotations

import errno
import io
import os
import pty
import sys

import pytest

from revet.cli.progress import Board, Plain, drawn, progress, why_slow
from revet.target.events import Event


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


DATABASE = "aws_db_instance.db"


def _plain(*events: tuple[float, Event]) -> list[str]:
    clock, stream = Clock(), io.StringIO()
    plain = Plain(stream, clock)
    for moment, event in events:
        clock.now = 100.0 + moment
        plain(event)
    return stream.getvalue().splitlines()


def test_plain_lines_are_few() -> None:
    lines = _plain(
        (0, Event("step_start", "apply", total=2)),
        (0, Event("resource_start", "apply", "aws_s3_bucket.a", "create", total=2)),
        (1, Event("resource_done", "apply", "aws_s3_bucket.a", "create", 1.0, total=2)),
        (1, Event("resource_start", "apply", DATABASE, "create", total=2)),
        *(
            (1 + s, Event("resource_progress", "apply", DATABASE, "create", float(s), total=2))
            for s in range(10, 130, 10)
        ),
        (130, Event("resource_done", "apply", DATABASE, "create", 129.0, total=2)),
        (130, Event("step_done", "apply", elapsed=130.0, total=2)),
    )
    why = "about 80 s; the provider itself waits"
    assert lines == [
        "apply: 2 to change",
        f"apply: {DATABASE} create 30 s ({why})",
        f"apply: {DATABASE} create 90 s ({why})",
        "apply: done in 130.0 s",
    ]


def test_plain_lines_name_what_failed() -> None:
    lines = _plain(
        (0, Event("step_start", "apply")),
        (0, Event("diagnostic", "apply", "a.b", "warning", detail="deprecated")),
        (0, Event("resource_error", "apply", "a.b", "create")),
        (0, Event("diagnostic", "apply", "a.b", "error", detail="creating: denied\nnow")),
    )
    assert lines[1:] == ["apply: failed: a.b: creating: denied\\nnow"]


def test_board_counts_changes_but_not_refreshes() -> None:
    board = Board(Clock())
    board.take(Event("step_start", "apply", total=3))
    board.take(Event("resource_start", "apply", "a.a", "refresh"))
    board.take(Event("resource_done", "apply", "a.a", "refresh"))
    board.take(Event("resource_start", "apply", "a.b", "create"))
    step = board.take(Event("resource_done", "apply", "a.b", "create"))
    assert (step.done, step.total) == (1, 3)
    assert board.slow() == []


def test_the_same_step_twice_is_two_lines() -> None:
    board = Board(Clock())
    for _ in range(2):
        board.take(Event("step_start", "plan"))
        board.take(Event("step_done", "plan", elapsed=2.0))
    assert [(step.name, step.took) for step in board.steps] == [("plan", 2.0)] * 2


def test_a_step_that_failed_does_not_run_on() -> None:
    clock = Clock()
    board = Board(clock)
    board.take(Event("step_start", "apply"))
    board.take(Event("resource_start", "apply", "a.b", "create"))
    board.take(Event("diagnostic", "apply", "a.b", "error", detail="denied"))
    clock.now += 3
    board.take(Event("step_start", "destroy"))
    assert [text for text, _ in drawn(board, unicode=False)] == [
        "x apply         3.0 s",
        "    a.b: denied",
        "> destroy       0.0 s",
    ]


def test_drawing_shows_done_running_slow_and_why() -> None:
    clock = Clock()
    board = Board(clock)
    board.take(Event("step_start", "plan"))
    board.take(Event("note", "plan", detail="45 to add"))
    board.take(Event("step_done", "plan", elapsed=7.0))
    board.take(Event("step_start", "apply", total=12))
    for number in range(10):
        board.take(Event("resource_start", "apply", f"aws_iam_role.r{number}", "create"))
    board.take(Event("resource_start", "apply", DATABASE, "create"))
    board.waiting[DATABASE].since -= 42
    clock.now += 1
    lines = [text for text, _ in drawn(board, unicode=False)]
    assert lines[0] == "+ plan          7.0 s  45 to add"
    assert lines[1] == "> apply         1.0 s  0 of 12 done"
    assert lines[2].strip() == f"{DATABASE}  create 43 s  (about 80 s; the provider itself waits)"
    assert lines[-1].strip() == "and 3 more in progress"
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("address", "action", "said"),
    [
        (DATABASE, "create", "about 80 s"),
        ('module.x["aws"].aws_db_instance.db["a.b"]', "delete", "about 60 s"),
        ("aws_iam_role.r", "create", ""),
        (DATABASE, "update", ""),
        ("random_id.x", "create", ""),
    ],
)
def test_reasons_come_from_the_measured_waits(address: str, action: str, said: str) -> None:
    assert why_slow(address, action).startswith(said)
    assert bool(why_slow(address, action)) is bool(said)


def test_a_terminal_gets_a_live_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w", encoding="utf-8") as stream, progress(stream) as observe:
        observe(Event("step_start", "apply", total=1))
        observe(Event("resource_start", "apply", DATABASE, "create", total=1))
        observe(Event("resource_done", "apply", DATABASE, "create", total=1))
        observe(Event("step_done", "apply", elapsed=2.0, total=1))
    shown = _all_of(leader)
    assert "apply" in shown
    assert "\x1b[" in shown
    assert "rich" in sys.modules


def _all_of(leader: int) -> str:
    """Everything that was written to a terminal whose other end is closed."""
    parts = []
    try:
        while part := os.read(leader, 1 << 16):
            parts.append(part)
    except OSError as error:  # how Linux says that nothing more will come
        if error.errno != errno.EIO:
            raise
    os.close(leader)
    return b"".join(parts).decode()


def test_a_log_gets_plain_lines() -> None:
    stream = io.StringIO()
    with progress(stream) as observe:
        observe(Event("step_start", "synth"))
    assert stream.getvalue() == "synth …\n"
