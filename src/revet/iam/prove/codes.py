"""The findings about a policy that only a proof gives, one function a code.

They are declared as those of validation are, and begin with `PROOF_PREFIX`. All are suggestions:
what does nothing harms nobody, but was meant to do something.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from inspect import isfunction

from revet.iam.compiled.policy import CompiledStatement
from revet.iam.policy_type import ALL, PolicyType
from revet.iam.prove.idle import Idle
from revet.iam.prove.literals import RESOURCE
from revet.iam.prove.search import ACTION
from revet.iam.validate.finding import OWN_PREFIX, Check, Hits, Level, hit, quoted
from revet.iam.validate.written import WrittenCondition, WrittenStatement

PROOF_PREFIX = f"{OWN_PREFIX}PROVED_"
"""Codes of findings that rest on a proof begin with it."""
_GRAMMAR = "Policy evaluation logic"
_ELEMENTS = "IAM JSON policy elements: Condition operators; AWS global condition context keys"


@dataclass(frozen=True, slots=True)
class IdleStatement:
    """A statement that does nothing.

    Args:
        written: the statement as written.
        idle: why it does nothing.
        by: the statements that cover it.
    """

    written: WrittenStatement
    idle: Idle
    by: tuple[CompiledStatement, ...]

    @property
    def conditions(self) -> tuple[WrittenCondition, ...]:
        """The conditions that no request meets; none where they are not the reason."""
        return tuple(one for one in self.written.conditions if one.lower in self.idle.closed)

    def others(self) -> str:
        """The statements that cover it, in words."""
        return " and ".join(
            f"the statement {quoted(one.sid)}" if one.sid else f"statement number {one.number + 1}"
            for one in self.by
        )


_Rule = Callable[[IdleStatement], Hits]


def _proved(source: str, types: AbstractSet[PolicyType] = ALL) -> Callable[[_Rule], _Rule]:
    def declare(rule: _Rule) -> _Rule:
        rule.declared_check = Check(  # type: ignore[attr-defined]
            rule.__name__.upper(),
            Level.SUGGESTION,
            IdleStatement,
            frozenset(types),
            f"IAM User Guide, {source}",
            None,
            rule,
        )
        return rule

    return declare


@_proved(_GRAMMAR)
def revet_proved_allow_covered(statement: IdleStatement) -> Hits:
    """Every request that the statement allows, other statements allow as well.

    Without it the policy would allow the same. Often the other statement was meant to be narrower.
    """
    if not statement.written.denies and statement.by and not statement.by[0].deny:
        yield hit(
            f"All that this statement allows is allowed by {statement.others()} as well. Remove it,"
            " or narrow the other.",
            statement.written.place,
        )


@_proved(_GRAMMAR)
def revet_proved_allow_denied(statement: IdleStatement) -> Hits:
    """Every request that the statement allows, the policy denies."""
    if not statement.written.denies and statement.by and statement.by[0].deny:
        yield hit(
            f"All that this statement allows is denied by {statement.others()}: it grants nothing."
            " Remove it, or narrow the denial.",
            statement.written.place,
        )


@_proved(_GRAMMAR)
def revet_proved_deny_covered(statement: IdleStatement) -> Hits:
    """Every request that the statement denies, other statements deny as well."""
    if statement.written.denies and statement.by:
        yield hit(
            f"All that this statement denies is denied by {statement.others()} as well. Remove it,"
            " or narrow the other.",
            statement.written.place,
        )


@_proved(_ELEMENTS)
def revet_proved_condition_never_holds(statement: IdleStatement) -> Hits:
    """No request meets the conditions on a key, so the statement never has an effect.

    They contradict each other, the principals of the statement, or the values that the key can
    have.
    """
    if statement.conditions:
        keys = ", ".join(dict.fromkeys(quoted(one.key) for one in statement.conditions))
        effect = "denies" if statement.written.denies else "allows"
        yield hit(
            f"No request meets what the statement demands of {keys}: it never {effect} anything."
            " Correct the conditions, or remove the statement.",
            *(one.value_place for one in statement.conditions),
        )


@_proved("IAM JSON policy elements reference")
def revet_proved_meets_no_request(statement: IdleStatement) -> Hits:
    """No request is of the statement's actions, resources and principals, whatever its context."""
    if statement.idle.closed and not statement.conditions:
        effect = "denies" if statement.written.denies else "allows"
        names = {ACTION: "action", RESOURCE: "resource"}
        parts = [names[key] for key in (ACTION, RESOURCE) if key in statement.idle.closed]
        what = " and ".join(parts) or "caller"
        yield hit(
            f"There is no {what} that this statement is about: it never {effect} anything. Correct"
            " it, or remove it.",
            statement.written.place,
        )


@cache
def load_proofs() -> dict[str, Check]:
    """Every finding of this file by its code."""
    rules = (rule for name, rule in globals().items() if name.startswith(PROOF_PREFIX.lower()))
    checks = (rule.declared_check for rule in rules if isfunction(rule))  # type: ignore[attr-defined]
    return {check.code: check for check in sorted(checks, key=lambda check: check.code)}
