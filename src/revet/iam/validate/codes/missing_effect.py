"""Every statement says whether it allows or denies."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject)
def missing_effect(statement: StatementSubject) -> Hits:
    """No element `Effect`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "Effect" not in statement.members:
        yield hit("Add the element Effect with Allow or Deny.", statement.place)
