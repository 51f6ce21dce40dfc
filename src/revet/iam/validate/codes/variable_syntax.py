"""Policy variables: how they are written, and where they are replaced."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.document_json import JsonScalar
from revet.iam.glob_parts import is_variable
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.place import Text
from revet.iam.validate.variables import (
    VERSION,
    may_have_variables,
    variables_in_place,
    variables_in_use,
    variables_of,
)
from revet.iam.validate.written import WrittenCondition, WrittenStatement


@check(Level.ERROR, needs="${")
def empty_variable(statement: WrittenStatement) -> Hits:
    """A policy variable names a condition key.

    `${}`, also with nothing but spaces or a default value inside.
    """
    for variable in variables_in_use(statement):
        if variable.closed and variable.is_empty:
            yield hit(
                f"The policy variable {quoted(variable.text)} names nothing. "
                "Name a condition key between the braces, or remove it.",
                variable.place,
            )


@check(Level.ERROR, needs="${")
def missing_brace_in_variable(statement: WrittenStatement) -> Hits:
    """A policy variable has a closing brace.

    `${aws:username` without the brace that closes it.
    """
    for variable in variables_in_use(statement):
        if not variable.closed:
            yield hit(
                f"The policy variable in {quoted(variable.text)} is never closed. "
                "Add } after its name.",
                variable.place,
            )


@check(Level.ERROR, needs="${")
def missing_quote_in_variable(statement: WrittenStatement) -> Hits:
    """The default value of a policy variable is in single quotes.

    `${aws:username, anonymous}`, or with a quote on one side only.
    """
    for variable in variables_in_use(statement):
        if variable.closed and not variable.default_is_quoted:
            yield hit(
                f"The default value in the policy variable {quoted(variable.text)} lacks a quote. "
                "Put it between two single quotes.",
                variable.place,
            )


@check(Level.ERROR, needs="${")
def unsupported_space_in_variable(statement: WrittenStatement) -> Hits:
    """The name of a policy variable holds no space.

    `${aws: username}`; a space before the default value is allowed.
    """
    for variable in variables_in_use(statement):
        if variable.closed and not variable.is_empty and " " in variable.name:
            yield hit(
                f"The policy variable {quoted(variable.text)} holds a space in its name. "
                "Remove the space.",
                variable.place,
            )


_SINGLE = ("Sid", "Effect")


@check(Level.ERROR, needs="${")
def variable_unsupported_in_element(statement: WrittenStatement) -> Hits:
    """Policy variables are replaced in resources and condition values only.

    A variable in `Action`, `Principal`, `Sid` or `Effect`.
    """
    if not may_have_variables(statement):
        return
    for text in _elsewhere(statement):
        for variable in variables_of(text):
            yield hit(
                f"The policy variable {quoted(variable.text)} is not replaced here. "
                "Write the value itself; variables work in Resource and Condition.",
                variable.place,
            )


def _elsewhere(statement: WrittenStatement) -> Iterator[Text]:
    yield from statement.actions
    yield from statement.principals
    for name in _SINGLE:
        value = statement.elements.get(name)
        if value is not None and isinstance(value.node, JsonScalar):
            yield Text(value.node, value.path, value.node.text)


_WITHOUT_VARIABLES = "2008-10-17"


@check(Level.ERROR, needs="${")
def variable_unsupported_in_version(statement: WrittenStatement) -> Hits:
    """Policy variables need the version 2012-10-17 of the policy language.

    `${aws:username}` in a policy of version 2008-10-17, or of none, is only that text.
    """
    if statement.policy.version != _WITHOUT_VARIABLES:
        return
    for variable in variables_in_place(statement):
        if variable.closed and is_variable(variable.inner):
            yield hit(
                f"The policy variable {quoted(variable.text)} is plain text in a policy of version "
                f'{_WITHOUT_VARIABLES}. Set "Version" to "{VERSION}".',
                variable.place,
            )


@check(Level.ERROR, needs="${")
def invalid_variable_for_operator(condition: WrittenCondition) -> Hits:
    """Policy variables are replaced by operators for strings and ARNs only.

    A variable among the values of a numeric, date, Boolean, binary, IP address or `Null` one.
    """
    used = condition.operator
    if used is None or used.takes_variables:
        return
    if condition.statement.policy.version != VERSION:
        return
    for value in condition.values:
        for variable in variables_of(value):
            if variable.closed and not variable.is_empty:
                yield hit(
                    f"The operator {quoted(condition.operator_text)} does not replace policy "
                    f"variables such as {quoted(variable.text)}. Use an operator for strings or "
                    "ARNs, or write the value itself.",
                    value.place,
                )
                break
