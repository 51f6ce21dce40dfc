"""Web ACL without a limit for each client, or with one below what a client may send."""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.gate.readings.wafv2.rules import BLOCK, action_of, may_allow, statement_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

_LIMIT = "rate_based_statement"
_FIRST = "pre_process_rule_groups"
"""Only an account shows them."""
_WINDOW = 300
"""Seconds that WAF looks back where nothing else is said. Source: WAF API, `RateBasedStatement`."""
_WINDOWS = (60, 120, _WINDOW, 600)
_LIMITS = range(10, 2_000_000_001)
"""Source of both: WAF API, `RateBasedStatement`."""
_PRIORITIES = range(2**31)
"""Source: WAF API, `Rule`, `Priority`."""


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
            window = _window(resource, f"{statement}.evaluation_window_sec")
            limit = one_of(resource, path, _LIMITS, "WAF takes no limit of {} requests")
            if limit < requests_per_second * window:
                why = f"{limit} requests in {window} seconds block a client within its plan"
                return noncompliant(why, paths=(path,))
            if blocks(resource, f"{statement}.scope_down_statement"):
                narrow = True
                continue
            before = _passed_before(resource, statement)
            if before is not None:
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


def _window(resource: Resource, path: str) -> int:
    """Seconds in which the requests of a client are counted."""
    if resource.get(path) is None:
        return _WINDOW
    return one_of(resource, path, _WINDOWS, "WAF takes no window of {} seconds")


def _priority(resource: Resource, block: str) -> int:
    return one_of(resource, f"{block}.priority", _PRIORITIES, "WAF takes no priority of {}")


def _passed_before(resource: Resource, statement: str) -> str | None:
    """A rule that ends with `allow` what the rule of a statement would count; `None` for none.

    WAF evaluates rules from the lowest priority up, and `allow` ends the evaluation. Source: WAF
    developer guide, "Setting rule priority" and "Using rule actions"; WAF API reference, `WebACL`:
    the rule groups that Firewall Manager puts first come before all.
    """
    first = resource.get(_FIRST)
    if isinstance(first, Undecided):
        first.refuse()
    if first:
        why = f"whether `{first[0]}` of Firewall Manager lets requests through is not read"
        raise resource.doubt(_FIRST, why, "look at the policy of Firewall Manager")
    own = ".".join(statement.split(".")[:2])
    limit = _priority(resource, own)
    doubts = Doubts()
    for block in blocks(resource, "rule"):
        with doubts:
            priority = limit + 1 if block == own else _priority(resource, block)
            if priority == limit:
                why = f"another rule has the priority {priority}, and WAF takes each only once"
                resolve = "give every rule a priority of its own"
                raise resource.doubt(f"{block}.priority", why, resolve)
            if priority < limit and may_allow(resource, block):
                name = resource.get(f"{block}.name")
                return name if isinstance(name, str) and name else block
    doubts.refuse()
    return None


def _rate_based(resource: Resource, doubts: Doubts) -> Iterator[str]:
    """The statements of the rules that block."""
    for block in blocks(resource, "rule"):
        with doubts:
            statement = statement_of(resource, block)
            if statement.split(".")[-2] == _LIMIT and action_of(resource, block) == BLOCK:
                yield statement
