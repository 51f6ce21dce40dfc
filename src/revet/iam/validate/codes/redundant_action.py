"""An action that another entry of the same element already covers."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.redundant import redundant_groups
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def redundant_action(statement: StatementSubject) -> Hits:
    """Actions of which one covers another, compared without case."""
    for negated, name in ((False, "Action"), (True, "NotAction")):
        if name not in statement.members:
            continue
        entries = [action for action in statement.actions if action.negated is negated]
        for group in redundant_groups(entries, ignore_case=True):
            found = [entries[number] for number in group]
            narrow = max(found, key=lambda entry: len(entry.text))
            yield hit(
                f"{len(found)} actions overlap so that one of them covers another. "
                f"Remove what adds nothing, such as {quoted(narrow.text)}.",
                *(entry.place for entry in found),
            )
