"""What references of the sources are looked up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from revet.plan.address import Index, without_indices
from revet.plan.configuration import Configuration, Scope
from revet.plan.expression import Expression
from revet.plan.source.environment import Environment
from revet.plan.source.modules import Module

Files = Callable[[str, tuple[Expression, ...], Environment], Expression]


class PlanFacts(Protocol):
    """What the plan says, for looking references up."""

    def stated(self, address: str, path: str) -> object:
        """The value that the plan states; `Undecided`-free, `None` where it states none."""

    def resolve(self, expression: Expression, scope: Scope) -> Expression:
        """What an expression of the plan's configuration means."""


@dataclass(slots=True)
class World:
    """What references are looked up in.

    Args:
        modules: configuration address of each module whose sources match, to it.
        configuration: of the plan.
        instances: base address of each resource to its indices, as the plan has them.
        calls: base address of each module to its indices, as its resources have them.
        facts: what the plan says.
        files: evaluates functions that read a file.
    """

    modules: Mapping[str, Module]
    configuration: Configuration
    instances: Mapping[str, Sequence[Index]]
    calls: Mapping[str, Sequence[Index]]
    facts: PlanFacts
    files: Files

    def module(self, address: str) -> Module | None:
        """The sources of a module instance; `None` where they do not match."""
        return self.modules.get(without_indices(address))
