"""String operators.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "String condition
operators": `StringEquals` and `StringLike` heed case, only the latter takes wildcards; variables
are replaced in all of them.
"""

from __future__ import annotations

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context, fill_in
from revet.iam.globs import Glob, matcher
from revet.iam.operators import Operator, Relation


def match_string(condition: CompiledCondition, used: Operator) -> Match:
    """Match for the String operators."""
    globs = [value.typed for value in condition.values if isinstance(value.typed, Glob)]
    fixed = frozenset(glob.prefix for glob in globs if glob.is_literal)
    closed = tuple(glob for glob in globs if not glob.is_literal and not glob.is_open)
    opened = tuple(glob for glob in globs if glob.is_open)
    unresolved = used.negated
    if used.relation is Relation.EQUALS_IGNORE_CASE:
        return _open(fixed, closed, opened, unresolved=unresolved, fold=True)
    if opened:
        return _open(fixed, closed, opened, unresolved=unresolved, fold=False)
    if closed:
        tests = tuple(map(matcher, closed))
        return lambda text, _: text in fixed or any(matches(text) for matches in tests)
    return lambda text, _: text in fixed


def _open(
    fixed: frozenset[str],
    closed: tuple[Glob, ...],
    opened: tuple[Glob, ...],
    *,
    unresolved: bool,
    fold: bool,
) -> Match:
    """A match with variables; one without value makes the condition false, negated or not."""

    def match(text: str, context: Context) -> bool | None:
        if (text.lower() if fold else text) in fixed or any(glob.matches(text) for glob in closed):
            return True
        result: bool | None = False
        for glob in opened:
            filled, sure = fill_in(glob, context)
            if filled is None:
                if unresolved:
                    return True
            elif filled.matches(text):
                if sure:
                    return True
                result = None
        return result

    return match
