"""A denial by source address that also denies whatever comes through a VPC endpoint.

There `aws:SourceIp` is absent, and a negated operator holds for an absent key.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import has_key, is_kind, with_key
from revet.iam.validate.subject import StatementSubject

_WAYS_OUT = (
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
)


@check(
    Level.WARNING,
    subject=StatementSubject,
    source="IAM User Guide, AWS: Denies access to AWS based on the source IP; AWS global "
    "condition context keys: aws:SourceIp",
    needs="aws:sourceip",
)
def source_ip_guard_blocks_endpoints(statement: StatementSubject) -> Hits:
    """`Deny` with `NotIpAddress` on `aws:SourceIp` and nothing that spares VPC endpoints."""
    if not statement.denies or has_key(statement, *_WAYS_OUT):
        return
    for condition in with_key(statement, "aws:sourceip"):
        if is_kind(condition, Kind.IP_ADDRESS, negated=True):
            yield hit(
                "Requests through a VPC endpoint carry no aws:SourceIp, and NotIpAddress holds "
                "for them: they are denied. Add StringNotEqualsIfExists on aws:SourceVpc for the "
                "networks that you expect, or Null aws:SourceVpc true.",
                condition.key_place,
            )
