"""WAF: the rules of a web ACL that limit, and what it stands before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.kinds import Kind, attribute_kind
from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft

_ASSOCIATION = "aws_wafv2_web_acl_association"
_FIRST = "pre_process_rule_groups"
"""The provider has no such argument: Firewall Manager puts them there."""
_SCOPE = "scope_down_statement"
_OF_GROUPS = (("arn", "ARN"), ("name", "Name"), ("vendor_name", "VendorName"))
_GROUPS = ("managed_rule_group_statement", "rule_group_reference_statement")


def aws_wafv2_web_acl(one: Draft) -> Iterator[Observed]:
    """Its rules, and the stages of APIs that have it."""

    def rules() -> Mapping[str, Any]:
        said = one.ask("GetWebACL", Name="{name}", Id="{id}", Scope="REGIONAL")["WebACL"]
        return {
            "rule": [_rule(rule) for rule in said.get("Rules", ())],
            _FIRST: [
                group["Name"] for group in said.get("PreProcessFirewallManagerRuleGroups", ())
            ],
        }

    one.values.update(one.answer(lambda: one.needed(rules, "rule", _FIRST) or {}, "rule", _FIRST))
    found = readable(
        lambda: one.ask("ListResourcesForWebACL", WebACLArn="{arn}", ResourceType="API_GATEWAY")[
            "ResourceArns"
        ]
    )
    if not isinstance(found, list):
        yield Observed(_ASSOCIATION, EVERY, {}, one.region, found)
        return
    for arn in found:
        values = {
            "id": f"{one.values['arn']},{arn}",
            "web_acl_arn": one.values["arn"],
            "resource_arn": arn,
        }
        yield Observed(_ASSOCIATION, str(values["id"]), values, one.region)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    statement = rule["Statement"]
    return {
        "name": rule["Name"],
        "priority": rule["Priority"],
        "action": _one_of("action", rule.get("Action")),
        "override_action": _one_of("override_action", rule.get("OverrideAction")),
        "statement": [
            {
                name: _statement(name, inner, statement.get(_api(name)))
                for name, inner in _inside("rule.statement")
            }
        ],
    }


def _one_of(path: str, said: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The block of a rule that holds one of several, which the API names alike."""
    if not said:
        return []
    kinds = _inside(f"rule.{path}")
    return [{kind: [_empty(inner)] if kind.title() in said else [] for kind, inner in kinds}]


def _inside(path: str) -> list[tuple[str, Kind]]:
    """What is in a block of a web ACL, as the provider has it."""
    kind = attribute_kind("aws_wafv2_web_acl", path)
    return list(kind[1].items()) if isinstance(kind, tuple) else []


def _empty(kind: Kind) -> dict[str, Any]:
    """A block of a kind of which nothing is read."""
    return {name: [] if isinstance(inner, tuple) else None for name, inner in kind[1].items()}


def _api(name: str) -> str:
    """The name of a statement in the API, `GeoMatchStatement`, `IPSetReferenceStatement`."""
    return name.title().replace("_", "").replace("IpSet", "IPSet")


def _statement(name: str, kind: Kind, said: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A statement, of which limits and groups are read in full."""
    if said is None:
        return []
    if name == "rate_based_statement":
        return [
            {
                "limit": said["Limit"],
                "aggregate_key_type": said["AggregateKeyType"],
                "evaluation_window_sec": said.get("EvaluationWindowSec", 300),
                _SCOPE: [_empty(kind[1][_SCOPE])] if "ScopeDownStatement" in said else [],
            }
        ]
    if name in _GROUPS:
        overrides = [
            {"name": one["Name"], "action_to_use": _one_of("action", one["ActionToUse"])}
            for one in said.get("RuleActionOverrides", ())
        ]
        return [
            {
                **_empty(kind),
                **{own: said[api] for own, api in _OF_GROUPS if api in said},
                "rule_action_override": overrides,
            }
        ]
    return [_empty(kind)]
