"""Lists and objects that are there and hold nothing."""

from __future__ import annotations

from enum import StrEnum

from revet.iam.operators import Qualifier
from revet.iam.policy_type import WITH_PRINCIPAL, WITH_RESOURCE
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.principal_elements import principal_values
from revet.iam.validate.written import WrittenCondition, WrittenStatement


def _empty_lists(statement: WrittenStatement, advice: str, *names: str) -> Hits:
    for name in names:
        value = statement.elements.get(name)
        if value is not None and value.is_empty_list:
            yield hit(
                f"{name} is an empty list, so that the statement does nothing that its author can "
                f"have meant. {advice}",
                value.place,
            )


@check(Level.SUGGESTION)
def empty_array_action(statement: WrittenStatement) -> Hits:
    """A statement's list of actions is not empty.

    `Action` or `NotAction` with `[]`.
    """
    return _empty_lists(statement, "Name actions.", "Action", "NotAction")


@check(Level.SUGGESTION, types=WITH_RESOURCE)
def empty_array_resource(statement: WrittenStatement) -> Hits:
    """A statement's list of resources is not empty.

    `Resource` or `NotResource` with `[]`; a trust policy must not have them at all.
    """
    return _empty_lists(statement, "Name resources.", "Resource", "NotResource")


@check(Level.SUGGESTION, types=WITH_PRINCIPAL)
def empty_array_principal(statement: WrittenStatement) -> Hits:
    """A statement's list of principals is not empty.

    `[]` as the element itself or under one of its keys.
    """
    for name, value in principal_values(statement):
        if value.is_empty_list:
            yield hit(f"{name} is an empty list. Name principals.", value.place)
        for key in value.keys:
            if key.value.is_empty_list:
                yield hit(
                    f"{name} {quoted(key.name)} is an empty list. Name principals, or remove the "
                    "key.",
                    key.value.place,
                )


@check(Level.SUGGESTION, types=WITH_PRINCIPAL)
def empty_object_principal(statement: WrittenStatement) -> Hits:
    """A statement's map of principals is not empty.

    `Principal` or `NotPrincipal` with `{}`.
    """
    for name, value in principal_values(statement):
        if value.is_empty_object:
            yield hit(
                f"{name} is empty. Name principals, for example under the key AWS.", value.place
            )


@check(Level.SUGGESTION)
def empty_object_condition(statement: WrittenStatement) -> Hits:
    """A condition that is there says something.

    `Condition` with `{}`, or an operator with `{}`; AWS documents only the first.
    """
    condition = statement.elements.get("Condition")
    if condition is not None and condition.is_empty_object:
        yield hit(
            "The condition is empty and changes nothing. Write one, or remove it.", condition.place
        )
    for operator in statement.operators:
        if operator.value.is_empty_object:
            yield hit(
                f"The operator {quoted(operator.name)} has no keys and changes nothing. Write "
                "them, or remove it.",
                operator.value.place,
            )


class _Empty(StrEnum):
    """What an empty list of condition values amounts to; it depends on the operator."""

    PLAIN = "plain"
    FOR_ALL_VALUES = "ForAllValues"
    FOR_ANY_VALUE = "ForAnyValue"
    IF_EXISTS = "IfExists"


_BY_QUALIFIER = {
    Qualifier.FOR_ALL_VALUES: _Empty.FOR_ALL_VALUES,
    Qualifier.FOR_ANY_VALUE: _Empty.FOR_ANY_VALUE,
}


def _is_empty(condition: WrittenCondition, kind: _Empty) -> bool:
    """Whether the list of values is empty, under such an operator.

    A qualifier goes before `IfExists`, for it decides how an empty list is compared.
    """
    if not condition.named.value.is_empty_list:
        return False
    used = condition.operator
    if used is None:
        return kind is _Empty.PLAIN
    if_exists = _Empty.IF_EXISTS if used.if_exists else _Empty.PLAIN
    return kind is _BY_QUALIFIER.get(used.qualifier, if_exists)


@check(Level.SUGGESTION)
def empty_array_condition(condition: WrittenCondition) -> Hits:
    """A condition key has values to compare with.

    `[]` under an operator without qualifier and `IfExists`.
    """
    if _is_empty(condition, _Empty.PLAIN):
        yield hit(
            f"The key {quoted(condition.key)} has no values to compare with. Add some, or remove "
            "it.",
            condition.value_place,
        )


@check(Level.SUGGESTION, needs="forallvalues")
def empty_array_condition_forallvalues(condition: WrittenCondition) -> Hits:
    """A condition with `ForAllValues` has values to compare with.

    `[]`: it holds for requests without the key and for no others.
    """
    if _is_empty(condition, _Empty.FOR_ALL_VALUES):
        yield hit(
            "ForAllValues without values holds only when the request has no "
            f"{quoted(condition.key)}. Say that with the operator Null and true.",
            condition.value_place,
        )


@check(Level.SUGGESTION, needs="foranyvalue")
def empty_array_condition_foranyvalue(condition: WrittenCondition) -> Hits:
    """A condition with `ForAnyValue` has values to compare with.

    `[]`: it holds for no request.
    """
    if _is_empty(condition, _Empty.FOR_ANY_VALUE):
        yield hit(
            f"ForAnyValue without values for {quoted(condition.key)} never holds, so that the "
            "statement has no effect. Add values.",
            condition.value_place,
        )


@check(Level.SUGGESTION, needs="ifexists")
def empty_array_condition_ifexists(condition: WrittenCondition) -> Hits:
    """A condition with `IfExists` has values to compare with.

    `[]`: it holds for requests without the key and for no others.
    """
    if _is_empty(condition, _Empty.IF_EXISTS):
        yield hit(
            "IfExists without values holds only when the request has no "
            f"{quoted(condition.key)}. Say that with the operator Null and true.",
            condition.value_place,
        )
