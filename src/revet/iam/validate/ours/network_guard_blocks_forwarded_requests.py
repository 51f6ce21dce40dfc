"""A denial by VPC that also denies what AWS services do for the caller.

A service that acts with the caller's credentials does not come from the caller's VPC: its requests
carry `aws:ViaAWSService` instead.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import has_key, is_kind, with_key
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import StatementSubject


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, Forward access sessions; AWS global condition context keys: "
    "aws:ViaAWSService",
    needs="aws:sourcevpc",
)
def network_guard_blocks_forwarded_requests(statement: StatementSubject) -> Hits:
    """`Deny` outside of some VPCs without a condition on `aws:ViaAWSService`."""
    if not statement.denies or has_key(statement, "aws:viaawsservice", "aws:calledvia"):
        return
    for condition in with_key(statement, "aws:sourcevpc", "aws:sourcevpce"):
        if is_kind(condition, Kind.STRING, negated=True):
            yield hit(
                f"Requests that a service makes for the caller carry no {condition.key}, and this "
                "denies them. Add BoolIfExists aws:ViaAWSService false.",
                condition.key_place,
            )
