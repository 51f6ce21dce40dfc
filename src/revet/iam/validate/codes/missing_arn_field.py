"""An ARN has six fields."""

from __future__ import annotations

from revet.iam.arn_pattern import split_arn
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import PREFIX
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def missing_arn_field(resource: ResourceSubject) -> Hits:
    """Fewer colons than `arn:partition:service:region:account:resource` has."""
    text = resource.text
    if not text.startswith(PREFIX) or resource.arn is not None or has_symbol(text):
        return
    fields = split_arn(text)
    if fields[0] == PREFIX:
        yield hit(
            f"The ARN {quoted(text)} has {len(fields)} fields of 6. "
            "Write it as arn:partition:service:region:account:resource; fields may be empty.",
            resource.place,
        )
