"""Keys in which a wildcard or a variable opens the door to strangers.

Source: IAM User Guide, "IAM policy validation check reference" (Variable usage too permissive,
Wildcard usage too permissive); "AWS global condition context keys" (Sensitive condition keys).
A variable is a wildcard in effect only where the operator knows wildcards: 68 of AWS's own policies
have `StringEquals` with a variable such as `${aws:PrincipalAccount}` in sensitive keys, and no
finding. None of Access Analyzer's findings on these policies is of this kind.
"""

from __future__ import annotations

from enum import Enum

from revet.iam.glob_parts import Part, Symbol, Variable, Wildcard, parse_parts
from revet.iam.operators import Relation
from revet.iam.validate.condition_keys import is_claim
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenCondition

_USER_ID = "aws:userid"
_LEAST = 6


class _Limit(Enum):
    """What a key asks of its wildcards and variables."""

    SENSITIVE = "none at all"
    SUBJECT = "six characters before the first"
    USER_ID = "after the colon, or everything before it"


class _Sign(Enum):
    """What is looked for."""

    WILDCARD = "wildcard"
    VARIABLE = "variable"


def _limit_of(condition: WrittenCondition) -> _Limit | None:
    """What the key of a condition asks; None when anything is welcome."""
    used = condition.operator
    if used is None or used.relation is not Relation.LIKE:
        return None
    lower = condition.lower
    if lower == _USER_ID:
        return _Limit.USER_ID
    known = condition.global_key
    if known is not None:
        return _Limit.SENSITIVE if known.sensitive else None
    if lower.endswith(":sub") and is_claim(condition):
        return _Limit.SUBJECT
    return None


def _too_wide(text: str, limit: _Limit, condition: WrittenCondition, sign: _Sign) -> str:
    """What to do about a value; empty when it is narrow enough."""
    if "*" not in text and "?" not in text and "${" not in text:
        return ""
    modern = condition.statement.policy.version == "2012-10-17"
    parts = parse_parts(text, variables=modern)
    if not any(_is(part, sign) for part in parts):
        return ""
    if limit is _Limit.SENSITIVE:
        return f"{condition.key} decides whose request it is. Write out the values."
    if limit is _Limit.USER_ID:
        return "" if _leaves_id_alone(parts, sign) else _USER_ID_ADVICE
    return "" if _starts_late(parts, sign) else _SUBJECT_ADVICE


_USER_ID_ADVICE = "use it after the colon of the id, or as everything before the colon."
_SUBJECT_ADVICE = f"write at least {_LEAST} characters before it."


def _is(part: Part, sign: _Sign) -> bool:
    return isinstance(part, Wildcard if sign is _Sign.WILDCARD else Variable)


def _starts_late(parts: tuple[Part, ...], sign: _Sign) -> bool:
    """Whether at least six characters stand before the first wildcard or variable.

    AWS's page does not say whether later ones need as many of their own; they do not here.
    """
    before = 0
    for part in parts:
        if not isinstance(part, str):
            return before >= _LEAST or not _is(part, sign)
        before = len(part)
    return True


def _leaves_id_alone(parts: tuple[Part, ...], sign: _Sign) -> bool:
    left: list[Part] = []
    colon = False
    for part in parts:
        if isinstance(part, str) and ":" in part:
            if not part.startswith(":"):
                left.append(part)
            colon = True
            break
        left.append(part)
    if not any(_is(part, sign) for part in left) or any(isinstance(part, Symbol) for part in left):
        return True
    return colon and len(left) == 1


def _too_permissive(condition: WrittenCondition, sign: _Sign, name: str) -> Hits:
    """In a sensitive key, too early in a subject claim, or before the colon of `aws:userid`."""
    limit = _limit_of(condition)
    if limit is None:
        return
    for value in condition.values:
        problem = _too_wide(value.text, limit, condition, sign)
        if problem:
            yield hit(
                f"{name} in {quoted(value.text)} lets too much through: {problem}", value.place
            )


@check(Level.ERROR, needs="${")
def variable_usage_too_permissive(condition: WrittenCondition) -> Hits:
    """Where a value decides who gets in, variables are kept short of matching anybody."""
    return _too_permissive(condition, _Sign.VARIABLE, "A policy variable")


@check(Level.ERROR)
def wildcard_usage_too_permissive(condition: WrittenCondition) -> Hits:
    """Where a value decides who gets in, wildcards are kept short of matching anybody."""
    return _too_permissive(condition, _Sign.WILDCARD, "A wildcard")
