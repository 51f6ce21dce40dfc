"""Config: rules written in Guard, and rules of an organization.

moto refuses rules with the owner `CUSTOM_POLICY`, fails on parameters that are not an object, does
not show the tag of a scope, and has no rules of an organization: those are kept as they were put,
and roll out to no account; the status of each says so by listing none. (AWS Config API Reference,
Scope, Source, CustomPolicyDetails, GetCustomRulePolicy, PutOrganizationConfigRule and its
neighbours.)
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from moto.config.exceptions import (
    InvalidParameterValueException,
    NoSuchConfigRuleException,
    ValidationException,
)
from moto.config.models import (
    ConfigEmptyDictable,
    ConfigRule,
    Scope,
    Source,
    SourceDetail,
    convert_to_class_args,
)
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace

_POLICY = "_revet_custom_policy"  # private: what begins with `_` is not shown by moto itself
_RULES = "revet_organization_rules"
_STATUS = "status"
_CUSTOM_POLICY = "CUSTOM_POLICY"
_SHOWN = (
    "OrganizationConfigRuleName",
    "OrganizationConfigRuleArn",
    "OrganizationManagedRuleMetadata",
    "OrganizationCustomRuleMetadata",
    "OrganizationCustomPolicyRuleMetadata",
    "ExcludedAccounts",
    "LastUpdateTime",
)


def install() -> None:
    """Put the changes in place."""
    replace(ConfigRule, "modify_fields", _modify_fields)
    replace(Scope, "to_dict", _show_scope)
    replace(Source, "__init__", _init_source)
    replace(Source, "to_dict", _show_source)
    add(
        ConfigResponse,
        get_custom_rule_policy,
        put_organization_config_rule,
        describe_organization_config_rules,
        describe_organization_config_rule_statuses,
        get_organization_config_rule_detailed_status,
        delete_organization_config_rule,
    )


def _modify_fields(original: Callable[..., None]) -> Callable[..., None]:
    def modify_fields(self: Moto, region: str, config_rule: dict[str, Any], tags: Moto) -> None:
        """Parameters are an object; moto fails on what is not."""
        text = config_rule.get("InputParameters")
        try:
            given = json.loads(text) if text else {}
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise InvalidParameterValueException(f"InputParameters is not a JSON object: {text}")
        original(self, region, config_rule, tags)

    return modify_fields


def _show_scope(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def to_dict(self: Scope) -> dict[str, Any]:
        """A tag is shown as it was put; moto shows it as a member that there is not."""
        shown = original(self)
        for key, value in (shown.pop("Tags", None) or {}).items():
            shown |= {"TagKey": key, **({"TagValue": value} if value else {})}
        return shown

    return to_dict


def _init_source(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: Moto, account_id: str, region: str, owner: str, **more: Moto) -> None:  # noqa: N807 - it is one
        policy = more.pop("custom_policy_details", None)
        if owner != _CUSTOM_POLICY:
            original(self, account_id, region, owner, **{"source_identifier": None, **more})
            return
        if not policy or not policy.get("PolicyText"):
            raise ValidationException("CustomPolicyDetails with a PolicyText are required.")
        ConfigEmptyDictable.__init__(self, capitalize_start=True, capitalize_arn=False)
        self.owner = owner
        self.source_identifier = None
        details = more.get("source_details") or []
        self.source_details = [SourceDetail(**convert_to_class_args(one)) for one in details]
        setattr(self, _POLICY, dict(policy))

    return __init__


def _show_source(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def to_dict(self: Source) -> dict[str, Any]:
        policy = vars(self).get(_POLICY)
        shown = original(self)
        return shown if policy is None else {**shown, "CustomPolicyDetails": policy}

    return to_dict


def get_custom_rule_policy(self: Moto) -> str:
    """The Guard text of a rule."""
    name = parameter(self, "ConfigRuleName")
    rule: ConfigRule | None = self.config_backend.config_rules.get(name)
    policy = vars(rule.source).get(_POLICY) if rule is not None else None
    if policy is None:
        raise NoSuchConfigRuleException(name)
    return json.dumps({"PolicyText": policy["PolicyText"]})


def put_organization_config_rule(self: Moto) -> str:
    """Create a rule of the organization, or change it."""
    name = parameter(self, "OrganizationConfigRuleName")
    known = _rules(self).get(name, {})
    prefix = f"arn:{self.partition}:config:{self.region}:{self.current_account}"
    arn = known.get("OrganizationConfigRuleArn") or (
        f"{prefix}:organization-config-rule/{name}-{uuid.uuid4().hex[:8]}"
    )
    given = {member: parameter(self, member) for member in _SHOWN}
    kept = {member: one for member, one in given.items() if one is not None}
    _rules(self)[name] = {
        **kept,
        "OrganizationConfigRuleArn": arn,
        "LastUpdateTime": time.time(),
        _STATUS: "UPDATE_SUCCESSFUL" if known else "CREATE_SUCCESSFUL",
    }
    return json.dumps({"OrganizationConfigRuleArn": arn})


def describe_organization_config_rules(self: Moto) -> str:
    """The rules of the organization, or those that are asked for."""
    rules = [{name: rule[name] for name in _SHOWN if name in rule} for rule in _asked(self)]
    return json.dumps({"OrganizationConfigRules": rules})


def describe_organization_config_rule_statuses(self: Moto) -> str:
    """How far the rules are: they are there at once."""
    statuses = [
        {
            "OrganizationConfigRuleName": rule["OrganizationConfigRuleName"],
            "OrganizationRuleStatus": rule[_STATUS],
            "LastUpdateTime": rule["LastUpdateTime"],
        }
        for rule in _asked(self)
    ]
    return json.dumps({"OrganizationConfigRuleStatuses": statuses})


def get_organization_config_rule_detailed_status(self: Moto) -> str:
    """The accounts that have a rule: none, for it is rolled out to none."""
    _one(self)
    return json.dumps({"OrganizationConfigRuleDetailedStatus": []})


def delete_organization_config_rule(self: Moto) -> str:
    """Delete a rule of the organization."""
    del _rules(self)[_one(self)["OrganizationConfigRuleName"]]
    return ""


def _rules(response: Moto) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(response.config_backend).setdefault(_RULES, {})
    return found


def _one(response: Moto) -> dict[str, Any]:
    found = _rules(response).get(parameter(response, "OrganizationConfigRuleName"))
    if found is None:
        raise _missing()
    return found


def _asked(response: Moto) -> list[dict[str, Any]]:
    names = parameter(response, "OrganizationConfigRuleNames")
    rules = _rules(response)
    if any(name not in rules for name in names or ()):
        raise _missing()
    return [rules[name] for name in names or rules]


def _missing() -> JsonRESTError:
    return JsonRESTError(
        "NoSuchOrganizationConfigRuleException", "The organization rule does not exist."
    )
