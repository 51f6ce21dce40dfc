"""API Gateway without a role that writes the logs of its stages."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.apigateway.log_role import (
    ACCOUNT,
    ROLE,
    is_empty,
    lacking,
    pushes_by_aws_policy,
    trust_fault,
)
from revet.gate.readings.needed import planned, refuse_unlisted
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Reading, Resource


@control(
    title="stages of REST APIs have a role with which API Gateway writes their logs",
    severity=Severity.MEDIUM,
    resource="aws_api_gateway_stage",
    required=(
        "the region's `aws_api_gateway_account` has a `cloudwatch_role_arn`, whose role lets "
        "`apigateway.amazonaws.com` assume it and may do with every log group what "
        "`AmazonAPIGatewayPushToCloudWatchLogs` allows"
    ),
    impact="what stages execute is not logged, though they are set to log it",
    fix="""resource "aws_api_gateway_account" "main" {
  cloudwatch_role_arn = aws_iam_role.logs.arn
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}""",
    deviations=("no-api-log-role",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """It is one for each account and region, so that another stack may have set it."""
    region = resource.provider_region
    inventory.require(ACCOUNT, region)
    refuse_unlisted(inventory, ACCOUNT, region=region)
    settings = [one for one in inventory.of_type(ACCOUNT) if one.provider_region in (region, "")]
    if not settings and inventory.reading is not Reading.ACCOUNT:
        why = f"no `{ACCOUNT}` is part of this {inventory.reading}, and another stack may have one"
        raise resource.doubt("stage_name", why, "see what `revet verify` says of the account")
    if not settings:
        return noncompliant("API Gateway has no settings in the account")
    setting = settings[0]
    if not setting.is_set(ROLE) or is_empty(setting.get(ROLE)):
        return noncompliant(f"`{setting.address}` has no `{ROLE}`", related=(setting.address,))
    role = planned(setting, ROLE, inventory, "aws_iam_role")
    related = (setting.address, role.address)
    if fault := trust_fault(role, inventory):
        return noncompliant(f"`{role.address}` {fault}", related=related)
    if not pushes_by_aws_policy(role, inventory):
        missing = lacking(role, region, inventory)
        if missing:
            return noncompliant(f"`{role.address}` may not `{missing}`", related=related)
    return compliant("API Gateway has a role that may write logs", related=related)
