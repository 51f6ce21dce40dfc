"""Systems Manager: settings of the account for its parts, such as public sharing of documents.

moto has none. What nobody changed answers AWS's default, with the status `Default`. (Systems
Manager API Reference, GetServiceSetting, UpdateServiceSetting, ResetServiceSetting; User Guide,
"Change SSM document public sharing".)
"""

from __future__ import annotations

import time
from typing import Any

from moto.core.responses import ActionResult
from moto.ssm.responses import SimpleSystemManagerResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter
from revet.embedded.wire_error import AwsError

_SETTINGS = "revet_settings"
_DEFAULTS = {
    "/ssm/appconfig/appconfig-agent/enabled": "true",
    "/ssm/automation/customer-script-log-destination": "none",
    "/ssm/automation/customer-script-log-group-name": "none",
    "/ssm/automation/enable-adaptive-concurrency": "false",
    "/ssm/documents/console/public-sharing-permission": "Enable",
    "/ssm/managed-instance/activation-tier": "standard",
    "/ssm/managed-instance/default-ec2-instance-management-role": "$None",
    "/ssm/opsinsights/opscenter": "Disabled",
    "/ssm/parameter-store/default-parameter-tier": "Standard",
    "/ssm/parameter-store/high-throughput-enabled": "false",
}


def install() -> None:
    """Put the changes in place."""
    add(
        SimpleSystemManagerResponse,
        get_service_setting,
        update_service_setting,
        reset_service_setting,
    )


def get_service_setting(self: Moto) -> ActionResult:
    """A setting as it is."""
    return ActionResult({"ServiceSetting": _shown(self, _asked(self))})


def update_service_setting(self: Moto) -> ActionResult:
    """Change a setting."""
    _changed(self)[_asked(self)] = {
        "SettingValue": parameter(self, "SettingValue"),
        "LastModifiedDate": time.time(),
    }
    return ActionResult({})


def reset_service_setting(self: Moto) -> ActionResult:
    """Give a setting its default back."""
    _changed(self).pop(_asked(self), None)
    return ActionResult({"ServiceSetting": _shown(self, _asked(self))})


def _asked(response: Moto) -> str:
    """The setting's name, whichever way it is asked for: by name or ARN."""
    given = str(parameter(response, "SettingId") or "")
    name = "/" + given.rpartition(":servicesetting/")[2].lstrip("/")
    if name not in _DEFAULTS:
        raise AwsError("ServiceSettingNotFound", f"The service setting {given} was not found.")
    return name


def _shown(response: Moto, name: str) -> dict[str, Any]:
    changed = _changed(response).get(name)
    prefix = f"arn:{response.partition}:ssm:{response.region}:{response.current_account}"
    return {
        "SettingId": name,
        "ARN": f"{prefix}:servicesetting{name}",
        "SettingValue": _DEFAULTS[name],
        "Status": "Customized" if changed else "Default",
        **(changed or {}),
    }


def _changed(response: Moto) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = vars(response.ssm_backend).setdefault(_SETTINGS, {})
    return found
