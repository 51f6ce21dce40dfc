"""A resource that another entry of the same element already covers."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.redundant import redundant_groups
from revet.iam.validate.subject import StatementSubject


@check(Level.SUGGESTION, subject=StatementSubject)
def redundant_resource(statement: StatementSubject) -> Hits:
    """Resources of which one covers another."""
    for negated, name in ((False, "Resource"), (True, "NotResource")):
        if name not in statement.members:
            continue
        entries = [resource for resource in statement.resources if resource.negated is negated]
        for group in redundant_groups(entries, ignore_case=False):
            found = [entries[number] for number in group]
            narrow = max(found, key=lambda entry: len(entry.text))
            yield hit(
                f"{len(found)} resources overlap so that one of them covers another. "
                f"Look at the wildcards, or remove what adds nothing, such as "
                f"{quoted(narrow.text)}.",
                *(entry.place for entry in found),
            )
