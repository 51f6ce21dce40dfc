"""What AWS Config asks of the bucket that it delivers into, and what its requests carry.

It looks whether it may write, whether the bucket is there, and puts its objects, with an ACL and
with the key of the channel.

Sources: AWS Config Developer Guide, "Permissions for the Amazon S3 Bucket for the AWS Config
Delivery Channel" and "Cross-service confused deputy prevention"; AWS Config API Reference,
`DeliveryChannel` (`s3KmsKeyARN`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from revet.gate.readings.iam.service_calls import ACL, ENCRYPTION, KEY, Call, Caller, partly
from revet.iam.reference.regions import partitions

if TYPE_CHECKING:
    from revet.iam.evaluate.context import Given, Partly

SERVICE = "config.amazonaws.com"
PUT = "s3:PutObject"


class Delivery(NamedTuple):
    """One delivery.

    Args:
        caller: who delivers, the service or a role.
        account: id of the channel's account.
        region: of the channel; empty where it is not known.
        partition: id of the partition.
        bucket_arn: ARN of the bucket.
        prefix: of the objects, with `/` at its end; empty without one.
        key: ARN of the key that the channel names; empty where it is not known.
    """

    caller: Caller
    account: str
    region: str
    partition: str
    bucket_arn: str
    prefix: str
    key: str


def calls(delivery: Delivery) -> Iterator[Call]:
    """The calls that must be allowed.

    Args:
        delivery: what is delivered by whom.
    """
    sent = source_of(delivery.caller, delivery.account, delivery.region, delivery.partition)
    key = delivery.key or partly(
        [""], "which key the channel names is not known", delivery.caller.resolve
    )
    put = {**sent, ACL: "bucket-owner-full-control", ENCRYPTION: "aws:kms", KEY: key}
    under = f"{delivery.bucket_arn}/{delivery.prefix}AWSLogs/{delivery.account}/Config"
    yield Call(PUT, f"{under}/ConfigWritabilityCheckFile", put)
    yield Call("s3:GetBucketAcl", delivery.bucket_arn, sent)
    yield Call("s3:ListBucket", delivery.bucket_arn, sent)
    if region := delivery.region:
        name = f"{delivery.account}_Config_{region}_ConfigHistory_AWS__S3__Bucket.json.gz"
        yield Call(PUT, f"{under}/{region}/2026/1/1/ConfigHistory/{name}", put)


def source_of(
    caller: Caller, account: str, region: str, partition: str
) -> dict[str, Given | Partly]:
    """What a call carries of that for which it is made.

    Args:
        caller: who calls; a role's calls have none of it that is known.
        account: id of the channel's account.
        region: of the channel; empty where it is not known.
        partition: id of the partition.
    """
    if not caller.is_service:
        return {}
    regions = (region,) if region else partitions()[partition].regions
    arn = partly(
        [f"arn:{partition}:config:{one}:{account}:" for one in regions],
        "the guide says no more of it than that it is an ARN of AWS Config",
        caller.resolve,
    )
    return {"aws:sourceaccount": account, "aws:sourcearn": arn}
