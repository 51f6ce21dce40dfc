"""A delivery channel of AWS Config into a bucket that it cannot use, or without one's own key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.config.delivery import delivery_fault
from revet.gate.readings.config.key_use import channel_key_fault
from revet.gate.readings.config.recorders import CHANNEL
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.needed import planned
from revet.gate.readings.s3.encryption import encryption_fault
from revet.gate.readings.s3.object_lock import default_retention
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

_BUCKET, _KEY = "s3_bucket_name", "s3_kms_key_arn"


@control(
    title="the bucket of AWS Config lets it deliver, with a customer-managed key",
    severity=Severity.MEDIUM,
    resource=CHANNEL,
    required=(
        "`s3_bucket_name` names a bucket of this plan that is encrypted with a customer-managed "
        "key and whose policy lets `config.amazonaws.com` read its ACL, list it and put objects "
        "for this account, with what AWS Config sends, and without a default retention of Object "
        "Lock; `s3_kms_key_arn` names a key whose policy lets it make data keys, where the key is "
        "in this plan"
    ),
    impact=(
        "the history of every resource is encrypted with a key that nobody here controls, or never "
        "arrives"
    ),
    fix="""s3_bucket_name = aws_s3_bucket.audit.id
s3_kms_key_arn = aws_kms_key.audit.arn""",
    deviations=("storage-without-own-key",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A bucket of another account cannot be judged here."""
    if fault := key_fault(resource, inventory, _KEY):
        return noncompliant(f"what it delivers is encrypted with {fault}", paths=(_KEY,))
    bucket = planned(resource, _BUCKET, inventory, "aws_s3_bucket")
    found = encryption_fault(bucket, inventory, customer_managed_key=True)
    related = (bucket.address, *found.related)
    if found.fault:
        return noncompliant(f"`{bucket.address}`: {found.fault}", paths=(_BUCKET,), related=related)
    doubts = Doubts()
    with doubts:
        if locking := default_retention(bucket, inventory):
            fault = f"AWS Config delivers into no bucket with a default retention: `{locking}`"
            return noncompliant(fault, paths=(_BUCKET,), related=related)
    with doubts:
        if fault := delivery_fault(resource, bucket, inventory):
            return noncompliant(f"`{bucket.address}`: {fault}", paths=(_BUCKET,), related=related)
    with doubts:
        if fault := channel_key_fault(resource, inventory):
            return noncompliant(f"AWS Config cannot encrypt: {fault}", paths=(_KEY,))
    return doubts.settled(compliant("it delivers with a customer-managed key", related=related))
