"""A policy says which version of the policy language it is written in."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import PolicySubject


@check(Level.WARNING, subject=PolicySubject)
def missing_version(policy: PolicySubject) -> Hits:
    """No element `Version`; AWS then reads the policy as one of 2008-10-17, without variables.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "Version" not in policy.members:
        yield hit(
            "The policy has no Version, so that newer features such as variables do not work in "
            "it. Add 2012-10-17.",
            policy.place,
        )
