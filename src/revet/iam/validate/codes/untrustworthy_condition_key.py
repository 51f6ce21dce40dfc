"""What the caller writes himself is no ground to let him in."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import ConditionSubject


@check(Level.SECURITY_WARNING, subject=ConditionSubject)
def untrustworthy_condition_key(condition: ConditionSubject) -> Hits:
    """`aws:Referer` and `aws:UserAgent`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    known = condition.global_key
    if known is not None and known.spoofable:
        yield hit(
            f"Whoever makes the request chooses {condition.key} freely. "
            "Do not grant or deny access by it.",
            condition.key_place,
        )
