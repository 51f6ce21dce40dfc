"""AWS Config: what a recorder records, and what corrects what a rule finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.plan.unread_marks import Mark
from revet.verify.api import readable
from revet.verify.readers import Draft

_REMEDIATION = "aws_config_remediation_configuration"


def aws_config_configuration_recorder(one: Draft) -> None:
    """The group of types that it records, with the blocks that the provider shows."""
    group = one.need(one.item, "recordingGroup", "recording_group")
    if group is None:
        return
    strategy = group.get("recordingStrategy", {}).get("useOnly")
    one.values["recording_group"] = [
        {
            "all_supported": group.get("allSupported", False),
            "include_global_resource_types": group.get("includeGlobalResourceTypes", False),
            "resource_types": group.get("resourceTypes", []),
            "exclusion_by_resource_types": [
                {"resource_types": excluded.get("resourceTypes", [])}
                for excluded in [group.get("exclusionByResourceTypes")]
                if excluded is not None
            ],
            "recording_strategy": [{"use_only": strategy}] if strategy else [],
        }
    ]


def aws_config_config_rule(one: Draft) -> Iterator[Observed]:
    """A rule, and what corrects what it finds."""
    source = one.need(one.item, "Source", "source")
    if source is not None:
        own = source.get("CustomPolicyDetails")
        one.values["source"] = [
            {
                "owner": source["Owner"],
                "source_identifier": source.get("SourceIdentifier", ""),
                "source_detail": [
                    {
                        "event_source": each.get("EventSource", ""),
                        "maximum_execution_frequency": each.get("MaximumExecutionFrequency", ""),
                        "message_type": each.get("MessageType", ""),
                    }
                    for each in source.get("SourceDetails", ())
                ],
                "custom_policy_details": [
                    {
                        "policy_runtime": own["PolicyRuntime"],
                        "policy_text": own.get("PolicyText", ""),
                        "enable_debug_log_delivery": own.get("EnableDebugLogDelivery", False),
                    }
                ]
                if own
                else [],
            }
        ]
    scope = one.item.get("Scope")
    one.values["scope"] = (
        [
            {
                "compliance_resource_types": scope.get("ComplianceResourceTypes", []),
                "compliance_resource_id": scope.get("ComplianceResourceId", ""),
                "tag_key": scope.get("TagKey", ""),
                "tag_value": scope.get("TagValue", ""),
            }
        ]
        if scope
        else []
    )
    modes = one.item.get("EvaluationModes", ())
    one.values["evaluation_mode"] = [{"mode": each["Mode"]} for each in modes]
    name = str(one.values["name"])
    one.values["evaluation"] = [one.answer(lambda: _evaluation(one, name), "evaluation")]
    found = readable(
        lambda: [
            _remediation(said)
            for said in one.ask("DescribeRemediationConfigurations", ConfigRuleNames=[name]).get(
                "RemediationConfigurations", ()
            )
        ]
    )
    if isinstance(found, Mark):
        known = {"id": name, "config_rule_name": name}
        return iter((Observed(_REMEDIATION, name, known, one.region, found),))
    return iter(Observed(_REMEDIATION, name, values, one.region) for values in found)


def _evaluation(one: Draft, name: str) -> dict[str, Any]:
    """What the rule says, which Terraform does not show: revet's own attribute."""
    [found] = one.ask("DescribeComplianceByConfigRule", ConfigRuleNames=[name])[
        "ComplianceByConfigRules"
    ]
    [status] = one.ask("DescribeConfigRuleEvaluationStatus", ConfigRuleNames=[name])[
        "ConfigRulesEvaluationStatus"
    ]
    failed = status.get("LastFailedEvaluationTime") or status.get("LastFailedInvocationTime")
    worked = status.get("LastSuccessfulEvaluationTime")
    recovered = bool(worked and failed and worked > failed)
    is_error = bool(failed or status.get("LastErrorCode")) and not recovered
    return {
        "compliance": found["Compliance"]["ComplianceType"],
        "evaluated": worked is not None,
        "error": status.get("LastErrorMessage", "AWS does not say why") if is_error else "",
    }


def _remediation(said: dict[str, Any]) -> dict[str, Any]:
    """In the form of the provider, which shows a list of one as a value."""
    controls = said.get("ExecutionControls", {}).get("SsmControls")
    return {
        "id": said["ConfigRuleName"],
        "arn": said["Arn"],
        "config_rule_name": said["ConfigRuleName"],
        "target_type": said["TargetType"],
        "target_id": said["TargetId"],
        "target_version": said.get("TargetVersion", ""),
        "resource_type": said.get("ResourceType", ""),
        "automatic": said.get("Automatic", False),
        "maximum_automatic_attempts": said.get("MaximumAutomaticAttempts", 0),
        "retry_attempt_seconds": said.get("RetryAttemptSeconds", 0),
        "parameter": [_parameter(name, held) for name, held in said.get("Parameters", {}).items()],
        "execution_controls": [
            {
                "ssm_controls": [
                    {
                        "concurrent_execution_rate_percentage": controls.get(
                            "ConcurrentExecutionRatePercentage", 0
                        ),
                        "error_percentage": controls.get("ErrorPercentage", 0),
                    }
                ]
            }
        ]
        if controls
        else [],
    }


def _parameter(name: str, held: dict[str, Any]) -> dict[str, Any]:
    values = held.get("StaticValue", {}).get("Values", [])
    return {
        "name": name,
        "resource_value": held.get("ResourceValue", {}).get("Value", ""),
        "static_value": values[0] if len(values) == 1 else "",
        "static_values": values if len(values) > 1 else [],
    }
