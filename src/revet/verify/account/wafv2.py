"""WAF: the rules of a web ACL that limit, and what it stands before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft

_ASSOCIATION = "aws_wafv2_web_acl_association"
_ACTIONS = (
    ("allow", "custom_request_handling"),
    ("block", "custom_response"),
    ("count", "custom_request_handling"),
)
"""What a rule may do that rules ask for, each with the one block in it."""


def aws_wafv2_web_acl(one: Draft) -> Iterator[Observed]:
    """Its rules, of which only limits are read in full, and the stages of APIs that have it."""

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
    limit = rule["Statement"].get("RateBasedStatement")
    return {
        "name": rule["Name"],
        "priority": rule["Priority"],
        "action": [
            {kind: [{inside: []}] if kind.title() in action else [] for kind, inside in _ACTIONS}
            for action in [rule.get("Action")]
            if action
        ],
        "statement": [
            {
                "rate_based_statement": [
                    {
                        "limit": limit["Limit"],
                        "aggregate_key_type": limit["AggregateKeyType"],
                        "evaluation_window_sec": limit.get("EvaluationWindowSec", 300),
                        "scope_down_statement": [{}] if "ScopeDownStatement" in limit else [],
                    }
                ]
                if limit
                else []
            }
        ],
    }
