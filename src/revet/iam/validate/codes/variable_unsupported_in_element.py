"""Policy variables are replaced in resources and condition values only."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.document_json import JsonScalar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Text
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject
from revet.iam.validate.variables import may_have_variables, variables_of

_SINGLE = ("Sid", "Effect")


@check(Level.ERROR, subject=StatementSubject, needs="${")
def variable_unsupported_in_element(statement: StatementSubject) -> Hits:
    """A variable in `Action`, `Principal`, `Sid` or `Effect`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
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


def _elsewhere(statement: StatementSubject) -> Iterator[Text]:
    yield from statement.actions
    yield from statement.principals
    for name in _SINGLE:
        node = statement.element(name)
        if isinstance(node, JsonScalar):
            yield Text(node, (*statement.path, ("value", name)), node.text)
