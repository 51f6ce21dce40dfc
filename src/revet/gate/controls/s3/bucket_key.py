"""Buckets that encrypt with KMS and ask KMS for every single object."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import every_attached
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_INLINE = "server_side_encryption_configuration"
_ALGORITHM = "rule.0.apply_server_side_encryption_by_default.0.sse_algorithm"
_ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
_SWITCH = "rule.0.bucket_key_enabled"


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
    kind = "aws_s3_bucket_server_side_encryption_configuration"
    found = every_attached(resource, inventory, kind, via="bucket")
    places = [(item, "") for item in found]
    if not places and resource.is_set(_INLINE):
        places = [(resource, f"{_INLINE}.0.")]
    addresses = tuple(item.address for item in found)
    kms = [(item, at) for item, at in places if _algorithm(item, f"{at}{_ALGORITHM}") == "aws:kms"]
    for item, prefix in kms:
        if not item.get(f"{prefix}{_SWITCH}"):
            return noncompliant(
                "`bucket_key_enabled` is off", paths=(f"{prefix}{_SWITCH}",), related=addresses
            )
    if kms:
        return compliant("the bucket key is on", related=addresses)
    return compliant("no KMS key encrypts this bucket by default", related=addresses)


def _algorithm(item: Resource, path: str) -> str:
    """The algorithm; one that S3 does not have is not known to be another than `aws:kms`."""
    value = item.get(path)
    if value not in _ALGORITHMS and (value is not None or item.is_set(path.rpartition(".")[0])):
        raise UnknownValueError(
            f"{item.address}.{path}",
            why=f"S3 has no algorithm `{value}`",
            resolve=f"one of {', '.join(f'`{name}`' for name in _ALGORITHMS)}",
        )
    return str(value or "")
