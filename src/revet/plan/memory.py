"""What was resolved already, what is being resolved, and how large a result may get.

A variable that is named twice a level would otherwise be followed twice a level, and a module that
is given its own output for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeGuard

from revet.model.work import spend
from revet.plan.expression import Expression, Opaque, children, count_parts, references

MOST_PARTS = 10_000
"""Parts that a followed expression may have: a text that doubles itself has 2ⁿ after n modules."""
MOST_DEPTH = 64
"""Variables and outputs that are followed one after another."""
CYCLE = "a cycle: "
"""What the text of an expression starts with that refers to itself."""


def is_cycle(expression: Expression) -> TypeGuard[Opaque]:
    """Whether an expression refers to itself."""
    return isinstance(expression, Opaque) and expression.text.startswith(CYCLE)


def cycle_in(expression: Expression) -> str:
    """The cycle that an expression has in it, as text; empty without one."""
    waiting, seen = [expression], set[int]()
    while waiting:
        item = waiting.pop()
        if is_cycle(item):
            return item.text.removeprefix(CYCLE)
        if id(item) not in seen:
            seen.add(id(item))
            waiting.extend(children(item))
    return ""


class Memory:
    """Remembers followed expressions.

    Attributes:
        followed: how many expressions were followed, for tests that count.
    """

    __slots__ = ("_known", "_open", "followed")

    def __init__(self) -> None:
        self._known: dict[Hashable, Expression] = {}
        self._open: dict[Hashable, str] = {}
        self.followed = 0

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()

    def follow(self, key: Hashable, name: str, resolve: Callable[[], Expression]) -> Expression:
        """What a variable, local value or output stands for.

        Args:
            key: what it is, and from where it is looked at.
            name: how a message calls it, `module.a.var.v`.
            resolve: resolves what it is made of.

        Returns:
            the expression; `Opaque` for one that refers to itself, is too large, or is reached
            through too many others.
        """
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._open:
            names = list(self._open.values())
            loop = names[list(self._open).index(key) :]
            return Opaque(CYCLE + " → ".join((*loop, name)), (name,))
        if len(self._open) >= MOST_DEPTH:
            return Opaque("", (name,))
        spend()
        self.followed += 1
        self._open[key] = name
        try:
            found = resolve()
        finally:
            del self._open[key]
        if count_parts(found, MOST_PARTS) > MOST_PARTS:
            found = Opaque("", references(found))
        self._known[key] = found
        return found
