"""Tasks in the background: one key at a time, what was replaced is not done, errors are told."""

import threading
from collections.abc import Iterator

import pytest

from revet.embedded.functions.work import Work


@pytest.fixture
def failures() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def work(failures: list[tuple[str, str]]) -> Iterator[Work]:
    made = Work(lambda key, error: failures.append((key, str(error))))
    yield made
    made.close()


def test_one_key_is_never_worked_on_twice_at_once(work: Work) -> None:
    begun, go, seen = threading.Event(), threading.Event(), []

    def first() -> None:
        begun.set()
        go.wait(10)
        seen.append("first")

    work.add("a", first)
    assert begun.wait(10)
    work.add("a", lambda: seen.append("second"))
    other = threading.Event()
    work.add("b", other.set)
    assert other.wait(10)
    assert seen == []
    go.set()
    assert work.wait_until_quiet(10) == []
    assert seen == ["first", "second"]


def test_a_task_that_has_not_begun_is_replaced_or_left_out(work: Work) -> None:
    seen: list[str] = []
    work.add("a", lambda: seen.append("old"), after=600)
    work.add("b", lambda: seen.append("never"), after=600)
    work.add("a", lambda: seen.append("new"))
    work.cancel("b")
    assert work.wait_until_quiet(10) == []
    assert seen == ["new"]


def test_what_is_due_much_later_is_not_waited_for(work: Work) -> None:
    work.add("later", lambda: None, after=600)
    assert work.wait_until_quiet(0) == []


def test_what_is_left_is_named(work: Work) -> None:
    go = threading.Event()

    def wait() -> None:
        go.wait(10)

    work.add("a", wait)
    work.add("soon", lambda: None, after=15)
    assert work.wait_until_quiet(0) == ["a", "soon"]
    go.set()


def test_an_error_is_told_and_the_rest_goes_on(work: Work, failures: list[tuple[str, str]]) -> None:
    def fail() -> None:
        raise ValueError("no")

    for _ in range(40):
        work.add("a", fail)
        assert work.wait_until_quiet(10) == []
    assert failures == [("a", "no")] * 40
