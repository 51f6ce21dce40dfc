"""Trail bucket open to more than the service."""

from __future__ import annotations

from collections.abc import Sequence

from revet.gate.catalog import control
from revet.gate.readings.cloudtrail.bucket_writes import reads_only, writing_fault
from revet.gate.readings.cloudtrail.delivery import delivery_fault
from revet.gate.readings.cloudtrail.key_use import trail_key_fault
from revet.gate.readings.needed import planned
from revet.gate.readings.s3.acls import writing_acl
from revet.gate.readings.s3.policies import bucket_policies
from revet.iam.document import PolicyDocument
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

_OTHER_USES = (
    ("aws_s3_bucket_logging", "target_bucket"),
    ("aws_flow_log", "log_destination"),
    ("aws_config_delivery_channel", "s3_bucket_name"),
    ("aws_s3_object", "bucket"),
    ("aws_cloudtrail", "s3_bucket_name"),
)


@control(
    title="trails deliver to a bucket that only CloudTrail may write to",
    severity=Severity.HIGH,
    resource="aws_cloudtrail",
    required=(
        "`s3_bucket_name` names a bucket of this plan that nothing else uses, whose policy lets "
        "`cloudtrail.amazonaws.com` read its ACL and put objects for this very trail "
        "(`aws:SourceArn`), denies it nothing of that, and allows no other writes; no ACL lets "
        "others write; where `kms_key_id` names a key of this plan with a policy of its own, that "
        "lets it make data keys for this trail"
    ),
    impact=(
        "the record of who did what can be forged, or flooded from another account, or never "
        "arrives"
    ),
    fix="""statement {
  actions   = ["s3:GetBucketAcl", "s3:PutObject"]
  resources = [
    aws_s3_bucket.trail.arn,
    "${aws_s3_bucket.trail.arn}/AWSLogs/${local.account}/*",
  ]
  principals {
    type        = "Service"
    identifiers = ["cloudtrail.amazonaws.com"]
  }
  condition {
    test     = "StringEquals"
    variable = "aws:SourceArn"
    values   = [local.trail_arn]
  }
}""",
    construct='cloudtrail.Trail(scope, "audit", key=key)',
    deviations=("incomplete-trail",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Reads may be allowed to others; a bucket outside the plan cannot be judged."""
    bucket = planned(resource, "s3_bucket_name", inventory, "aws_s3_bucket")
    users = [
        user
        for kind, path in _OTHER_USES
        for user in inventory.attached(bucket, kind, via=path, every=True)
        if user.address != resource.address
    ]
    related = (bucket.address,)
    if users:
        return noncompliant(f"`{users[0].address}` uses the bucket too", related=related)
    acl = writing_acl(bucket, inventory)
    if acl:
        return noncompliant(f"{acl} lets others write", related=related)
    documents = tuple(document for _, document in bucket_policies(bucket, inventory))
    if fault := _other_writes(documents, resource, inventory):
        return noncompliant(fault, related=related)
    doubts = Doubts()
    with doubts:
        if fault := delivery_fault(resource, bucket, documents, inventory):
            return noncompliant(fault, related=related)
    with doubts:
        if fault := trail_key_fault(resource, inventory):
            return noncompliant(f"CloudTrail cannot encrypt: {fault}", paths=("kms_key_id",))
    why = "CloudTrail may write, for this trail, and nobody else"
    return doubts.settled(compliant(why, related=related))


def _other_writes(
    documents: Sequence[PolicyDocument], trail: Resource, inventory: Inventory
) -> str:
    """Whom else the policies let write; empty where nobody."""
    if not documents:
        return "the bucket has no policy"
    for document in documents:
        for statement in document.statements:
            if statement.effect == "Deny" or reads_only(statement):
                continue
            if fault := writing_fault(statement, trail, inventory):
                name = f"statement `{statement.sid}`" if statement.sid else "a statement"
                return f"{name} {fault}"
    return ""
