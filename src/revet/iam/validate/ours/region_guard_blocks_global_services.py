"""A denial of other regions that also denies services which exist only once.

Their requests go to one region of AWS's choice, mostly us-east-1; unless that is allowed, IAM,
Organizations, Route 53, CloudFront and Support are out of reach.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action, covers_everything, is_kind, with_key
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import StatementSubject

_GLOBAL = ("iam:GetRole", "organizations:DescribeOrganization", "sts:GetCallerIdentity")
_HOME = "us-east-1"


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS: Denies access to AWS based on the requested Region",
    needs="aws:requestedregion",
)
def region_guard_blocks_global_services(statement: StatementSubject) -> Hits:
    """`Deny` of everything outside regions that are not the home of the global services."""
    if not statement.denies or not covers_everything(statement):
        return
    for condition in with_key(statement, "aws:requestedregion"):
        if not is_kind(condition, Kind.STRING, negated=True):
            continue
        regions = [value.text for value in condition.values]
        if _HOME in regions or any("*" in region for region in regions):
            continue
        blocked = [name.partition(":")[0] for name in _GLOBAL if covers_action(statement, name)]
        if blocked:
            yield hit(
                f"This denies {', '.join(blocked)} altogether, whose requests go to {_HOME}. "
                "Except the global services with NotAction.",
                condition.key_place,
            )
