"""Mutations of plans and states: which are made, and what became of one."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.fuzz.attempt import Attempt, InapplicableError
from tests.fuzz.compliant import attribute, listed, said
from tests.fuzz.judging import Answer, judged
from tests.fuzz.key_kinds import KEY_KINDS
from tests.fuzz.plan_kinds import PLAN_KINDS
from tests.fuzz.resource_kinds import RESOURCE_KINDS
from tests.fuzz.result import Outcome, Result
from tests.fuzz.sources import NOTHING_BLOCKS, Source, sources
from tests.fuzz.text_kinds import TEXT_KINDS, broken
from tests.fuzz.trees import Json, at, has
from tests.fuzz.value_kinds import VALUE_KINDS
from tests.fuzz.watch import Job

Kind = Callable[[Attempt], None]
KINDS: dict[str, Kind] = {**VALUE_KINDS, **KEY_KINDS, **RESOURCE_KINDS, **PLAN_KINDS}
NAMES = (*KINDS, *TEXT_KINDS)
_OUTCOMES = {
    Answer.REFUSED: Outcome.REFUSED,
    Answer.BLOCKED: Outcome.BLOCKED,
    Answer.UNDECIDED: Outcome.UNDECIDED,
    Answer.CRASH: Outcome.CRASH,
}
_ROUNDS, _TRIES, _MOST = 12, 4, 120
"""How often a kind is tried at least, on each source, and at most: it picks a place, which may not
do."""
_STEP = 7
EACH = 25
"""How often a pair is tried when all sources are loaded; a few tries may change nothing."""
REMOVALS = ("truncate a list", "delete an element")
"""Kinds that may take a resource out of a state: out of all of it, for a state has one section."""


@dataclass(frozen=True)
class Mutated:
    """A mutated input.

    Args:
        data: its bytes.
        changed: what was changed, for people.
        excuse: the exception that covers it; empty without one.
    """

    data: bytes
    changed: str
    excuse: str


class Plans:
    """All mutations of a run.

    Args:
        seed: of the dice.
        few: whether only a part of the stored plans is mutated, which loads faster.
    """

    name = "plans"

    def __init__(self, seed: int, *, few: bool) -> None:
        self.seed = seed
        self.few = few
        self.sources = sources(few=few)

    @cached_property
    def by_control(self) -> dict[str, list[int]]:
        """Control to the sources that it blocks."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, source in enumerate(self.sources):
            found[source.control].append(number)
        return dict(sorted(found.items()))

    def jobs(self, count: int) -> list[Job]:
        """At least so many mutations: each pair of kind and control equally often.

        Fewer than there are pairs are a sample with every kind in it; when all sources are loaded
        each pair is tried often enough.
        """
        pairs = [(kind, control) for control in self.by_control for kind in NAMES]
        random.Random(self.seed).shuffle(pairs)  # noqa: S311 - no secret
        rounds = -(-count // len(pairs))
        if rounds == 1:
            seen = Counter[str]()
            order = []
            for kind, control in pairs:
                order.append((seen[kind], kind, control))
                seen[kind] += 1
            return [(kind, control, 0) for _, kind, control in sorted(order)[:count]]
        if not self.few:
            rounds = max(rounds, EACH)
        return [(kind, control, number) for number in range(rounds) for kind, control in pairs]

    def run(self, job: Job) -> Result:
        """Make one mutation and judge it."""
        kind, control, _ = job
        source, made = self._made(job)
        if made is None:
            return Result(kind, control, source.name, Outcome.INAPPLICABLE)
        found = judged(made.data, source.way)
        outcome = _OUTCOMES.get(found.answer, Outcome.ALLOWED)
        if outcome is Outcome.ALLOWED and control == NOTHING_BLOCKS:
            outcome = Outcome.READ
        elif outcome is Outcome.ALLOWED and made.excuse:
            outcome = Outcome.LISTED
        return Result(
            kind,
            control,
            source.name,
            outcome,
            made.changed,
            found.why,
            len(made.data),
            made.excuse,
        )

    def describe(self, job: Job) -> tuple[str, str]:
        """The name of the source, and what is changed."""
        source, made = self._made(job)
        return source.name, made.changed if made else ""

    def data(self, job: Job) -> bytes:
        """The mutated input of a job, to keep it; empty when the kind did not apply."""
        _, made = self._made(job)
        return made.data if made else b""

    def _made(self, job: Job) -> tuple[Source, Mutated | None]:
        """The source to which the kind applied, and what it made of it."""
        tried = None
        for source, draw in self._candidates(*job):
            tried = source
            try:
                return source, mutated(job[0], source, draw)
            except InapplicableError:
                continue
        assert tried is not None
        return tried, None

    def _candidates(
        self, kind: str, control: str, number: int
    ) -> Iterator[tuple[Source, random.Random]]:
        pool = self.by_control[control]
        first = random.Random(f"{self.seed} {kind} {control}").randrange(len(pool))  # noqa: S311
        step = 1 if len(pool) % _STEP == 0 else _STEP  # so that it comes by every source
        for more in range(min(max(_ROUNDS, _TRIES * len(pool)), _MOST)):
            source = self.sources[pool[(first + number + more * step) % len(pool)]]
            yield source, random.Random(f"{self.seed} {kind} {control} {number} {more}")  # noqa: S311


def _lost(source: Source, state: Json) -> bool:
    """Whether a state has fewer resources than before."""
    steps = ("values", "root_module", "resources")
    before = source.plan()
    return has(before, steps) and len(at(state, steps)) < len(at(before, steps))


def mutated(kind: str, source: Source, draw: random.Random) -> Mutated:
    """Mutate a source once.

    Raises:
        InapplicableError: the kind has nothing to change there, or it changed nothing.
    """
    if kind in TEXT_KINDS:
        return Mutated(broken(kind, draw, source.text), "", "")
    attempt = Attempt(source, draw, source.plan())
    try:
        KINDS[kind](attempt)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InapplicableError from error
    if source.way.state and kind in REMOVALS and _lost(source, attempt.plan):
        raise InapplicableError
    text = json.dumps(attempt.plan)
    for old, new in attempt.texts.items():
        text = text.replace(old, new)
    if text == source.text:
        raise InapplicableError
    excuse = listed(source.control, attempt.changed, state=source.way.state, before=source.plan())
    changed = "; ".join(
        f"{'.'.join(map(str, steps[:3]))} {attribute(steps)} = {said(value)[:80]}"
        for steps, value in attempt.changed
    )
    return Mutated(text.encode(), changed, f"{excuse}" if excuse else "")
