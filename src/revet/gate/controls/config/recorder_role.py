"""A recorder of AWS Config with a role of one's own."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.config.recorders import RECORDER, is_linked
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_ROLE = "role_arn"


@control(
    title="recorders of AWS Config have its service-linked role",
    severity=Severity.LOW,
    resource=RECORDER,
    required=(
        "`role_arn` is that of `AWSServiceRoleForConfig`, the service-linked role of AWS Config"
    ),
    impact=(
        "a role of one's own lacks what AWS Config learns to record, and whoever may change it "
        "decides what is recorded"
    ),
    fix="""resource "aws_iam_service_linked_role" "config" {
  aws_service_name = "config.amazonaws.com"
}

resource "aws_config_configuration_recorder" "main" {
  role_arn = aws_iam_service_linked_role.config.arn
}""",
    deviations=("own-config-role",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """It is the same in each account, so that its ARN may be written out."""
    if is_linked(resource, inventory):
        return compliant("it has the service-linked role")
    found = inventory.target(resource, _ROLE)
    name = found.address if found is not None else resource.get(_ROLE)
    return noncompliant(f"its role is `{name}`", paths=(_ROLE,))
