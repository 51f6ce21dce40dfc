"""`ForAllValues` and `ForAnyValue`: for keys with several values, and only for those."""

from __future__ import annotations

from revet.iam.operators import Kind, Operator, Qualifier
from revet.iam.policy_type import WITH_PRINCIPAL
from revet.iam.validate.condition_keys import is_audience, is_claim
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import FALSE, is_kind, values_of, with_key
from revet.iam.validate.written import WrittenCondition


def _comparing(condition: WrittenCondition, *qualifiers: Qualifier) -> Operator | None:
    """The operator under one of some qualifiers; `Null` compares no values."""
    used = condition.operator
    if used is None or used.kind is Kind.NULL or used.qualifier not in qualifiers:
        return None
    return used


@check(Level.ERROR, answers=1)
def missing_qualifier(condition: WrittenCondition) -> Hits:
    """A key with several values needs a set operator.

    A multivalued key without `ForAllValues` and `ForAnyValue`; `Null` needs none.
    """
    used, reference = _comparing(condition, Qualifier.NONE), condition.reference
    if used is not None and reference is not None and reference.multivalued:
        yield hit(
            f"A request can carry several values of {quoted(condition.key)}. Write "
            f"ForAnyValue:{used.name} or ForAllValues:{used.name}.",
            condition.key_place,
        )


@check(Level.SECURITY_WARNING, needs="forallvalues")
def forallvalues_with_single_valued_key(condition: WrittenCondition) -> Hits:
    """`ForAllValues` holds for requests without the key.

    On a key that a request carries at most once; audience claims have codes of their own.
    """
    used, reference = _comparing(condition, Qualifier.FOR_ALL_VALUES), condition.reference
    if used is None or reference is None:
        return
    if not reference.multivalued and not is_claim(condition):
        yield hit(
            f"{quoted(condition.key)} has one value, and ForAllValues also holds when it is "
            f"missing. Write {used.name} without ForAllValues.",
            condition.value_place,
        )


@check(
    Level.SECURITY_WARNING, source="Single-valued vs. multivalued context keys", needs="foranyvalue"
)
def foranyvalue_with_audience_claim_type(condition: WrittenCondition) -> Hits:
    """A token has one audience for AWS.

    `ForAnyValue` on the claim `aud` of an identity provider.
    """
    used = _comparing(condition, Qualifier.FOR_ANY_VALUE)
    if used is not None and is_audience(condition):
        yield hit(
            f"{quoted(condition.key)} has one value. Write {used.name} without ForAnyValue.",
            condition.key_place,
        )


@check(Level.SUGGESTION, source="Create a role for OpenID Connect federation", needs=":aud")
def confirm_audience_claim_type(condition: WrittenCondition) -> Hits:
    """A token's audience is one value.

    A qualifier on the claim `aud` of an identity provider.

    The page's message is that the claim has one value and takes no qualifier, so that a condition
    without one, as all of AWS's own trust policies have it, needs no confirmation.
    """
    used = _comparing(condition, Qualifier.FOR_ALL_VALUES, Qualifier.FOR_ANY_VALUE)
    if used is not None and is_audience(condition):
        yield hit(
            f"{quoted(condition.key)} says whom a token is meant for. A qualifier such as "
            f"{used.qualifier} is for several values: with one, write {used.name} alone.",
            condition.key_place,
        )


@check(
    Level.SECURITY_WARNING,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, Set operators for multivalued context keys",
    needs="forallvalues",
)
def revet_forallvalues_holds_without_the_key(condition: WrittenCondition) -> Hits:
    """An `Allow` that rests on `ForAllValues` alone, which holds for a request without the key.

    `ForAllValues:StringEquals aws:TagKeys [...]` allows a request that sets no tag at all.

    `ForAllValues` in an `Allow` for every principal, without `Null` `false` for the key.
    """
    used = condition.operator
    statement = condition.statement
    if (
        used is None
        or used.qualifier is not Qualifier.FOR_ALL_VALUES
        or not statement.allows
        or used.negated
        or condition.reference is None
        or not condition.reference.multivalued
        or not any(item.text == "*" for item in statement.principals)
    ):
        return
    for other in with_key(statement, condition.lower):
        if is_kind(other, Kind.NULL) and values_of(other) == FALSE:
            return
    yield hit(
        f"ForAllValues also holds for a request without {condition.key}, and anyone may send one. "
        f"Add Null {condition.key} false.",
        condition.key_place,
    )
