"""IAM takes a policy only when its statement ids differ."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.sids import UNIQUE, repeated_sids
from revet.iam.validate.subject import PolicySubject


@check(Level.ERROR, subject=PolicySubject, types=UNIQUE)
def unique_sids_required(policy: PolicySubject) -> Hits:
    """One finding for each id that repeats, with all its places.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for sid, places in repeated_sids(policy):
        yield hit(
            f"{len(places)} statements have the id {quoted(sid)}, which IAM refuses. Give each its "
            "own Sid.",
            *places,
        )
