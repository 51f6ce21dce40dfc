"""What AWS Config does by itself about what a rule finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdktn_provider_aws.config_remediation_configuration import (
    ConfigRemediationConfiguration,
    ConfigRemediationConfigurationExecutionControls,
    ConfigRemediationConfigurationExecutionControlsSsmControls,
    ConfigRemediationConfigurationParameter,
)
from constructs import Construct

from revet.constructs.arguments import check_match, check_range, refuse
from revet.constructs.blocks import blocks
from revet.constructs.config.rule import RESOURCE_TYPE, ManagedRule
from revet.constructs.iam.role import Role
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record
from revet.constructs.ssm.automation import Automation


class Remediation(Construct):
    """An automation that runs as its own role for each resource that a rule finds.

    Makes `aws_config_remediation_configuration`.

    Defaults, each with the control that asks for it:
        - it runs by itself, a quarter of the resources at a time, and stops when a fifth fail
          (`config-rule-remediation`);
        - the document is one of the stack, and its steps act as `role` alone.

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope.
        rule: whose findings are corrected.
        automation: what is done; its parameter `AutomationAssumeRole` is the role.
        role: that the steps act as.
        resource_type: CloudFormation type of what is corrected.
        resource_parameter: the parameter of the document that takes the resource's id.
        parameters: further parameters, name to value.
        attempts: at most so many for one resource, 1 to 25.

    Raises:
        ArgumentError: an argument that AWS Config does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        rule: ManagedRule,
        automation: Automation,
        role: Role,
        resource_type: str,
        resource_parameter: str,
        parameters: Mapping[str, str] | None = None,
        attempts: int = 3,
    ) -> None:
        context = place(scope, construct_id)
        check_construct("rule", rule, ManagedRule, context)
        check_construct("automation", automation, Automation, context)
        check_construct("role", role, Role, context)
        check_match(
            "resource_type", resource_type, RESOURCE_TYPE, "a CloudFormation type", "correct it"
        )
        check_range("attempts", attempts, 1, 25, "attempts")
        given = {} if parameters is None else parameters
        if not isinstance(given, Mapping):
            refuse("parameters", parameters, "names and texts", "write a dictionary")
        known = automation.parameters
        for parameter in (resource_parameter, *given):
            if parameter not in known:
                refuse(
                    "parameters",
                    parameter,
                    f"one of {', '.join(f'`{name}`' for name in known)}",
                    "take a parameter of the document",
                )
        super().__init__(scope, construct_id)
        values = {"AutomationAssumeRole": role.arn, **given}
        self.resource = ConfigRemediationConfiguration(
            self,
            "remediation",
            config_rule_name=rule.resource.name,
            resource_type=resource_type,
            target_type="SSM_DOCUMENT",
            target_id=automation.resource.name,
            target_version="1",
            automatic=True,
            maximum_automatic_attempts=attempts,
            retry_attempt_seconds=60,
            parameter=blocks(*_parameters(values, resource_parameter)),
            execution_controls=ConfigRemediationConfigurationExecutionControls(
                ssm_controls=ConfigRemediationConfigurationExecutionControlsSsmControls(
                    concurrent_execution_rate_percentage=25, error_percentage=20
                )
            ),
        )
        context.records.append(make_record(self, "config.Remediation", (self.resource,)))


def _parameters(
    values: Mapping[str, str], resource_parameter: str
) -> Iterator[ConfigRemediationConfigurationParameter]:
    """By name, as the provider reads them back: in another order each plan would change them."""
    for name in sorted((*values, resource_parameter)):
        given = (
            {"resource_value": "RESOURCE_ID"}
            if name == resource_parameter
            else {"static_value": values[name]}
        )
        yield ConfigRemediationConfigurationParameter(name=name, **given)
