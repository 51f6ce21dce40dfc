"""What CloudTrail asks of the bucket that a trail delivers into, and what its requests carry.

It reads the bucket's ACL and puts its objects with an ACL and, where the trail has a key, with it:
log files for each region that is recorded, digests of them, and what Insights found.

Sources: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail" (`aws:SourceArn` is always
the ARN of the trail), "Getting and viewing your CloudTrail log files" (the names of objects),
"CloudTrail digest file structure", "Encrypting CloudTrail log files, digest files and event data
stores with AWS KMS keys (SSE-KMS)".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from revet.gate.readings.iam.service_calls import ACL, ENCRYPTION, KEY, Call, partly
from revet.iam.reference.regions import partition_of, partitions

if TYPE_CHECKING:
    from revet.iam.evaluate.context import Given, Partly

SERVICE = "cloudtrail.amazonaws.com"
PUT = "s3:PutObject"
KMS, OF_S3 = "aws:kms", "AES256"
_DAY = "2026/01/01"
_LOGS, _DIGESTS, _INSIGHTS = "CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a trail delivers.

    Args:
        arn: of the trail.
        name: of the trail.
        account: id of the trail's account.
        organization: id of the organization that it records; empty for a trail of one account.
        regions: that it records.
        region: its home.
        bucket_arn: ARN of the bucket.
        prefix: of the objects, with `/` at its end; empty without one.
        key: ARN of the key; empty where it is not known, or there is none.
        digests: whether it signs its log files.
    """

    arn: str
    name: str
    account: str
    organization: str
    regions: tuple[str, ...]
    region: str
    bucket_arn: str
    prefix: str
    key: str
    digests: bool


def regions_of(home: str, partition: str, text: str, *, every: bool) -> tuple[str, ...]:
    """The regions that a trail records; of all those that a policy does not name, one.

    Args:
        home: the trail's own.
        partition: id of the partition.
        text: of the policy.
        every: whether it records all of them: then those that the policy names, and one that it
            does not.
    """
    if not every:
        return (home,)
    found = partition_of(home)
    others = [one for one in partitions()[found.id if found else partition].regions if one != home]
    named = [one for one in others if one in text]
    return (home, *named, *[one for one in others if one not in named][:1])


def calls(delivery: Delivery, encryption: str, *, insights: bool) -> Iterator[Call]:
    """The calls that must be allowed.

    Args:
        delivery: what is delivered.
        encryption: what S3 is asked to encrypt with; empty for nothing.
        insights: whether the trail has Insights.
    """
    sent: dict[str, Given | Partly] = {
        "aws:sourcearn": delivery.arn,
        "aws:sourceaccount": delivery.account,
    }
    if delivery.organization:
        sent["aws:sourceorgid"] = delivery.organization
    yield Call("s3:GetBucketAcl", delivery.bucket_arn, sent)
    put = {**sent, ACL: "bucket-owner-full-control", ENCRYPTION: encryption or None}
    if encryption == KMS:
        why = "which key the trail names is not known"
        put[KEY] = delivery.key or partly([""], why, "name the key by its ARN")
    of = f"{delivery.organization}/" if delivery.organization else ""
    under = f"{delivery.bucket_arn}/{delivery.prefix}AWSLogs/{of}{delivery.account}"
    folders = ((_LOGS, True), (_DIGESTS, delivery.digests), (_INSIGHTS, insights))
    for region in delivery.regions:
        for folder in [name for name, is_there in folders if is_there]:
            name = f"{delivery.account}_{folder}_{region}_20260101T0000Z_a1B2c3D4e5F6g7H8.json.gz"
            if folder == _DIGESTS:
                name = (
                    f"{delivery.account}_{folder}_{region}_{delivery.name}_{delivery.region}"
                    "_20260101T000000Z.json.gz"
                )
            yield Call(PUT, f"{under}/{folder}/{region}/{_DAY}/{name}", put)
