"""Who writes a condition on a token's audience knows whether it is one value or several."""

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
    "Connect federation; AWS CLI Command Reference, accessanalyzer validate-policy (example)",
)
def confirm_audience_claim_type(condition: ConditionSubject) -> Hits:
    """The claim `aud` of an OpenID Connect provider.

    AWS asks whenever the key appears, with a qualifier or without. Of the providers whose claims
    AWS documents one by one, as Cognito's, it knows that the claim has one value; there only a
    qualifier is in doubt.
    """
    if not is_audience(condition):
        return
    used, reference = condition.operator, condition.reference
    if used is None or reference is None or used.operator.kind is Kind.NULL:
        return
    if not reference.is_template and used.qualifier is Qualifier.NONE:
        return
    advice = (
        f"A qualifier such as {used.qualifier} is for several values only: with one, write "
        f"{used.operator.name} alone."
        if used.qualifier is not Qualifier.NONE
        else "When it is one value, as with most identity providers, the condition is right."
    )
    yield hit(
        f"{quoted(condition.key)} says whom a token is meant for. {advice}",
        condition.key_place,
    )
