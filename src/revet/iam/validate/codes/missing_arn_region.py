"""ARNs of regional resources name the Region."""

from __future__ import annotations

from revet.iam.reference import Place
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def missing_arn_region(resource: ResourceSubject) -> Hits:
    """An empty fourth field where every resource type that fits has a Region.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or read.arn.region or "*" in read.arn.partition + read.arn.service:
        return
    places = read.places
    if places is not None and places.types and places.region is Place.FILLED:
        yield hit(
            f"The ARN {quoted(read.text)} names no Region. Add it, or * for all.",
            resource.place,
        )
