"""The resource field of an ARN is that of a resource type of the service."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def invalid_arn_resource(resource: ResourceSubject) -> Hits:
    """An ARN that meets the format of no resource type.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or read.runs_over_colons:
        return
    places = read.places
    if places is not None and not places.types:
        yield hit(
            f"{quoted(read.arn.resource)} has the form of no resource of "
            f"{quoted(read.arn.service)}. Correct what stands after the fifth colon.",
            read.place("resource"),
        )
