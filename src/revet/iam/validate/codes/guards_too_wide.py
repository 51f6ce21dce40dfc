"""Denials that also deny what they do not mean."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import (
    FALSE,
    covers_action,
    covers_everything,
    has_key,
    is_kind,
    values_of,
    with_key,
)
from revet.iam.validate.written import WrittenStatement


@check(
    Level.WARNING,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, Forward access sessions; AWS global condition context keys: "
    "aws:ViaAWSService",
    needs="aws:sourcevpc",
)
def revet_network_guard_blocks_forwarded_requests(statement: WrittenStatement) -> Hits:
    """A denial by VPC that also denies what AWS services do for the caller.

    A service that acts with the caller's credentials does not come from the caller's VPC: its
    requests carry `aws:ViaAWSService` instead.

    `Deny` outside of some VPCs without a condition on `aws:ViaAWSService`.
    """
    if not statement.denies or has_key(statement, "aws:viaawsservice", "aws:calledvia"):
        return
    for condition in with_key(statement, "aws:sourcevpc", "aws:sourcevpce"):
        if is_kind(condition, Kind.STRING, negated=True):
            yield hit(
                f"Requests that a service makes for the caller carry no {condition.key}, and this "
                "denies them. Add BoolIfExists aws:ViaAWSService false.",
                condition.key_place,
            )


_WAYS_OUT = (
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourcevpcarn",
    "aws:vpcsourceip",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
)


@check(
    Level.WARNING,
    source="IAM User Guide, AWS: Denies access to AWS based on the source IP; AWS global "
    "condition context keys: aws:SourceIp",
    needs="aws:sourceip",
)
def revet_source_ip_guard_blocks_endpoints(statement: WrittenStatement) -> Hits:
    """A denial by source address that also denies whatever comes through a VPC endpoint.

    There `aws:SourceIp` is absent, and a negated operator holds for an absent key.

    `Deny` with `NotIpAddress` on `aws:SourceIp` and nothing that spares VPC endpoints.
    """
    if not statement.denies or has_key(statement, *_WAYS_OUT):
        return
    for condition in with_key(statement, "aws:sourceip"):
        if is_kind(condition, Kind.IP_ADDRESS, negated=True):
            yield hit(
                "Requests through a VPC endpoint carry no aws:SourceIp, and NotIpAddress holds "
                "for them: they are denied. Add StringNotEqualsIfExists on aws:SourceVpc for the "
                "networks that you expect, or Null aws:SourceVpc true.",
                condition.key_place,
            )


_GLOBAL_ACTIONS = ("iam:GetRole", "organizations:DescribeOrganization", "sts:GetCallerIdentity")
_HOME_REGION = "us-east-1"


@check(
    Level.WARNING,
    types=WITHOUT_PRINCIPAL,
    source="IAM User Guide, AWS: Denies access to AWS based on the requested Region",
    needs="aws:requestedregion",
)
def revet_region_guard_blocks_global_services(statement: WrittenStatement) -> Hits:
    """A denial of other regions that also denies services which exist only once.

    Their requests go to one region of AWS's choice, mostly us-east-1; unless that is allowed, IAM,
    Organizations, Route 53, CloudFront and Support are out of reach.

    `Deny` of everything outside regions that are not the home of the global services.
    """
    if not statement.denies or not covers_everything(statement):
        return
    for condition in with_key(statement, "aws:requestedregion"):
        if not is_kind(condition, Kind.STRING, negated=True):
            continue
        regions = [value.text for value in condition.values]
        if _HOME_REGION in regions or any("*" in region for region in regions):
            continue
        blocked = [
            name.partition(":")[0] for name in _GLOBAL_ACTIONS if covers_action(statement, name)
        ]
        if blocked:
            yield hit(
                f"This denies {', '.join(blocked)} altogether, whose requests go to "
                f"{_HOME_REGION}. Except the global services with NotAction.",
                condition.key_place,
            )


_ENCRYPTION_KEYS = (
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
)


@check(
    Level.WARNING,
    source="Amazon S3 User Guide, Protecting data with server-side encryption; IAM User Guide, "
    "IAM JSON policy elements: Condition operators",
    needs="x-amz-server-side-encryption",
)
def revet_encryption_guard_denies_default_encryption(statement: WrittenStatement) -> Hits:
    """A denial of unencrypted uploads that denies uploads which the bucket would encrypt.

    A request that names no encryption carries no header, and a negated operator holds for an absent
    key; S3 would have encrypted the object as the bucket says.

    `Deny` of `s3:PutObject` under a negated operator on the header, absent header included.
    """
    if not statement.denies:
        return
    conditions = list(with_key(statement, *_ENCRYPTION_KEYS))
    if not conditions or not covers_action(statement, "s3:PutObject"):
        return
    present = any(is_kind(item, Kind.NULL) and values_of(item) == FALSE for item in conditions)
    for condition in conditions:
        if is_kind(condition, Kind.STRING, negated=True) and not present:
            yield hit(
                f"This also denies uploads without the header {condition.key}, which the bucket's "
                f"default encryption would encrypt. Add Null {condition.key} false.",
                condition.key_place,
            )
