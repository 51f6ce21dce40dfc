"""What was decided, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.document import Span
from revet.iam.evaluate.attached import Attached, Layer
from revet.iam.evaluate.context import Context
from revet.iam.evaluate.reasons import reasons
from revet.iam.evaluate.request import Caller, Request
from revet.iam.evaluate.rules import Rules, keys_of
from revet.model.errors import RevetError


class Outcome(StrEnum):
    """The decision."""

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly_denied"
    IMPLICITLY_DENIED = "implicitly_denied"
    UNKNOWN = "unknown"


class UndecidedError(RevetError):
    """The policies and the request do not tell whether AWS would allow it."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """One statement that bears on a decision.

    Args:
        attached: the layer and place of its policy.
        statement: the statement.
    """

    attached: Attached
    statement: CompiledStatement

    @property
    def layer(self) -> Layer:
        """The layer of its policy."""
        return self.attached.layer

    @property
    def level(self) -> int:
        """For SCPs and RCPs the place in the path from the organization's root, from 0."""
        return self.attached.level

    @property
    def policy(self) -> int:
        """The place of its policy in the layer and level, from 0."""
        return self.attached.number

    @property
    def index(self) -> int:
        """Its place in the policy, from 0."""
        return self.statement.number

    @property
    def sid(self) -> str:
        """Its `Sid`, empty without one."""
        return self.statement.sid

    @property
    def span(self) -> Span:
        """Its place in the policy's text."""
        return self.statement.span


@dataclass(frozen=True, slots=True)
class Blocked:
    """A layer that had to allow and does not.

    Args:
        layer: the layer.
        level: for SCPs and RCPs the level, from 0.
        why: one line, lower case.
    """

    layer: Layer
    level: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on one request.

    Args:
        outcome: what was decided.
        request: the request.
        caller: who makes it.
        blocked: the layers that had to allow and do not; empty unless implicitly denied.
        context: the request's context, keys in lower case, with what was derived.
        rules: all statements; those below are bits of it.
        deciding: the statements that decided.
        candidates: the statements on this action, resource and principal.
        undecided: the statements that cannot be evaluated and matter.
        notes: what else is not known.
    """

    outcome: Outcome
    request: Request
    caller: Caller
    blocked: tuple[Blocked, ...]
    context: Context
    rules: Rules = field(repr=False)
    deciding: int = field(default=0, repr=False)
    candidates: int = field(default=0, repr=False)
    undecided: int = field(default=0, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def by(self) -> tuple[Deciding, ...]:
        """The statements that decided: those that deny, else all that allow.

        For an unknown decision those that cannot be evaluated.
        """
        mask = self.undecided if self.outcome is Outcome.UNKNOWN else self.deciding
        return tuple(self._statements(mask))

    @property
    def considered(self) -> tuple[Deciding, ...]:
        """The statements on this action, resource and principal, whether they hold or not."""
        return tuple(self._statements(self.candidates))

    @property
    def layers(self) -> tuple[tuple[Layer, int], ...]:
        """The layers that have policies, SCPs and RCPs once for each level."""
        places = [place for place, _ in self.rules.entries]
        return tuple(dict.fromkeys((place.layer, place.level) for place in places))

    @property
    def missing_keys(self) -> tuple[str, ...]:
        """The condition keys, in lower case, that are asked for and that the request does not have.

        Asked for by the statements on this action, resource and principal.
        """
        found: set[str] = set()
        for item in self._statements(self.candidates):
            found.update(key for key in keys_of(item.statement) if self.context.get(key, ()) == ())
        return tuple(sorted(found))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the decision is unknown; empty when it is known."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        found = []
        for item in self._statements(self.undecided):
            where = f"{item.layer} {item.policy}, statement {item.index}"
            where += f" (`{item.sid}`)" if item.sid else ""
            found += [f"{where}: {why}" for why in reasons(item.statement, self.context)]
        return (*self.notes, *found)

    def _statements(self, mask: int) -> Iterator[Deciding]:
        while mask:
            bit = mask & -mask
            mask ^= bit
            place, statement = self.rules.entries[bit.bit_length() - 1]
            yield Deciding(place, statement)
