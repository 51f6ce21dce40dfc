"""What AWS Config asks of the bucket that it delivers into, and what its requests carry.

It looks whether it may write, whether the bucket is there, and puts its objects, with an ACL and
with the key of the channel. It calls by no VPC endpoint, and as a service it is of no organization,
has no tags and no MFA. What the guides do not say of its requests is not known.

Sources: AWS Config Developer Guide, "Permissions for the Amazon S3 Bucket for the AWS Config
Delivery Channel" and "Cross-service confused deputy prevention"; AWS Config API Reference,
`DeliveryChannel` (`s3KmsKeyARN`); IAM User Guide, "AWS global condition context keys" (which
requests have which); Service Authorization Reference, Amazon S3; AWS Security Blog, "TLS 1.2 to
become the minimum TLS protocol level for all AWS API endpoints".
"""

# ruff: noqa: PLC0415 - the evaluator is loaded where a policy needs it, which most do not

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob
from revet.iam.reference.regions import partitions

if TYPE_CHECKING:
    from revet.iam.evaluate import Request
    from revet.iam.evaluate.context import Given, Partly

SERVICE = "config.amazonaws.com"
PUT = "s3:PutObject"
_TLS = "s3:tlsversion"
_TLS_VERSIONS = ("1.2", "1.3")
_NETWORK = (
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
)
_OF_PEOPLE = (
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:rolesessionname",
    "aws:sourceidentity",
    "aws:tokenissuetime",
    "aws:username",
)
"""What a request of a service does not have, for it is no principal of an account."""
_TAGS = "aws:principaltag/"
_OF_PUTS = (
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
)
_ACL, _ENCRYPTION, _KEY = _OF_PUTS
_NOT_BESIDE = ("s3:x-amz-grant-", "s3:x-amz-server-side-encryption-customer-")
"""What S3 refuses beside an ACL, and beside a key of KMS."""
_BY_ENGINE = (
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:userid",
)
"""What follows from who asks."""


class Delivery(NamedTuple):
    """One delivery.

    Args:
        principal: who delivers, the service or the ARN of a role.
        account: id of the channel's account.
        region: of the channel; empty where it is not known.
        partition: id of the partition.
        bucket_arn: ARN of the bucket.
        owner: id of the bucket's account.
        prefix: of the objects, with `/` at its end; empty without one.
        key: ARN of the key that the channel names; empty where it is not known.
    """

    principal: str
    account: str
    region: str
    partition: str
    bucket_arn: str
    owner: str
    prefix: str
    key: str


def requests(delivery: Delivery, asked: Sequence[str]) -> Iterator[Request]:
    """The requests that must be allowed.

    Args:
        delivery: what is delivered by whom.
        asked: the condition keys, in lower case, that the policies ask for.
    """
    from revet.iam.evaluate import Request

    under = f"{delivery.bucket_arn}/{delivery.prefix}AWSLogs/{delivery.account}/Config"
    needed = [
        (PUT, f"{under}/ConfigWritabilityCheckFile"),
        ("s3:GetBucketAcl", delivery.bucket_arn),
        ("s3:ListBucket", delivery.bucket_arn),
    ]
    if region := delivery.region:
        name = f"{delivery.account}_Config_{region}_ConfigHistory_AWS__S3__Bucket.json.gz"
        needed.append((PUT, f"{under}/{region}/2026/1/1/ConfigHistory/{name}"))
    for version in _TLS_VERSIONS if _TLS in asked else _TLS_VERSIONS[:1]:
        for action, resource in needed:
            context = dict(_context(delivery, action, asked))
            context[_TLS] = version
            yield Request(
                delivery.principal, action, resource, context, resource_account=delivery.owner
            )


def _context(
    delivery: Delivery, action: str, asked: Sequence[str]
) -> Iterator[tuple[str, Given | Partly]]:
    """What a request carries, of all that policies ask for."""
    sent: dict[str, Given | Partly] = {"aws:securetransport": "true"}
    sent |= dict.fromkeys(_NETWORK)
    sent |= dict.fromkeys(_OF_PUTS)
    if delivery.principal == SERVICE:
        sent |= dict.fromkeys(_OF_PEOPLE)
        sent["aws:sourceaccount"] = delivery.account
        regions = (
            (delivery.region,) if delivery.region else partitions()[delivery.partition].regions
        )
        sent["aws:sourcearn"] = _partly(
            [f"arn:{delivery.partition}:config:{one}:{delivery.account}:" for one in regions],
            "the guide says no more of it than that it is an ARN of AWS Config",
        )
    if action == PUT:
        sent[_ACL], sent[_ENCRYPTION] = "bucket-owner-full-control", "aws:kms"
        sent[_KEY] = delivery.key or _partly([""], "which key the channel names is not known")
    for key in asked:
        if key in sent:
            yield key, sent[key]
        elif key.startswith(_NOT_BESIDE) or (
            key.startswith(_TAGS) and delivery.principal == SERVICE
        ):
            yield key, None
        elif key not in (*_BY_ENGINE, "aws:resourceaccount"):
            yield key, _partly([""], "whether AWS Config meets it is not known", absent=True)


def _partly(starts: Iterable[str], why: str, *, absent: bool = False) -> Partly:
    from revet.iam.evaluate.context import Partly

    among = [Glob.of((one, ANY) if one else (ANY,), text=f"{one}*") for one in starts]
    return Partly(tuple(among), why, "limit it by `aws:SourceAccount`", absent=absent)
