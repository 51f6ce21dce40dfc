"""Every statement says which actions it is about."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject)
def missing_action(statement: StatementSubject) -> Hits:
    """Neither `Action` nor `NotAction`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "Action" not in statement.members and "NotAction" not in statement.members:
        yield hit("The statement names no actions. Add Action or NotAction.", statement.place)
