"""Conditions with `*` among their values: what is left of them."""

from __future__ import annotations

from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.presence import Presence, presence
from revet.iam.validate.written import WrittenCondition


def _amounts_to(
    condition: WrittenCondition, details: str, *, when_absent: bool, when_present: bool
) -> Hits:
    """A value matches everything, so that only these answers are left of the condition."""
    if presence(condition) == Presence(when_absent, when_present):
        subject = f"{quoted(condition.key)} under {condition.operator_text} with *"
        yield hit(f"{subject} {details}", condition.value_place)


@check(Level.SUGGESTION, answers=None, needs='"*')
def equivalent_to_null_false(condition: WrittenCondition) -> Hits:
    """A value that matches everything only asks for the key.

    The condition holds exactly when the key is there.
    """
    return _amounts_to(
        condition,
        "only asks that the key be there. Say so: Null with the value false.",
        when_absent=False,
        when_present=True,
    )


@check(Level.SUGGESTION, needs='"*')
def equivalent_to_null_true(condition: WrittenCondition) -> Hits:
    """Excluding everything only asks that the key be missing.

    The condition holds exactly when the key is missing.
    """
    return _amounts_to(
        condition,
        "only asks that the key be missing. Say so: Null with the value true.",
        when_absent=True,
        when_present=False,
    )


@check(Level.SUGGESTION, needs='"*')
def redundant_key_due_to_wildcard_in_condition(condition: WrittenCondition) -> Hits:
    """A condition that always holds says nothing.

    It holds with the key and without it, because a value matches everything.
    """
    return _amounts_to(
        condition,
        "always holds. Remove it.",
        when_absent=True,
        when_present=True,
    )


@check(Level.SUGGESTION, needs='"*')
def redundant_statement_due_to_wildcard_in_condition(condition: WrittenCondition) -> Hits:
    """A condition that never holds makes the statement dead.

    It holds neither with the key nor without it, because everything is excluded.
    """
    return _amounts_to(
        condition,
        "never holds, so the statement does nothing. Remove the key or the statement.",
        when_absent=False,
        when_present=False,
    )
