"""A denial of untagged requests that only denies when every tag is missing.

The keys of one condition block must all hold; a request with one of the tags passes.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import is_absent, with_key
from revet.iam.validate.subject import StatementSubject


@check(
    Level.WARNING,
    subject=StatementSubject,
    source="IAM User Guide, Conditions with multiple context keys or values",
    needs="aws:requesttag/",
)
def tag_guard_keys_are_anded(statement: StatementSubject) -> Hits:
    """`Deny` with `Null` `true` for two tags of the request or more."""
    if not statement.denies:
        return
    absent = [item for item in with_key(statement, "aws:requesttag/") if is_absent(item)]
    if len({item.lower for item in absent}) > 1:
        names = ", ".join(item.key for item in absent)
        yield hit(
            f"This denies only requests that lack all of {names}. Write one statement for each "
            "tag.",
            *(item.key_place for item in absent),
        )
