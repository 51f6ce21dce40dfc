"""Why a statement cannot be evaluated for a request, in words."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.evaluate.conditions import make_test
from revet.iam.evaluate.context import REFERENCE, Context, Partly, fill_in


def reasons(statement: CompiledStatement, context: Context) -> tuple[str, ...]:
    """What keeps a statement from being evaluated."""
    found = list(_of_statement(statement, context))
    found += [
        _of_condition(condition, context)
        for condition in statement.conditions
        if make_test(condition)(context) is None
    ]
    return tuple(found) or ("it is not known whether it names the principal",)


def _of_statement(statement: CompiledStatement, context: Context) -> Iterator[str]:
    if statement.problem:
        yield statement.problem
    for glob in statement.resources.globs:
        if glob.is_open and not fill_in(glob, context)[1]:
            yield f"`{glob.text}` holds a value that is not known"
    yield from (
        f"AWS's pages do not say what becomes of `{glob.text}`, an ARN with fewer than six fields"
        for glob in statement.resources.perhaps
    )
    if statement.principals is not None:
        yield from (term.problem for term in statement.principals.terms if term.problem)


def _of_condition(condition: CompiledCondition, context: Context) -> str:
    if condition.problem:
        return condition.problem
    name = f"`{condition.source.operator}` of `{condition.source.key}`"
    unread = [value.text for value in condition.values if value.typed is None]
    if unread:
        return f"{name}: `{unread[0]}` is not a value that this operator takes"
    value = context.get(condition.key, "")
    if isinstance(value, Partly):
        return f"{name}: {value.why}; {value.resolve}"
    if isinstance(value, tuple) and not (condition.used and condition.used.qualifier):
        return f"{name}: the request has {len(value)} values, which needs a set operator"
    if REFERENCE in "".join(value):
        return f"{name}: the request's value is not known before the deployment"
    return f"{name}: it cannot be compared with the request's value {value!r}"
