"""A denial of every region but a few, for the roles of a stack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from revet.constructs.arguments import check_items, check_match, check_region
from revet.constructs.policy import PolicyStatement, statement
from revet.iam.reference.global_services import GLOBAL_ACTIONS

_ACTION = re.compile(r"[a-z0-9-]+:(?:\*|[A-Z][A-Za-z0-9]*\*?)")


@dataclass(frozen=True, slots=True)
class RegionGuard:
    """What every role of a stack is denied: requests to other regions.

    Services that answer in one region for all of them are left out (IAM, STS, Route 53, CloudFront
    …), since their requests carry that region. Service-linked roles take no policy of ours.

    Source: IAM user guide, "Denies access to AWS based on the requested Region".

    Args:
        more_regions: besides the stack's own; those of replicas must be here.
        exempt_actions: further actions that are not limited, `wafv2:*` for web ACLs of CloudFront.
    """

    more_regions: Sequence[str] = ()
    exempt_actions: Sequence[str] = ()

    def check(self) -> None:
        """Check regions and actions.

        Raises:
            ArgumentError: a region that does not exist, or an action of another form.
        """
        check_items("region_guard.more_regions", self.more_regions, str, "`eu-west-1` is one")
        for region in self.more_regions:
            check_region("region_guard.more_regions", region)
        check_items("region_guard.exempt_actions", self.exempt_actions, str, "`wafv2:*` is one")
        for action in self.exempt_actions:
            check_match(
                "region_guard.exempt_actions",
                action,
                _ACTION,
                "an action such as `wafv2:*`, and never all",
                "name the service",
            )

    def statement(self, home: str, more: Sequence[str] = ()) -> PolicyStatement:
        """The denial.

        Args:
            home: region of the stack.
            more: regions of one role besides.
        """
        return statement(
            "OtherRegions",
            effect="Deny",
            not_actions=sorted({*GLOBAL_ACTIONS, *self.exempt_actions}),
            conditions={
                "StringNotEquals": {
                    "aws:RequestedRegion": sorted({home, *self.more_regions, *more})
                }
            },
        )
