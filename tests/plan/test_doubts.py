"""What is certain decides; then a doubt; only without either the answer that is left."""

from __future__ import annotations

import pytest

from revet.model.errors import UnknownValueError, UnreadError
from revet.model.finding import Outcome, Status, compliant, noncompliant
from revet.plan.doubts import Doubts

Parts = tuple[str | UnknownValueError, ...]
FINE, FAULT = "fine", "fault"
UNKNOWN = UnknownValueError("a", why="known after apply", resolve="apply")
OTHER = UnknownValueError("b", why="known after apply", resolve="apply")
UNREAD = UnreadError("c", why="access denied", resolve="allow it")


def asked(one: str | UnknownValueError) -> str:
    if isinstance(one, UnknownValueError):
        raise one
    return one


def judged(*parts: str | UnknownValueError) -> Outcome:
    doubts = Doubts()
    for part in parts:
        with doubts:
            if asked(part) == FAULT:
                return noncompliant("a fault")
    return doubts.settled(compliant())


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((), Status.PASS),
        ((FINE, FINE), Status.PASS),
        ((FINE, FAULT), Status.FAIL),
        ((UNKNOWN, FAULT), Status.FAIL),
        ((FAULT, UNKNOWN), Status.FAIL),
    ],
)
def test_what_is_certain_decides(parts: Parts, status: Status) -> None:
    assert judged(*parts).status is status


@pytest.mark.parametrize(
    ("parts", "doubt"),
    [
        ((UNKNOWN,), UNKNOWN),
        ((FINE, UNKNOWN), UNKNOWN),
        ((UNKNOWN, FINE, OTHER), UNKNOWN),
        ((UNKNOWN, OTHER, UNREAD), UNREAD),
    ],
)
def test_where_nothing_is_certain_a_doubt_decides(parts: Parts, doubt: UnknownValueError) -> None:
    with pytest.raises(UnknownValueError) as raised:
        judged(*parts)
    assert raised.value is doubt


def test_every_doubt_is_kept_in_its_order() -> None:
    doubts = Doubts((OTHER,))
    for part in (UNREAD, FINE, UNKNOWN):
        with doubts:
            asked(part)
    assert doubts == [OTHER, UNREAD, UNKNOWN]


def test_nothing_but_a_doubt_is_kept() -> None:
    doubts = Doubts()
    with pytest.raises(ZeroDivisionError), doubts:
        _ = 1 / 0
    assert doubts == []
