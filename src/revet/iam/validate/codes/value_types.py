"""Condition values have the type that their operator compares, and one type under one key.

Source of the dates: IAM User Guide, "IAM JSON policy elements: Condition operators" (Date condition
operators): the W3C profile of ISO 8601, or seconds since 1970.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable

from revet.iam.operators import Kind, Qualifier, Relation
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenCondition

_EPOCH = re.compile(r"-?[0-9]+\Z")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?)?)?\Z"
)


def _is_epoch(text: str) -> bool:
    """Whether it is a plain number, which AWS takes for seconds since 1970 (`2025` too)."""
    return _EPOCH.match(text) is not None


def _is_date(text: str) -> bool:
    """Whether it is a date or a time of ISO 8601 that exists."""
    found = _DATE.match(text)
    if found is None:
        return False
    fields = {name: int(value) for name, value in found.groupdict().items() if value}
    second = fields.pop("second", 0)
    if second > 60:  # noqa: PLR2004 - 60 is a leap second
        return False
    try:
        dt.datetime(
            fields["year"],
            fields.get("month", 1),
            fields.get("day", 1),
            fields.get("hour", 0),
            fields.get("minute", 0),
            tzinfo=dt.UTC,
        )
    except ValueError:
        return False
    return True


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _is_number(text: str) -> bool:
    return _NUMBER.match(text) is not None


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(text)


def _mismatches(
    condition: WrittenCondition, fits: Callable[[str], bool], details: str, *kinds: Kind
) -> Hits:
    """Values that do not fit operators of some kinds; a value with a variable fits all."""
    used = condition.operator
    if used is None or used.kind not in kinds:
        return
    for value in condition.values:
        if not fits(value.text) and "${" not in value.text:
            said = details.format(operator=used.name)
            yield hit(f"{quoted(value.text)} {said}", value.place)


@check(Level.WARNING)
def type_mismatch_boolean(condition: WrittenCondition) -> Hits:
    """Boolean conditions compare with true or false.

    Another value for `Bool` or `Null`; case does not count.
    """
    details = "is neither true nor false, as {operator} needs it."
    return _mismatches(condition, _is_boolean, details, Kind.BOOL, Kind.NULL)


@check(Level.WARNING)
def type_mismatch_date(condition: WrittenCondition) -> Hits:
    """Conditions on dates compare with dates of ISO 8601 or a number of seconds."""
    details = "is not a date. Write it as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."
    return _mismatches(
        condition, lambda text: _is_date(text) or _is_epoch(text), details, Kind.DATE
    )


@check(Level.WARNING, needs="numeric")
def type_mismatch_number(condition: WrittenCondition) -> Hits:
    """Conditions on numbers compare with numbers."""
    details = "is not a number, as {operator} needs it."
    return _mismatches(condition, _is_number, details, Kind.NUMERIC)


@check(Level.WARNING, needs="binaryequals")
def type_mismatch_string(condition: WrittenCondition) -> Hits:
    """Binary conditions compare with Base64."""
    details = "is not Base64, as {operator} needs it."
    return _mismatches(condition, _is_base64, details, Kind.BINARY)


@check(Level.WARNING)
def invalid_date_value(condition: WrittenCondition) -> Hits:
    """Dates are written as dates.

    Seconds since 1970, which a year alone is taken for as well.
    """
    details = (
        "counts as seconds since 1970 and may not be the date that you mean. Write it as "
        "YYYY-MM-DD."
    )
    return _mismatches(condition, lambda text: not _is_epoch(text), details, Kind.DATE)


@check(Level.ERROR)
def invalid_condition_data_type(condition: WrittenCondition) -> Hits:
    """The values of a condition have one JSON type.

    Texts, numbers and booleans mixed under one key.
    """
    values = condition.values
    if len(values) > 1:
        kinds = {_json_type(value.node.value) for value in values}
        if len(kinds) > 1:
            yield hit(
                f"The values of the condition key {quoted(condition.key)} mix "
                f"{' and '.join(sorted(kinds))}. Write all of them as one JSON type.",
                condition.value_place,
            )


def _json_type(value: object) -> str:
    if isinstance(value, str):
        return "texts"
    return "booleans" if isinstance(value, bool) else "numbers"


@check(Level.ERROR, needs="bool")
def invalid_condition_multiple_boolean(condition: WrittenCondition) -> Hits:
    """A boolean condition has one value.

    Several values for `Bool` on a key that a request carries once.
    """
    used = condition.operator
    if used is None or used.kind is not Kind.BOOL or len(condition.values) <= 1:
        return
    reference = condition.reference
    if used.qualifier is Qualifier.NONE or reference is None or not reference.multivalued:
        yield hit(
            f"The condition key {quoted(condition.key)} takes one boolean. "
            "Several of them match always or as nobody expects: keep true or false.",
            condition.value_place,
        )


_KEPT = {
    Relation.LESS: "greatest",
    Relation.LESS_EQUALS: "greatest",
    Relation.GREATER: "least",
    Relation.GREATER_EQUALS: "least",
}


@check(Level.SUGGESTION, needs="numeric")
def redundant_condition_value_num(condition: WrittenCondition) -> Hits:
    """One bound says it all.

    Several values for an operator that asks for less or more.
    """
    used = condition.operator
    if used is None or used.kind is not Kind.NUMERIC:
        return
    kept = _KEPT.get(used.relation)
    values = condition.values
    if kept is None or len(values) <= 1 or any(has_symbol(value.text) for value in values):
        return
    yield hit(
        f"Of several values for {quoted(condition.key)} under {used.name} only the "
        f"{kept} counts. Keep that one.",
        *(value.place for value in values),
    )
