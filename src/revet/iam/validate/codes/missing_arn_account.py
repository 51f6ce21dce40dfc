"""ARNs of resources of an account name it."""

from __future__ import annotations

from revet.iam.reference import Place
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ResourceSubject

_OWNED_BY_AWS = {
    "ssm": ("document", "automation-definition", "parameter", "patchbaseline"),
    "resource-explorer-2": ("view", "managed-view"),
}
"""Resource types of which AWS offers ones of its own, with an empty account.

Source: AWS's managed policies, for example AmazonSSMManagedEC2InstanceDefaultPolicy and
CloudWatchFullAccessV2."""


@check(Level.ERROR, subject=ResourceSubject)
def missing_arn_account(resource: ResourceSubject) -> Hits:
    """An empty fifth field where every resource type that fits has an account."""
    read = resource.read
    if read is None or read.arn.account or read.runs_over_colons:
        return
    places = read.places
    if places is None or not places.types or places.account is not Place.FILLED:
        return
    if any(read.arn.resource.startswith(kind) for kind in _OWNED_BY_AWS.get(read.arn.service, ())):
        return
    yield hit(
        f"The ARN {quoted(read.text)} names no account. Add its 12 digits.",
        resource.place,
    )
