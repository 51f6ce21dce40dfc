"""A resource begins with `arn:`, or is `*`."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import PREFIX
from revet.iam.validate.subject import ResourceSubject
from revet.iam.validate.variables import OPENING


@check(Level.ERROR, subject=ResourceSubject)
def invalid_arn_prefix(resource: ResourceSubject) -> Hits:
    """Another first field, as in `aws:s3:::bucket`, or no field at all."""
    text = resource.text
    if text.startswith(("arn:", OPENING)) or text == "*" or not resource.is_string:
        return
    first, colon, _ = text.partition(":")
    if first != PREFIX:
        yield hit(
            f"The resource {quoted(text)} does not begin with arn. Write its whole ARN.",
            resource.substring(0, len(first)) if colon and first else resource.place,
        )
