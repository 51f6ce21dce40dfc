"""No TLS-only statement."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.policies import bucket_policies, denies_plain_http, reach
from revet.iam.document import PolicyDocument
from revet.model.finding import Outcome, Severity, Status, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource


@control(
    title="buckets refuse requests without TLS",
    severity=Severity.MEDIUM,
    resource="aws_s3_bucket",
    required=(
        "its policy denies `s3:*` to everybody, on the bucket and its objects, "
        "where `aws:SecureTransport` is false"
    ),
    impact="objects and credentials can be read on the way",
    fix="""statement {
  effect    = "Deny"
  actions   = ["s3:*"]
  resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
  principals {
    type        = "*"
    identifiers = ["*"]
  }
  condition {
    test     = "Bool"
    variable = "aws:SecureTransport"
    values   = ["false"]
  }
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
    deviations=("no-tls-only-statement",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """One statement or several may cover the bucket and its objects; nothing may narrow them."""
    policies = bucket_policies(resource, inventory)
    if not policies:
        return noncompliant("it has no bucket policy")
    outcomes = [
        _judge(document, resource, inventory, holder.address) for holder, document in policies
    ]
    return next((one for one in outcomes if one.status is not Status.PASS), outcomes[0])


def _judge(
    document: PolicyDocument, bucket: Resource, inventory: Inventory, holder: str
) -> Outcome:
    """One policy: of several for the same bucket the one that is applied last replaces the rest."""
    related = (holder,)
    reaches = [
        reach(pattern, bucket, inventory)
        for statement in document.statements
        if denies_plain_http(statement)
        for pattern in statement.resources
    ]
    if any(r.bucket for r in reaches) and any(r.objects for r in reaches):
        return compliant("requests without TLS are denied", related=related)
    if any(r.undecided for r in reaches):
        return unknown(
            "what the TLS statement covers is not known",
            resolve=(
                "refer to `aws_s3_bucket.NAME.arn` directly; the plan of an HCL configuration does "
                "not show what is written around a reference, so write the name as a literal there"
            ),
            paths=("policy",),
        )
    if not reaches:
        return noncompliant("no statement denies requests without TLS", related=related)
    if not any(r.bucket or r.objects for r in reaches):
        return noncompliant("the TLS statement names another bucket", related=related)
    lacking = "its objects" if any(r.bucket for r in reaches) else "the bucket itself"
    return noncompliant(f"the TLS statement leaves out {lacking}", related=related)
