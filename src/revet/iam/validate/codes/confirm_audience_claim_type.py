"""A token's audience is one value."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import is_audience
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.SUGGESTION,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; Create a role for OpenID "
    "Connect federation",
    needs=":aud",
)
def confirm_audience_claim_type(condition: ConditionSubject) -> Hits:
    """A qualifier on the claim `aud` of an identity provider.

    The page's message is that the claim has one value and takes no qualifier, so that a condition
    without one, as all of AWS's own trust policies have it, needs no confirmation.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if (
        used is None
        or used.qualifier is Qualifier.NONE
        or used.operator.kind is Kind.NULL
        or not is_audience(condition)
    ):
        return
    yield hit(
        f"{quoted(condition.key)} says whom a token is meant for. A qualifier such as "
        f"{used.qualifier} is for several values: with one, write {used.operator.name} alone.",
        condition.key_place,
    )
