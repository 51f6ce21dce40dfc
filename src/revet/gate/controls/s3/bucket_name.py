"""Bucket whose name does not say whose it is and where."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.names import name_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_NAME, _PREFIX = "bucket", "bucket_prefix"


@control(
    title="names of buckets hold the account's id and the region",
    severity=Severity.LOW,
    resource="aws_s3_bucket",
    required="`bucket`, or `bucket_prefix`, holds the account's id and the bucket's region",
    impact=(
        "the same stack cannot be deployed twice, for names of buckets are global; and in a log "
        "nobody sees whose bucket it is"
    ),
    fix='bucket = "data-${data.aws_caller_identity.current.account_id}-us-west-2"',
    deviations=("colliding-bucket-name",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """What Terraform makes up after a prefix is random."""
    path = _NAME if resource.is_set(_NAME) or not resource.is_set(_PREFIX) else _PREFIX
    if not resource.is_set(path):
        return noncompliant("Terraform makes its name up", paths=(path,))
    fault = name_fault(resource, path, inventory)
    if fault:
        return noncompliant(fault, paths=(path,))
    return compliant("its name holds account and region")
