"""ARNs of resources of an account name it."""

from __future__ import annotations

from revet.iam.reference import Place
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ResourceSubject

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


@check(Level.ERROR, subject=ResourceSubject)
def missing_arn_account(resource: ResourceSubject) -> Hits:
    """An empty fifth field of an ARN of `_IN_AN_ACCOUNT`.

    Of many other types AWS offers resources of its own, whose ARNs have no account, such as the
    documents of Systems Manager, and its reference does not say of which.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    read = resource.read
    if read is None or read.arn.account or read.runs_over_colons:
        return
    places = read.places
    if places is None or not places.types or places.account is not Place.FILLED:
        return
    if read.arn.resource.startswith(_IN_AN_ACCOUNT.get(read.arn.service, ())):
        yield hit(
            f"The ARN {quoted(read.text)} names no account. Add its 12 digits.",
            resource.place,
        )
