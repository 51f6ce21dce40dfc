"""Buckets that encrypt with KMS and ask KMS for every single object."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.encryption import ALGORITHMS, BY_DEFAULT, KMS, encryption_rules
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="buckets that encrypt with KMS use a bucket key",
    severity=Severity.LOW,
    resource="aws_s3_bucket",
    required="`bucket_key_enabled` is true where `sse_algorithm` is `aws:kms`",
    impact="every object costs KMS requests, and busy buckets run into the KMS request quota",
    fix="""rule {
  bucket_key_enabled = true
  …
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Bucket keys exist for `aws:kms` only, not for `AES256` and `aws:kms:dsse` (S3 User Guide)."""
    rules = encryption_rules(resource, inventory)
    related = tuple(item.address for item, _ in rules if item is not resource)
    with_kms = [(item, block) for item, block in rules if _algorithm(item, block) == KMS]
    for item, block in with_kms:
        switch = f"{block}.bucket_key_enabled"
        if not item.get(switch):
            return noncompliant("`bucket_key_enabled` is off", paths=(switch,), related=related)
    if with_kms:
        return compliant("the bucket key is on", related=related)
    return compliant("no KMS key encrypts this bucket by default", related=related)


def _algorithm(item: Resource, block: str) -> str:
    """The algorithm; one that S3 does not have is not known to be another than `aws:kms`."""
    path = f"{block}.{BY_DEFAULT}"
    if item.get(f"{path}.sse_algorithm") is None and not item.is_set(path):
        return ""
    return one_of(item, f"{path}.sse_algorithm", ALGORITHMS, "S3 has no algorithm `{}`")
