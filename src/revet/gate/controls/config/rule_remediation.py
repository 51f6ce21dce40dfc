"""A rule of AWS Config whose findings nothing corrects, or nobody says as whom."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.config.recorders import of_region
from revet.gate.readings.config.remediations import REMEDIATION, remediation_fault
from revet.gate.readings.config.rules import RULE, identifier_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="what rules of AWS Config find is corrected by itself, as a role that is named",
    severity=Severity.MEDIUM,
    resource=RULE,
    required=(
        "an `aws_config_remediation_configuration` of each rule of `identifiers` is automatic, and "
        "runs an automation of Systems Manager whose role is given, and trusts Systems Manager"
    ),
    impact="what a rule finds stays as it is until somebody looks",
    fix="""resource "aws_config_remediation_configuration" "encryption" {
  config_rule_name           = aws_config_config_rule.encryption.name
  target_type                = "SSM_DOCUMENT"
  target_id                  = aws_ssm_document.encrypt.name
  automatic                  = true
  maximum_automatic_attempts = 3
  retry_attempt_seconds      = 60
  parameter {
    name         = "AutomationAssumeRole"
    static_value = aws_iam_role.remediation.arn
  }
  parameter {
    name           = "BucketName"
    resource_value = "RESOURCE_ID"
  }
}""",
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, identifiers: tuple[str, ...]) -> Outcome:
    """The other rules only report.

    Args:
        resource: a rule.
        inventory: it belongs to.
        identifiers: of managed rules whose findings must be corrected.
    """
    name = identifier_of(resource)
    if name not in identifiers:
        return compliant("nothing asks that its findings be corrected by themselves")
    named = inventory.attached(resource, REMEDIATION, via="config_rule_name", every=True)
    found = of_region(resource, named)
    if not found:
        return noncompliant(f"nothing corrects what `{name}` finds")
    related = tuple(item.address for item in found)
    for item in found:
        if fault := remediation_fault(item, inventory):
            return noncompliant(f"`{item.address}`: {fault}", related=related)
    return compliant("what it finds is corrected by itself", related=related)
