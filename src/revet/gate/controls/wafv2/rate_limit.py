"""Web ACL without a limit for each client, or with one below what a client may send."""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

_WINDOW = 300
"""Seconds that WAF looks back where nothing else is said. Source: WAF API, `RateBasedStatement`."""


@control(
    title="web ACLs limit how much one client sends, and not below its plan",
    severity=Severity.MEDIUM,
    resource="aws_wafv2_web_acl",
    required=(
        "a rule with a `rate_based_statement` for all requests blocks, no rule before it allows, "
        "and its `limit` is at least what `requests_per_second` come to in its window"
    ),
    impact="one address takes the capacity of all, or a client within its plan is blocked",
    fix="""rule {
  name     = "rate"
  priority = 1
  action {
    block {}
  }
  statement {
    rate_based_statement {
      limit              = 331100
      aggregate_key_type = "IP"
    }
  }
  …
}""",
    construct='wafv2.WebAcl(scope, "orders", key=key, requests_per_second=1000)',
    deviations=("unlimited-client",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, requests_per_second: int = 0) -> Outcome:
    """A rule that counts limits nothing."""
    del inventory
    if resource.is_set("rule_json"):
        raise resource.doubt("rule_json", "rules in JSON are not read", "write them as blocks")
    doubts = Doubts()
    limited = narrow = False
    for statement in _rate_based(resource, doubts):
        with doubts:
            path = f"{statement}.limit"
            window = resource.get(f"{statement}.evaluation_window_sec") or _WINDOW
            if isinstance(window, Undecided):
                window.refuse()
            limit = resource.get(path)
            if limit < requests_per_second * window:
                why = f"{limit} requests in {window} seconds block a client within its plan"
                return noncompliant(why, paths=(path,))
            if blocks(resource, f"{statement}.scope_down_statement"):
                narrow = True
                continue
            before = _passed_before(resource, statement)
            if before:
                why = f"`{before}` lets requests through before they are counted"
                return noncompliant(why, paths=("rule",))
            limited = True
    doubts.refuse()
    if limited:
        return compliant("it limits how much one client sends")
    if narrow:
        why = "the limit has a `scope_down_statement`, and other requests are not counted"
        return noncompliant(why, paths=("rule",))
    return noncompliant("no rule blocks who sends too much", paths=("rule",))


def _passed_before(resource: Resource, statement: str) -> str:
    """A rule that ends with `allow` what the rule of a statement would count; empty for none.

    WAF evaluates rules from the lowest priority up, and `allow` ends the evaluation. Source: WAF
    developer guide, "Setting rule priority" and "Using rule actions".
    """
    limit = resource.get(f"{'.'.join(statement.split('.')[:2])}.priority")
    for block in blocks(resource, "rule"):
        action = blocks(resource, f"{block}.action")
        if not action or not blocks(resource, f"{action[0]}.allow"):
            continue
        if resource.get(f"{block}.priority") < limit:
            name = resource.get(f"{block}.name")
            return name if isinstance(name, str) else block
    return ""


def _rate_based(resource: Resource, doubts: Doubts) -> Iterator[str]:
    """The statements of the rules that block."""
    for block in blocks(resource, "rule"):
        with doubts:
            action = blocks(resource, f"{block}.action")
            if action and blocks(resource, f"{action[0]}.block"):
                for statement in blocks(resource, f"{block}.statement"):
                    yield from blocks(resource, f"{statement}.rate_based_statement")
