"""Stage of an API without a firewall."""

from __future__ import annotations

import re

from revet.gate.catalog import control
from revet.gate.readings.needed import refuse_unread
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Symbolic

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
        _refuse_other(resource)
        return compliant(f"its web ACL is `{told}`")
    found = inventory.attached(resource, _ASSOCIATION, via="resource_arn")
    if found:
        _refuse_other(found[0])
        return compliant(f"named by `{found[0].address}`", related=(found[0].address,))
    refuse_unread(inventory, (resource.type,))
    return noncompliant(f"no `{_ASSOCIATION}` names it")


def _refuse_other(resource: Resource) -> None:
    """Refuse what is not the ARN of a web ACL.

    Raises:
        UnknownValueError: it is another text: nobody knows what that does.
    """
    value = resource.get(_ARN)
    text = value.template if isinstance(value, Symbolic) else value
    is_written = isinstance(text, str) and not text.startswith("${")
    if is_written and not _WEB_ACL.match(text):
        raise resource.doubt(_ARN, f"`{text}` is not the ARN of a web ACL", "name one")
