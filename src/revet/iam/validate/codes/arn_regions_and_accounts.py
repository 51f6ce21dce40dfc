"""ARNs have a Region and an account where their format has them, and nowhere else."""

from __future__ import annotations

from revet.iam.reference.arn_fields import FieldUse
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.written import WrittenResource


def _not_allowed(resource: WrittenResource, field: str, name: str) -> Hits:
    """A field, written out, in the ARN of a resource type whose ARNs have it empty."""
    read = resource.read
    written: str = "" if read is None else getattr(read.arn, field)
    if read is None or not written or is_open(written):
        return
    expected = read.expected
    if expected is not None and getattr(expected, field) is FieldUse.EMPTY:
        yield hit(
            f"ARNs of {quoted(read.arn.service)} have no {name} for this resource. "
            f"Remove {quoted(written)}, and keep the colons.",
            read.place(field),
        )


@check(Level.ERROR)
def arn_region_not_allowed(resource: WrittenResource) -> Hits:
    """ARNs of global resources have no Region."""
    return _not_allowed(resource, "region", "Region")


@check(Level.ERROR)
def arn_account_not_allowed(resource: WrittenResource) -> Hits:
    """ARNs of resources with names unique in all of AWS have no account."""
    return _not_allowed(resource, "account", "account")


@check(Level.ERROR)
def missing_arn_region(resource: WrittenResource) -> Hits:
    """ARNs of regional resources name the Region.

    An empty fourth field where every resource type that fits has a Region.
    """
    read = resource.read
    if read is None or read.arn.region or "*" in read.arn.partition + read.arn.service:
        return
    expected = read.expected
    if expected is not None and expected.types and expected.region is FieldUse.FILLED:
        yield hit(
            f"The ARN {quoted(read.text)} names no Region. Add it, or * for all.",
            resource.place,
        )


_IN_AN_ACCOUNT = {
    "dynamodb": ("table/",),
    "ec2": ("instance/", "network-interface/", "security-group/", "subnet/", "volume/", "vpc/"),
    "iam": ("group/", "instance-profile/", "role/", "user/"),
    "kms": ("alias/", "key/"),
    "lambda": ("function:",),
    "logs": ("log-group:",),
    "secretsmanager": ("secret:",),
    "sns": ("",),
    "sqs": ("",),
    "states": ("stateMachine:",),
}
"""Where no ARN is without an account: namespaces, and how the resource begins.

Source: the developer guides of these services, where they speak of ARNs.
"""


@check(Level.ERROR)
def missing_arn_account(resource: WrittenResource) -> Hits:
    """ARNs of resources of an account name it.

    An empty fifth field of an ARN of `_IN_AN_ACCOUNT`.

    Of many other types AWS offers resources of its own, whose ARNs have no account, such as the
    documents of Systems Manager, and its reference does not say of which.
    """
    read = resource.read
    if read is None or read.arn.account or read.runs_over_colons:
        return
    expected = read.expected
    if expected is None or not expected.types or expected.account is not FieldUse.FILLED:
        return
    if read.arn.resource.startswith(_IN_AN_ACCOUNT.get(read.arn.service, ())):
        yield hit(
            f"The ARN {quoted(read.text)} names no account. Add its 12 digits.",
            resource.place,
        )
