"""Stage of an API without a firewall."""

from __future__ import annotations

import re

from revet.gate.catalog import control
from revet.gate.readings.needed import refuse_unread
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Reading, Resource, Undecided

_ASSOCIATION = "aws_wafv2_web_acl_association"
_ARN = "web_acl_arn"
_WEB_ACL = re.compile(
    r"arn:[^:]+:(?:wafv2:[^:]+:[^:]+:regional/webacl|waf-regional:[^:]+:[^:]+:webacl)/"
)
"""Source: Service Authorization Reference, AWS WAF V2 and AWS WAF Regional, resource types."""


@control(
    title="stages of REST APIs have a web ACL",
    severity=Severity.MEDIUM,
    resource="aws_api_gateway_stage",
    required="an `aws_wafv2_web_acl_association` names the stage",
    impact="attacks that are known to everybody reach the functions behind the API",
    fix="""resource "aws_wafv2_web_acl_association" "orders" {
  resource_arn = aws_api_gateway_stage.orders.arn
  web_acl_arn  = aws_wafv2_web_acl.orders.arn
}""",
    deviations=("no-web-acl",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The stage itself says in a state, and in an account, which web ACL it has."""
    told = resource.get(_ARN)
    if isinstance(told, str) and told:
        if not _WEB_ACL.match(told):
            raise resource.doubt(_ARN, f"`{told}` is not the ARN of a web ACL", "apply it again")
        return compliant(f"its web ACL is `{told}`")
    found = inventory.attached(resource, _ASSOCIATION, via="resource_arn")
    if found:
        return compliant(f"named by `{found[0].address}`", related=(found[0].address,))
    if isinstance(told, Undecided) and inventory.reading is not Reading.PLAN:
        told.refuse()
    refuse_unread(inventory, (resource.type,))
    return noncompliant(f"no `{_ASSOCIATION}` names it")
