"""A delivery stream without a key of one's own."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.firehose.streams import STREAM, stream_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="delivery streams are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    resource=STREAM,
    required=(
        "`server_side_encryption` is enabled with a customer-managed key, or the Kinesis stream "
        "that it reads from is encrypted with one"
    ),
    impact="what is under way is encrypted with a key that nobody here controls, or not at all",
    fix="""server_side_encryption {
  enabled  = true
  key_type = "CUSTOMER_MANAGED_CMK"
  key_arn  = aws_kms_key.logs.arn
}""",
    construct="""firehose.DeliveryStream(
    scope,
    "archive",
    bucket=s3.Bucket(scope, "archived", key=key),
    key=key,
    log_group=logs.LogGroup(scope, "errors", key=key),
)""",
    deviations=("storage-without-own-key",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A stream that reads from Kinesis keeps nothing itself."""
    fault = stream_fault(resource, inventory)
    if fault:
        return noncompliant(fault, paths=("server_side_encryption",))
    return compliant("what is under way is encrypted with a customer-managed key")
