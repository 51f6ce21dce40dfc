"""Web ACL whose requests are not logged, or are logged with what proves who one is."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import refuse_unread
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource, Undecided
from revet.plan.element_paths import blocks

_LOGGING = "aws_wafv2_web_acl_logging_configuration"
_BEHAVIORS = ("KEEP", "DROP")
"""Source: WAF API reference, `LoggingFilter`, `DefaultBehavior`."""


@control(
    title="web ACLs log requests, without the headers that prove who one is",
    severity=Severity.MEDIUM,
    resource="aws_wafv2_web_acl",
    required=(
        "an `aws_wafv2_web_acl_logging_configuration` names it, no `logging_filter` drops "
        "requests, and `redacted_fields` has each of `headers`"
    ),
    impact="nobody sees what was tried, or whoever reads the log can act as its callers",
    fix="""resource "aws_wafv2_web_acl_logging_configuration" "orders" {
  resource_arn            = aws_wafv2_web_acl.orders.arn
  log_destination_configs = [aws_cloudwatch_log_group.waf.arn]
  redacted_fields {
    single_header {
      name = "authorization"
    }
  }
}""",
    construct='wafv2.WebAcl(scope, "orders", key=key)',
    deviations=("no-web-acl",),
    on_request=True,
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    headers: tuple[str, ...] = ("authorization", "x-api-key"),
) -> Outcome:
    """WAF takes one configuration for each web ACL, and names of headers in lower case."""
    found = inventory.attached(resource, _LOGGING, via="resource_arn", every=True)
    if not found:
        refuse_unread(inventory, (resource.type,))
        return noncompliant(f"no `{_LOGGING}` names it")
    for item in found:
        if _drops(item):
            why = f"`{item.address}` drops requests by its `logging_filter`"
            return noncompliant(why, related=(item.address,))
        missing = sorted({header.lower() for header in headers} - _redacted(item))
        if missing:
            why = f"`{item.address}` does not redact {quoted(missing)}"
            return noncompliant(why, related=(item.address,))
    return compliant("requests are logged", related=tuple(item.address for item in found))


def _drops(item: Resource) -> bool:
    """Whether a filter keeps requests out of the log."""
    return any(
        one_of(item, path, _BEHAVIORS, "WAF has no behavior `{}` of filters") == "DROP"
        for block in blocks(item, "logging_filter")
        for path in (
            f"{block}.default_behavior",
            *(f"{rule}.behavior" for rule in blocks(item, f"{block}.filter")),
        )
    )


def _redacted(item: Resource) -> set[str]:
    names = set()
    for field in blocks(item, "redacted_fields"):
        for block in blocks(item, f"{field}.single_header"):
            name = item.get(f"{block}.name")
            if isinstance(name, Undecided):
                name.refuse()
            names.add(name.lower())
    return names
