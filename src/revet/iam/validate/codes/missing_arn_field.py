"""An ARN has six fields."""

from __future__ import annotations

from revet.iam.arn_pattern import split_arn
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import PREFIX
from revet.iam.validate.subject import ResourceSubject


@check(
    Level.ERROR,
    subject=ResourceSubject,
    source="IAM User Guide, IAM policy validation check reference; IAM JSON policy elements: "
    "Resource (incomplete ARNs)",
)
def missing_arn_field(resource: ResourceSubject) -> Hits:
    """Fewer colons than `arn:partition:service:region:account:resource` has.

    In the policies of identities AWS takes `*` for what is missing; a session policy it refuses.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    text = resource.text
    if not text.startswith(PREFIX) or resource.arn is not None or has_symbol(text):
        return
    fields = split_arn(text)
    if fields[0] == PREFIX:
        refused = resource.statement.policy.type is PolicyType.SESSION
        yield hit(
            f"The ARN {quoted(text)} has {len(fields)} fields of 6"
            f"{', and AWS refuses a session policy with it' if refused else ''}. "
            "Write it as arn:partition:service:region:account:resource; fields may be empty.",
            resource.place,
        )
