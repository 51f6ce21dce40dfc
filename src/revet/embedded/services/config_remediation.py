"""Config: what remediates resources that do not comply with a rule; moto has no remediation.

(AWS Config API Reference, PutRemediationConfigurations and its neighbours; Developer Guide,
"Remediating Noncompliant Resources with AWS Config".)
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from moto.config.exceptions import InvalidParameterValueException
from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace

_CONFIGURATIONS = "revet_remediations"
_ASSUME_ROLE = "AutomationAssumeRole"
Configuration = dict[str, Any]


def install() -> None:
    """Put the changes in place."""
    replace(ConfigBackend, "delete_config_rule", _keep_remediated)
    add(
        ConfigResponse,
        put_remediation_configurations,
        describe_remediation_configurations,
        delete_remediation_configuration,
    )


def put_remediation_configurations(self: Moto) -> str:
    """Say how a rule is remediated; all are checked before one is kept."""
    asked = parameter(self, "RemediationConfigurations")
    for one in asked:
        _check(self.config_backend, one)
    kept = configurations(self.config_backend)
    prefix = f"arn:{self.partition}:config:{self.region}:{self.current_account}"
    for one in asked:
        name = one["ConfigRuleName"]
        arn = f"{prefix}:remediation-configuration/{name}/{uuid.uuid4()}"
        known = kept.get(name, {})
        kept[name] = {**one, "Arn": known.get("Arn", arn)}
    return json.dumps({"FailedBatches": []})


def _check(backend: ConfigBackend, one: Mapping[str, Any]) -> None:
    name = one["ConfigRuleName"]
    if name not in backend.config_rules:
        raise InvalidParameterValueException(f"The config rule {name} does not exist.")
    if not one.get("Automatic"):
        return
    for member in ("MaximumAutomaticAttempts", "RetryAttemptSeconds"):
        if not one.get(member):
            raise InvalidParameterValueException(
                f"{member} is required where the remediation is automatic."
            )
    role = ((one.get("Parameters") or {}).get(_ASSUME_ROLE) or {}).get("StaticValue")
    if not role:
        raise InvalidParameterValueException(
            f"A static value for {_ASSUME_ROLE} is required where the remediation is automatic."
        )


def describe_remediation_configurations(self: Moto) -> str:
    """The remediation of each rule that is asked for and has one."""
    kept = configurations(self.config_backend)
    names = parameter(self, "ConfigRuleNames") or ()
    return json.dumps({"RemediationConfigurations": [kept[one] for one in names if one in kept]})


def delete_remediation_configuration(self: Moto) -> str:
    """Remediate a rule no more."""
    name = parameter(self, "ConfigRuleName")
    if configurations(self.config_backend).pop(name, None) is None:
        raise no_remediation(name)
    return "{}"


def configurations(backend: ConfigBackend) -> dict[str, Configuration]:
    """The remediations of an account and region, by the name of their rule."""
    found: dict[str, Configuration] = vars(backend).setdefault(_CONFIGURATIONS, {})
    return found


def no_remediation(name: str) -> JsonRESTError:
    """The error for a rule without remediation."""
    return JsonRESTError(
        "NoSuchRemediationConfigurationException",
        f"No RemediationConfiguration for rule {name} exists.",
    )


def _keep_remediated(original: Callable[..., None]) -> Callable[..., None]:
    def delete_config_rule(self: ConfigBackend, rule_name: str) -> None:
        """A rule can be deleted only after its remediation."""
        if rule_name in configurations(self):
            raise InvalidParameterValueException(
                f"The rule {rule_name} has a remediation: delete that first."
            )
        original(self, rule_name)

    return delete_config_rule
