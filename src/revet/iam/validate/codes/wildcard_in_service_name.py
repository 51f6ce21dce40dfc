"""The service of an action or an ARN is written out."""

from __future__ import annotations

from revet.iam.validate.catalog import Hit, Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.place import Place
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def wildcard_in_service_name(statement: StatementSubject) -> Hits:
    """A wildcard before the colon of an action, or in the third field of an ARN.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for action in statement.wild_actions:
        if ":" in action.text and _is_pattern(action.prefix):
            yield _finding(action.prefix, action.substring(0, len(action.prefix)))
    for resource in statement.resources:
        read = resource.read
        if read is not None and not read.has_symbol and _is_pattern(read.arn.service):
            yield _finding(read.arn.service, read.place("service"))


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _finding(written: str, place: Place) -> Hit:
    return hit(
        f"The service {quoted(written)} has a wildcard and also covers other services, those to "
        "come too. Write the service out.",
        place,
    )
