"""Security Hub: account settings and standards.

moto lacks UpdateSecurityHubConfiguration, the standards operations and tags of the hub. (Security
Hub API Reference.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, replace
from revet.embedded.routes import OWN_PATHS

STANDARDS = (
    "standards/aws-foundational-security-best-practices/v/1.0.0",
    "standards/cis-aws-foundations-benchmark/v/1.4.0",
    "standards/cis-aws-foundations-benchmark/v/3.0.0",
    "standards/nist-800-53/v/5.0.0",
    "standards/pci-dss/v/3.2.1",
)
_SETTINGS = "revet_settings"
_STANDARDS = "revet_standards"


def install() -> None:
    """Put the changes in place."""
    replace(SecurityHubBackend, "describe_hub", _describe_hub)
    replace(SecurityHubBackend, "disable_security_hub", _disable)
    add(
        SecurityHubResponse,
        update_security_hub_configuration,
        batch_enable_standards,
        batch_disable_standards,
        get_enabled_standards,
        describe_standards,
        list_tags_for_resource,
    )
    OWN_PATHS["securityhub"] = [
        (re.compile(r"^/standards"), SecurityHubResponse.dispatch),
        (re.compile(r"^/tags/"), SecurityHubResponse.dispatch),
    ]


def _describe_hub(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def describe_hub(self: Moto, hub_arn: str | None = None) -> dict[str, Any]:
        settings = {"AutoEnableControls": True, "ControlFindingGenerator": "SECURITY_CONTROL"}
        return {**original(self, hub_arn), **settings, **vars(self).get(_SETTINGS, {})}

    return describe_hub


def _disable(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def disable_security_hub(self: Moto) -> Moto:
        answer = original(self)
        for name in (_SETTINGS, _STANDARDS):
            if hasattr(self, name):
                delattr(self, name)
        return answer

    return disable_security_hub


def update_security_hub_configuration(self: Moto) -> str:
    """Change which controls run, and how findings are made."""
    asked = _body(self)
    names = ("AutoEnableControls", "ControlFindingGenerator")
    settings = vars(self.securityhub_backend).setdefault(_SETTINGS, {})
    settings.update({name: asked[name] for name in names if name in asked})
    return "{}"


def batch_enable_standards(self: Moto) -> str:
    """Subscribe to standards."""
    made = []
    for asked in _body(self)["StandardsSubscriptionRequests"]:
        name = re.split(r"standards/|ruleset/", asked["StandardsArn"])[-1]
        prefix = f"arn:{self.partition}:securityhub:{self.region}:{self.current_account}"
        subscription = {
            "StandardsSubscriptionArn": f"{prefix}:subscription/{name}",
            "StandardsArn": asked["StandardsArn"],
            "StandardsInput": asked.get("StandardsInput") or {},
            "StandardsStatus": "READY",
        }
        _subscriptions(self)[subscription["StandardsSubscriptionArn"]] = subscription
        made.append(subscription)
    return json.dumps({"StandardsSubscriptions": made})


def batch_disable_standards(self: Moto) -> str:
    """End subscriptions."""
    found = [
        _subscriptions(self).pop(arn, None) for arn in _body(self)["StandardsSubscriptionArns"]
    ]
    ended = [{**item, "StandardsStatus": "DELETING"} for item in found if item]
    return json.dumps({"StandardsSubscriptions": ended})


def get_enabled_standards(self: Moto) -> str:
    """The subscriptions, or those that are asked for."""
    wanted = _body(self).get("StandardsSubscriptionArns")
    found = [item for arn, item in _subscriptions(self).items() if not wanted or arn in wanted]
    return json.dumps({"StandardsSubscriptions": found})


def describe_standards(self: Moto) -> str:
    """The standards that can be subscribed to."""
    prefix = f"arn:{self.partition}:securityhub:{self.region}::"
    standards = [
        {"StandardsArn": prefix + name, "Name": name, "EnabledByDefault": False}
        for name in STANDARDS
    ]
    return json.dumps({"Standards": standards})


def list_tags_for_resource(self: Moto) -> str:
    """Tags of the hub."""
    return json.dumps({"Tags": getattr(self.securityhub_backend, "tags", None) or {}})


def _subscriptions(response: Moto) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(response.securityhub_backend).setdefault(_STANDARDS, {})
    return found


def _body(response: Moto) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.body or "{}")
    return body
