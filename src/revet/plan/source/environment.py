"""Where expressions stand, and what their references are asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from revet.plan.address import Index
from revet.plan.expression import Expression
from revet.plan.source.syntax import Argument, Syntax


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an expression stands.

    Args:
        module: instance address of the module.
        index: index of the instance (resource or module call) whose expression it is.
        repeat: its `for_each`.
        names: what a `for`, a splat or a dynamic block calls its elements.
    """

    module: str = ""
    index: Index = None
    repeat: Argument | None = None
    names: Mapping[str, Expression] = field(default_factory=dict)

    def calling(self, **names: Expression) -> Environment:
        """The same with more names."""
        return replace(self, names={**self.names, **names})


Step = str | Syntax


class Lookup(Protocol):
    """Answers what references mean; see `lookup`."""

    def root(
        self, words: tuple[str, ...], steps: tuple[Step, ...], where: Environment
    ) -> Expression:
        """What a reference means."""

    def step(self, value: Expression, step: str | int) -> Expression:
        """What a value has under a name or number."""

    def known(self, value: Expression) -> Expression:
        """The value, looked up in the plan where that states it."""

    def file(self, name: str, arguments: tuple[Expression, ...], where: Environment) -> Expression:
        """What a function that reads a file gives."""
