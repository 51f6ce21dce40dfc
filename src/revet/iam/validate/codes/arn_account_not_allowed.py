"""ARNs of resources with names unique in all of AWS have no account."""

from __future__ import annotations

from revet.iam.reference import Place
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject)
def arn_account_not_allowed(resource: ResourceSubject) -> Hits:
    """An account, written out, in the ARN of a resource type whose ARNs have none.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or not read.arn.account or is_open(read.arn.account):
        return
    places = read.places
    if places is not None and places.account is Place.EMPTY:
        yield hit(
            f"ARNs of {quoted(read.arn.service)} have no account for this resource. "
            f"Remove {quoted(read.arn.account)}, and keep the colons.",
            read.place("account"),
        )
