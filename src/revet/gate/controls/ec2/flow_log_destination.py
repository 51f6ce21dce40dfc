"""Flow logs that go where nobody can tell how they are kept."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.logs.groups import retention_fault
from revet.gate.readings.needed import agreed, planned, takes_arn
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_GROUP = "aws_cloudwatch_log_group"
_NAMES = (f"{_GROUP}.id", f"{_GROUP}.name", "aws_s3_bucket.id", "aws_s3_bucket.bucket")
_DESTINATIONS = (_GROUP, "aws_s3_bucket", "aws_kinesis_firehose_delivery_stream")


@control(
    title="flow logs go to a destination of the same configuration, kept and encrypted",
    severity=Severity.MEDIUM,
    resource="aws_flow_log",
    required=(
        "`log_destination` names a bucket or delivery stream of the same configuration, which is "
        "judged too, or a log group with a customer-managed key and a retention"
    ),
    impact="the logs may lie unencrypted, or be gone when they are needed",
    fix="log_destination = aws_cloudwatch_log_group.flow.arn",
    construct=(
        'ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key))'
    ),
    deviations=("no-flow-logs",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """`log_group_name` is the deprecated way to name a log group."""
    path = "log_destination"
    fault = takes_arn(resource, path, *_NAMES)
    if fault:
        return noncompliant(fault, paths=(path,))
    either = inventory.candidates(resource, path)
    if either and all(item.type in _DESTINATIONS for item in either):
        if agreed(resource, path, [bool(_fault(item, inventory)) for item in either]):
            return _judged(either[0], path, inventory)
        names = tuple(item.address for item in either)
        return compliant(f"it logs to {' or '.join(f'`{name}`' for name in names)}", related=names)
    path = path if resource.is_set(path) else "log_group_name"
    if not resource.is_set(path):
        return noncompliant("it has no destination", paths=("log_destination",))
    named = inventory.target(resource, path) or _below(resource, path, inventory)
    if named is not None and named.type not in _DESTINATIONS:
        return noncompliant(
            f"`{named.address}` takes no flow logs", paths=(path,), related=(named.address,)
        )
    found = named or planned(resource, path, inventory, *_DESTINATIONS)
    return _judged(found, path, inventory)


def _judged(destination: Resource, path: str, inventory: Inventory) -> Outcome:
    fault, related = _fault(destination, inventory), (destination.address,)
    if fault:
        why = f"it logs to `{destination.address}`: {fault}"
        return noncompliant(why, paths=(path,), related=related)
    return compliant(f"it logs to `{destination.address}`", related=related)


def _fault(destination: Resource, inventory: Inventory) -> str:
    """What is wrong with a log group; buckets and streams have controls of their own."""
    if destination.type != _GROUP:
        return ""
    key = key_fault(destination, inventory, "kms_key_id")
    return f"the group is encrypted with {key}" if key else retention_fault(destination)


def _below(resource: Resource, path: str, inventory: Inventory) -> Resource | None:
    """The bucket in which a destination is a folder, where its ARN is known."""
    value = resource.get(path)
    return inventory.symbol(value) if isinstance(value, str) and value else None
