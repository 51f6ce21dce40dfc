"""A private address says little without the network that it belongs to."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import has_key, is_kind
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.SECURITY_WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; AWS global condition context "
    "keys: aws:VpcSourceIp, aws:Ec2InstanceSourcePrivateIPv4",
)
def missing_paired_condition_keys(condition: ConditionSubject) -> Hits:
    """None of the keys that belong to it stands in the same `Condition`.

    Of a `Deny`, they may stand in another one: AWS's own example denies other addresses in one
    statement and other networks in another.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    known = condition.global_key
    if known is None or not known.paired_with or is_kind(condition, Kind.NULL):
        return
    statement = condition.statement
    together = (
        (other for other in statement.policy.statements if other.denies)
        if statement.denies
        else (statement,)
    )
    pairs = [key.lower() for key in known.paired_with]
    if any(has_key(other, *pairs) for other in together):
        return
    yield hit(
        f"The same {condition.key} exists in many networks. Name the network too, with "
        f"{' or '.join(known.paired_with)} in the same Condition.",
        condition.key_place,
    )
