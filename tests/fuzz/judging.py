"""What the gate says of the bytes of a plan or a state, by one control or by all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.errors import RevetError
from revet.model.finding import Status
from revet.plan import Inventory, load_plan
from revet.plan.state import load_state

WHOLE = "plan"


class Answer(StrEnum):
    """What became of an input."""

    REFUSED = "refused"
    BLOCKED = "still blocked"
    UNDECIDED = "undecided"
    ALLOWED = "allowed"
    CRASH = "crash"


@dataclass(frozen=True)
class Way:
    """How a source is judged.

    Args:
        control: the only one that judges; all when empty.
        settings: of its rule.
        synthesis: that the plan was made from; None without one.
        state: whether it is a state.
    """

    control: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    synthesis: Mapping[str, Any] | None = None
    state: bool = False


@dataclass(frozen=True)
class Judged:
    """The gate's answer.

    Args:
        answer: a plan in which the control has nothing to judge any more counts as allowed, for
            beside another resource it would be; a state in which nothing is left is undecided.
        why: of a refusal or a crash.
        addresses: that did not pass.
        related: addresses that the findings name.
        paths: attributes that the findings name.
    """

    answer: Answer
    why: str = ""
    addresses: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def judged(data: bytes, way: Way) -> Judged:
    """Read and judge; an error that is not one of ours goes through."""
    try:
        plan: Inventory = load_state(data) if way.state else load_plan(data, way.synthesis)
    except RevetError as error:
        return _refused(error)
    try:
        found = run_controls(plan, _selected(way), subject=WHOLE)
    except RevetError as error:
        return _refused(error)
    if found.problems:
        return Judged(Answer.CRASH, found.problems[0])
    bad = [item for item in found.findings if item.status in (Status.FAIL, Status.UNKNOWN)]
    if way.state and not plan.resources:
        return Judged(Answer.UNDECIDED, "nothing is left to judge")
    if not bad:
        return Judged(Answer.ALLOWED)
    failed = any(item.status is Status.FAIL for item in bad)
    return Judged(
        Answer.BLOCKED if failed else Answer.UNDECIDED,
        bad[0].implemented,
        tuple(item.address for item in bad),
        tuple(address for item in bad for address in item.related),
        tuple(path for item in bad for path in item.paths),
    )


def _refused(error: RevetError) -> Judged:
    """An error of ours says what, where, got, expected and do, in text that can be printed."""
    text = str(error)
    try:
        text.encode()
    except UnicodeEncodeError as broken:
        return Judged(Answer.CRASH, f"the message cannot be printed: {broken}")
    if not error.what or not error.do or "Traceback (most recent call" in text:
        return Judged(Answer.CRASH, f"the message lacks its fields: {text[:200]}")
    if any(f"got       {name}: " in text for name in _OWN_BUGS):
        return Judged(Answer.CRASH, f"a bug of ours called the user's: {text[:200]}")
    return Judged(Answer.REFUSED, error.what)


_OWN_BUGS = ("TypeError", "KeyError", "AttributeError", "IndexError", "ValueError")


@cache
def _catalog() -> Any:  # noqa: ANN401 - the catalogue, read once
    return load_catalog()


def _selected(way: Way) -> Any:  # noqa: ANN401 - of `select`
    if not way.control:
        return select(_catalog(), Baseline(WHOLE), None)
    named = Baseline(
        WHOLE, controls=(way.control,), settings={way.control: way.settings} if way.settings else {}
    )
    return select(_catalog(), named, None)
