"""A text that is no JSON object is no policy."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import printable
from revet.iam.validate.subject import UnreadableSubject


@check(Level.ERROR, subject=UnreadableSubject)
def json_syntax_error(unreadable: UnreadableSubject) -> Hits:
    """Whatever cannot be read.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    yield hit(f"Correct the JSON: {printable(unreadable.problem)}.", unreadable.place)
