"""A resource begins with `arn:`, or is `*`."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import PREFIX
from revet.iam.validate.subject import PolicySubject, ResourceSubject
from revet.iam.validate.variables import OPENING

_SHORT = "execute-api:/"
_SHORT_FOR = frozenset({"", "AWS::ApiGateway::RestApi"})
"""Types of resources whose policies may begin so; the empty one is not known."""


@check(
    Level.ERROR,
    subject=ResourceSubject,
    source="IAM User Guide, IAM policy validation check reference; Amazon API Gateway Developer "
    "Guide, API Gateway resource policy examples",
)
def invalid_arn_prefix(resource: ResourceSubject) -> Hits:
    """Another first field, as in `aws:s3:::bucket`, or no field at all.

    The policy of an API may leave out what is the same for all of it, as in
    `execute-api:/stage/GET/pets`: API Gateway completes it. No other service documents a
    form without `arn:`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    text = resource.text
    if text.startswith(("arn:", OPENING)) or text == "*" or not resource.is_string:
        return
    if text.startswith(_SHORT) and _may_be_short(resource.statement.policy):
        return
    first, colon, _ = text.partition(":")
    if first != PREFIX:
        yield hit(
            f"The resource {quoted(text)} does not begin with arn. Write its whole ARN.",
            resource.substring(0, len(first)) if colon and first else resource.place,
        )


def _may_be_short(policy: PolicySubject) -> bool:
    return policy.type is PolicyType.RESOURCE and policy.resource_type in _SHORT_FOR
