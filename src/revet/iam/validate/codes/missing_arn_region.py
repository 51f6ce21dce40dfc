"""ARNs of regional resources name the Region."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import read_resource
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def missing_arn_region(resource: ResourceSubject) -> Hits:
    """An empty fourth field where every resource type that fits has a Region."""
    read = read_resource(resource.text)
    if read is None or read.arn.region or "*" in read.arn.partition + read.arn.service:
        return
    if read.types and all(form.region for form in read.formats):
        yield hit(
            f"The ARN {quoted(read.text)} names no Region. Add it, or * for all.",
            resource.place,
        )
