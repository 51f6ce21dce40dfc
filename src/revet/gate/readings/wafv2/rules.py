"""What a rule of a web ACL does with the requests that it matches."""

from __future__ import annotations

from collections.abc import Collection

from revet.plan import Resource
from revet.plan.element_paths import blocks
from revet.plan.kinds import attribute_kind

ALLOW, BLOCK = "allow", "block"
_ACTIONS = (ALLOW, BLOCK, "captcha", "challenge", "count")
"""Source: WAF API reference, `RuleAction`."""
_COUNT = "count"
_OVERRIDES = (_COUNT, "none")
"""Source: WAF API reference, `OverrideAction`."""
_MANAGED = "managed_rule_group_statement"
_OWN = "rule_group_reference_statement"
_AWS = "AWS"
_CORRECT = "write exactly one, as WAF requires"


def action_of(resource: Resource, rule: str) -> str:
    """What a rule does: one of WAF's actions, or empty where the rules of a group decide.

    Args:
        resource: an `aws_wafv2_web_acl`.
        rule: path of the rule, `rule.0`.

    Raises:
        UnknownValueError: it is not known, or WAF would not take it.
    """
    own, override = blocks(resource, f"{rule}.action"), blocks(resource, f"{rule}.override_action")
    if bool(own) == bool(override):
        why = "it has not exactly one of `action` and `override_action`"
        raise resource.doubt(f"{rule}.action", why, _CORRECT)
    if own:
        return _only(resource, own[0], _ACTIONS)
    return _COUNT if _only(resource, override[0], _OVERRIDES) == _COUNT else ""


def statement_of(resource: Resource, rule: str) -> str:
    """The path of what a rule matches, `rule.0.statement.0.geo_match_statement.0`.

    Args:
        resource: an `aws_wafv2_web_acl`.
        rule: path of the rule.

    Raises:
        UnknownValueError: it is not known, or WAF would not take it.
    """
    found = blocks(resource, f"{rule}.statement")
    if not found:
        raise resource.doubt(f"{rule}.statement", "it has no statement", _CORRECT)
    kind = attribute_kind(resource.type, "rule.statement")
    names = kind[1] if isinstance(kind, tuple) else ()
    return f"{found[0]}.{_only(resource, found[0], names)}.0"


def may_allow(resource: Resource, rule: str) -> bool:
    """Whether a rule lets requests through, so that no rule after it sees them.

    Groups that AWS manages block, count or ask, but where an action is overridden. Source: WAF
    developer guide, "AWS Managed Rules rule groups list" and "Overriding rule actions".

    Args:
        resource: an `aws_wafv2_web_acl`.
        rule: path of the rule.

    Raises:
        UnknownValueError: it is not known, as with groups whose rules are elsewhere.
    """
    action = action_of(resource, rule)
    if action:
        return action == ALLOW
    statement = statement_of(resource, rule)
    kind = statement.split(".")[-2]
    if kind not in (_MANAGED, _OWN):
        why = f"it has an `override_action`, and a `{kind}` has no rules whose action that is"
        raise resource.doubt(f"{rule}.override_action", why, "write an `action`")
    for override in blocks(resource, f"{statement}.rule_action_override"):
        for used in blocks(resource, f"{override}.action_to_use"):
            if _only(resource, used, _ACTIONS) == ALLOW:
                return True
    if kind == _MANAGED and resource.get(f"{statement}.vendor_name") == _AWS:
        return False
    why = "whether the rules of its group let requests through is not read"
    raise resource.doubt(statement, why, "give it a priority after the limit")


def _only(resource: Resource, path: str, names: Collection[str]) -> str:
    """The one block of several that is there.

    Raises:
        UnknownValueError: none is, or more than one.
    """
    found = [name for name in names if blocks(resource, f"{path}.{name}")]
    if len(found) != 1:
        why = f"it has {len(found)} blocks of which WAF takes one"
        raise resource.doubt(path, why, _CORRECT)
    return found[0]
