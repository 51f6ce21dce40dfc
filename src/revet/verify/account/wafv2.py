"""WAF: the rules of a web ACL that limit, and what it stands before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from revet.plan.kinds import attribute_kind
from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft

_ASSOCIATION = "aws_wafv2_web_acl_association"
_ACTIONS = ("allow", "block", "captcha", "challenge", "count")
_OVERRIDES = ("count", "none")
_GROUPS = ("managed_rule_group_statement", "rule_group_reference_statement")


def aws_wafv2_web_acl(one: Draft) -> Iterator[Observed]:
    """Its rules, and the stages of APIs that have it."""

    def rules() -> Mapping[str, Any]:
        said = one.ask("GetWebACL", Name="{name}", Id="{id}", Scope="REGIONAL")
        return {"rule": [_rule(rule) for rule in said["WebACL"].get("Rules", ())]}

    one.values.update(one.answer(lambda: one.needed(rules, "rule") or {}, "rule"))
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
        "action": _one_of(_ACTIONS, rule.get("Action")),
        "override_action": _one_of(_OVERRIDES, rule.get("OverrideAction")),
        "statement": [
            {name: _statement(name, statement.get(_api(name))) for name in _statements()}
        ],
    }


def _one_of(kinds: Iterable[str], said: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if not said:
        return []
    return [{kind: [{}] if kind.title() in said else [] for kind in kinds}]


def _statements() -> tuple[str, ...]:
    """The kinds of statements that the provider has."""
    kind = attribute_kind("aws_wafv2_web_acl", "rule.statement")
    return tuple(kind[1])


def _api(name: str) -> str:
    """The name of a statement in the API, `GeoMatchStatement`, `IPSetReferenceStatement`."""
    return name.title().replace("_", "").replace("IpSet", "IPSet")


def _statement(name: str, said: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A statement, of which limits and groups are read in full."""
    if said is None:
        return []
    if name == "rate_based_statement":
        return [
            {
                "limit": said["Limit"],
                "aggregate_key_type": said["AggregateKeyType"],
                "evaluation_window_sec": said.get("EvaluationWindowSec", 300),
                "scope_down_statement": [{}] if "ScopeDownStatement" in said else [],
            }
        ]
    if name in _GROUPS:
        overrides = [
            {"name": one["Name"], "action_to_use": _one_of(_ACTIONS, one["ActionToUse"])}
            for one in said.get("RuleActionOverrides", ())
        ]
        return [
            {
                "vendor_name": said.get("VendorName"),
                "name": said.get("Name"),
                "arn": said.get("ARN"),
                "rule_action_override": overrides,
            }
        ]
    return [{}]
