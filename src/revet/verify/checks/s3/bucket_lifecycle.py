"""Buckets clear away what nobody will ever finish."""

from collections.abc import Mapping
from typing import Any

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.subject import Subject


@live_check(
    control="s3-bucket-lifecycle",
    resource="aws_s3_bucket",
    actions=("s3:GetLifecycleConfiguration",),
    parts=("aws_s3_bucket_lifecycle_configuration",),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """An enabled rule of the bucket aborts incomplete uploads."""
    reply = reader.call(
        "s3",
        "get_bucket_lifecycle_configuration",
        region=subject.region,
        absent=("NoSuchLifecycleConfiguration",),
        Bucket=subject.id,
    )
    rules = reply.get("Rules", ())
    if not rules:
        return noncompliant("there is no lifecycle")
    for rule in rules:
        days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
        if rule.get("Status") == "Enabled" and days and not _is_narrow(rule):
            return compliant(f"incomplete uploads are aborted after {days} days")
    return noncompliant("no enabled rule for all objects aborts incomplete uploads")


def _is_narrow(rule: Mapping[str, Any]) -> bool:
    """Whether a rule holds for some objects only; an empty prefix is every object."""
    given = {**rule.get("Filter", {}), "Prefix of old": rule.get("Prefix")}
    return any(given.values())
