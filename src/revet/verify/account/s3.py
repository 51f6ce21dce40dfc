"""Buckets: the region that is asked about one."""

from __future__ import annotations

from revet.iam.reference.regions import partition_of
from revet.plan.unread_marks import Mark
from revet.verify.readers import Draft


def before_aws_s3_bucket(one: Draft) -> None:
    """The region; `us-east-1` is answered as nothing, `eu-west-1` may be as `EU`."""
    region = one.item.get("BucketRegion")
    if not region:
        said = one.answer(lambda: one.ask("GetBucketLocation", Bucket="{bucket}"), "region")
        if said:
            region = one.need(said, "LocationConstraint", "region") or "us-east-1"
    one.asked = "eu-west-1" if region == "EU" else region or ""
    partition = partition_of(one.api.home)
    if partition is None:
        mark = Mark(f"the partition of `{one.api.home}` is not known", "update revet")
        one.unknown["arn"] = mark
    arn = f"arn:{partition.id}:s3:::{one.id}" if partition else None
    one.values |= {"arn": arn, "region": one.asked or None}
