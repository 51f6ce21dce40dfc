"""Config: what remediates resources that do not comply with a rule; moto has no remediation.

An automation document is executed for each resource, and has ended when the answer comes. Automatic
remediation follows an evaluation that StartConfigRulesEvaluation asks for; other questions change
nothing. (AWS Config API Reference, PutRemediationConfigurations and its neighbours; Developer
Guide, "Remediating Noncompliant Resources with AWS Config".)
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from moto.config.exceptions import InvalidParameterValueException
from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.ssm.models import ssm_backends

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.compliance import Result, evaluate
from revet.embedded.patching import add, parameter, replace
from revet.embedded.services.config_compliance import page
from revet.embedded.services.ssm_automation import Start, find_document, run_automation
from revet.embedded.wire_error import AwsError

_CONFIGURATIONS = "revet_remediations"
_RUNS = "revet_remediation_runs"
_AWS_OWN = ("AWS-", "AWSConfigRemediation-")
"""How the names of AWS's own documents begin."""
_REMEDIATOR = "arn:{}:sts::{}:assumed-role/AWSServiceRoleForConfigRemediation/AwsConfigRemediation"
_MOST = 100
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
        start_remediation_execution,
        describe_remediation_execution_status,
    )
    replace(ConfigResponse, "start_config_rules_evaluation", _then_remediate)


def put_remediation_configurations(self: Moto) -> str:
    """Say how a rule is remediated; all are checked before one is kept."""
    asked = parameter(self, "RemediationConfigurations")
    documents = ssm_backends[self.current_account][self.region]
    for one in asked:
        _check(self.config_backend, one)
        _check_target(documents, one)
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


def _check_target(documents: Moto, one: Mapping[str, Any]) -> None:
    """Refuse parameters that the document does not have, or lacks; AWS's own are not known."""
    if one["TargetId"].startswith(_AWS_OWN):
        return
    try:
        document = find_document(documents, one["TargetId"], one.get("TargetVersion"))
    except AwsError as error:
        raise InvalidParameterValueException(error.message) from error
    given = set(one.get("Parameters") or {})
    required = {name for name, declared in document.parameters.items() if "default" not in declared}
    wrong = sorted((given - set(document.parameters)) | (required - given))
    if wrong:
        raise InvalidParameterValueException(
            f"Parameters that {document.name} requires, or does not have: {', '.join(wrong)}."
        )


def describe_remediation_configurations(self: Moto) -> str:
    """The remediation of each rule that is asked for and has one."""
    kept = configurations(self.config_backend)
    names = parameter(self, "ConfigRuleNames") or ()
    return json.dumps({"RemediationConfigurations": [kept[one] for one in names if one in kept]})


def delete_remediation_configuration(self: Moto) -> str:
    """Remediate a rule no more."""
    name, kind = parameter(self, "ConfigRuleName"), parameter(self, "ResourceType")
    kept = configurations(self.config_backend)
    if name not in kept or kind not in (None, kept[name].get("ResourceType")):
        raise no_remediation(name)
    del kept[name]
    return "{}"


def start_remediation_execution(self: Moto) -> str:
    """Remediate resources now."""
    name = parameter(self, "ConfigRuleName")
    configuration = configurations(self.config_backend).get(name)
    if configuration is None:
        raise no_remediation(name)
    failed = [
        key
        for key in parameter(self, "ResourceKeys")
        if not _remediate(self, configuration, key["resourceType"], key["resourceId"])
    ]
    message = {"FailureMessage": "The automation could not be started."} if failed else {}
    return json.dumps({**message, "FailedItems": failed})


def _then_remediate(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def start_config_rules_evaluation(self: Moto) -> str:
        answer = original(self)
        asked = parameter(self, "ConfigRuleNames")
        for name, configuration in configurations(self.config_backend).items():
            if configuration.get("Automatic") and name in (asked or [name]):
                for result in evaluate(self.config_backend, name).results:
                    if result.compliant is False and _may_try(self, configuration, result):
                        _remediate(self, configuration, result.type, result.id)
        return answer

    return start_config_rules_evaluation


def _may_try(response: Moto, configuration: Configuration, result: Result) -> bool:
    """Whether automatic remediation has attempts left, within the time that they are counted in."""
    kind = configuration.get("ResourceType")
    if kind not in (None, result.type):
        return False
    run = _runs(response).get((result.rule, result.type, result.id), {"attempts": []})
    since = time.time() - float(configuration["RetryAttemptSeconds"])
    recent = [when for when in run["attempts"] if when > since]
    return len(recent) < int(configuration["MaximumAutomaticAttempts"])


def _remediate(response: Moto, configuration: Configuration, kind: str, resource: str) -> bool:
    """Execute the document for a resource; false when that could not be started."""
    environ = response.normalized_request.environ
    call: Call = environ[CALL]
    key = (configuration["ConfigRuleName"], kind, resource)
    attempts = _runs(response).get(key, {"attempts": []})["attempts"]
    now = time.time()
    run: dict[str, Any] = {"attempts": [*attempts, now], "InvocationTime": now}
    start = Start(
        configuration["TargetId"],
        configuration.get("TargetVersion"),
        _parameters(configuration, resource),
        _REMEDIATOR.format(response.partition, response.current_account),
    )
    try:
        made = run_automation(environ, call, start)
    except AwsError as error:
        step = {
            "Name": "StartAutomationExecution",
            "State": "FAILED",
            "ErrorMessage": error.message,
        }
        run |= {"State": "FAILED", "StepDetails": [step]}
        started = False
    else:
        run["State"] = "SUCCEEDED" if made["AutomationExecutionStatus"] == "Success" else "FAILED"
        run["StepDetails"] = [_step(one) for one in made["StepExecutions"]]
        started = True
    run["LastUpdatedTime"] = time.time()
    _runs(response)[key] = run
    return started


def _parameters(configuration: Configuration, resource: str) -> dict[str, list[str]]:
    return {
        name: [resource] if "ResourceValue" in one else list(one["StaticValue"]["Values"])
        for name, one in (configuration.get("Parameters") or {}).items()
    }


def _step(run: Mapping[str, Any]) -> dict[str, Any]:
    message = run.get("FailureMessage")
    return {
        "Name": run["StepName"],
        "State": "SUCCEEDED" if run["StepStatus"] == "Success" else "FAILED",
        "StartTime": run["ExecutionStartTime"].timestamp(),
        "StopTime": run["ExecutionEndTime"].timestamp(),
        **({"ErrorMessage": message} if message else {}),
    }


def describe_remediation_execution_status(self: Moto) -> str:
    """What became of remediations."""
    name = parameter(self, "ConfigRuleName")
    if name not in configurations(self.config_backend):
        raise no_remediation(name)
    asked = [
        (key["resourceType"], key["resourceId"]) for key in parameter(self, "ResourceKeys") or ()
    ]
    found = [
        {
            "ResourceKey": {"resourceType": kind, "resourceId": resource},
            **{member: value for member, value in run.items() if member != "attempts"},
        }
        for (rule, kind, resource), run in _runs(self).items()
        if rule == name and (not asked or (kind, resource) in asked)
    ]
    return page(self, "RemediationExecutionStatuses", found, _MOST)


def _runs(response: Moto) -> dict[tuple[str, str, str], dict[str, Any]]:
    found: dict[tuple[str, str, str], dict[str, Any]] = vars(response.config_backend).setdefault(
        _RUNS, {}
    )
    return found


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
