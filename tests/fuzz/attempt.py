"""One mutation being made: the copy that is changed, the dice, and what was changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.sources import Source
from tests.fuzz.trees import Json, Steps, at, has, put

TRIES = 60
FEWER = "(fewer)"
"""What stands there for an exception, where a list has lost some of its elements."""
_SHARES = (55, 25, 20)
_BOTH = 3 / 4


class InapplicableError(Exception):
    """This kind has nothing to change in this source."""


@dataclass(frozen=True)
class Spot:
    """A value that may be changed.

    Args:
        steps: that lead to it.
        value: what stands there.
    """

    steps: Steps
    value: Any

    @property
    def key(self) -> str | int:
        """Its key or index."""
        return self.steps[-1]


def _is_less(value: object, before: object) -> bool:
    """Whether a list is not empty, and has lost some of its elements."""
    if not (isinstance(value, list) and isinstance(before, list)):
        return False
    return 0 < len(value) < len(before) and all(item in before for item in value)


def anything(spot: Spot) -> bool:
    """Takes every value."""
    return bool(spot.steps)


@dataclass
class Attempt:
    """One mutation being made.

    Args:
        source: what is mutated.
        draw: the dice, seeded.
        plan: a copy of the source's, changed in place.
        changed: what was changed: its steps and what stands there now.
        texts: replacements in the JSON text that JSON values cannot say.
    """

    source: Source
    draw: random.Random
    plan: Json
    changed: list[tuple[Steps, object]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def spot(self, takes: Callable[[Spot], bool] = anything) -> Spot:
        """A place that the kind can change: most often one that the findings rest on.

        Raises:
            InapplicableError: there is none.
        """
        pools = (self.source.attributes, self.source.near, self.source.anywhere)
        [first] = self.draw.choices((0, 1, 2), _SHARES)
        for pool in (pools[first], *pools):
            if not pool:
                continue
            for steps in self.draw.sample(pool, min(TRIES, len(pool))):
                if has(self.plan, steps):
                    spot = Spot(steps, at(self.plan, steps))
                    if takes(spot):
                        return spot
        raise InapplicableError

    def write(self, steps: Steps, value: object) -> None:
        """Put a value there; most often in `planned_values` too, as Terraform would."""
        before = at(self.plan, steps) if has(self.plan, steps) else None
        put(self.plan, steps, value)
        self.changed.append((steps, value))
        if _is_less(value, before):
            self.changed.append((steps, FEWER))
        twin = self._twin(steps)
        if twin is not None and self.draw.random() < _BOTH:
            put(self.plan, twin, value)

    def remove(self, steps: Steps) -> None:
        """Remove a key or an element; most often in `planned_values` too."""
        del at(self.plan, steps[:-1])[steps[-1]]
        self.changed.append((steps, "(absent)"))
        twin = self._twin(steps)
        if twin is not None and self.draw.random() < _BOTH:
            del at(self.plan, twin[:-1])[twin[-1]]

    def _twin(self, steps: Steps) -> Steps | None:
        """The same attribute in `planned_values`; None where there is none."""
        if steps[0] != "resource_changes" or "after" not in steps:
            return None
        entry = at(self.plan, steps[:2])
        address = entry.get("address") if isinstance(entry, dict) else None
        for place in self.source.entries:
            if place[0] == "planned_values" and has(self.plan, place):
                node = at(self.plan, place)
                if isinstance(node, dict) and node.get("address") == address:
                    twin = (*place, "values", *steps[steps.index("after") + 1 :])
                    return twin if has(self.plan, twin) else None
        return None

    def entry(self, section: str) -> Steps:
        """The steps to a resource in a section: most often one that the findings name.

        Raises:
            InapplicableError: the section has none.
        """
        named = [steps for steps in self.source.entries if steps[0] == section]
        others = [
            steps
            for steps in self.source.anywhere
            if steps[0] == section
            and isinstance(steps[-1], int)
            and steps[-2] in ("resource_changes", "resources")
        ]
        pool = named if named and self.draw.random() < 9 / 10 else others or named
        if not pool:
            raise InapplicableError
        return self.draw.choice(pool)
