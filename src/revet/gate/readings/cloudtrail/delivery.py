"""Whether the policy of a bucket lets CloudTrail deliver the log files of a trail.

Where nothing says which account it is, the ones are meant under whose prefix the policy lets write.

Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail", "Creating a trail for an
organization with the AWS CLI" (the policy of the bucket), "Troubleshooting".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from revet.gate.readings.cloudtrail.delivery_requests import (
    KMS,
    OF_S3,
    PUT,
    SERVICE,
    Delivery,
    calls,
    regions_of,
)
from revet.gate.readings.iam.service_calls import Answer, Caller, agreed, answer
from revet.gate.readings.s3.deliveries import account_of, key_arn, prefix_of
from revet.gate.readings.s3.supposed import Place, Supposed, supposed
from revet.iam.document import PolicyDocument
from revet.iam.reference.regions import partition_of, partitions
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks
from revet.plan.values import Symbolic

_BUCKET, _KEY, _PREFIX = "s3_bucket_name", "kms_key_id", "s3_key_prefix"
_NAME = "CloudTrail"
_ORGANIZATION = "aws_organizations_organization"
_SOME_ORGANIZATION = "o-0ofnobody0"
_OF_ORGANIZATION = re.compile(r"(?<![\w-])o-[a-z0-9]{10,32}(?![\w-])")
_OF_ACCOUNT = re.compile(r"/AWSLogs/(?:o-[a-z0-9]{10,32}/)?([0-9]{12})/")
_RESOLVE = "limit it by `aws:SourceArn`, the trail's ARN, alone"


def delivery_fault(
    trail: Resource, bucket: Resource, documents: tuple[PolicyDocument, ...], inventory: Inventory
) -> str:
    """Why CloudTrail cannot deliver into a bucket; empty where it can.

    Args:
        trail: an `aws_cloudtrail`.
        bucket: that it names.
        documents: the policies of the bucket, at least one.
        inventory: all of it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    answers = [
        said for document in documents for said in _answers(document, trail, bucket, inventory)
    ]
    found = agreed(answers)
    if found.doubt:
        why = f"whether it lets `{SERVICE}` deliver is not known. {found.doubt}"
        raise bucket.doubt("policy", why, _RESOLVE)
    if found.refused is None:
        return ""
    call = found.refused
    if found.explicit:
        doing = f"write `{_shown(call.resource)}`" if call.action == PUT else "read its ACL"
        return f"{found.what} does not let CloudTrail {doing}"
    if call.action == PUT:
        return f"no statement lets CloudTrail write `{_shown(call.resource)}`"
    return "no statement lets CloudTrail read the bucket's ACL"


def _shown(arn: str) -> str:
    """The part of an object's ARN that says what kind of file it is."""
    key = arn.partition(":::")[2].partition("/")[2]
    return f"{key.rpartition('/2026/')[0]}/…"


def _answers(
    document: PolicyDocument, trail: Resource, bucket: Resource, inventory: Inventory
) -> Iterator[tuple[str, Answer]]:
    """What a policy says, for all that it may be about."""
    region = home_region(trail, document.text, _BUCKET)
    caller, every = caller_of(), _is(trail, "is_multi_region_trail")
    for organization in _organizations(trail, document, inventory):
        place = Place(region, organization)
        for one in _meant(supposed(document, bucket, inventory, place)):
            account = account_of(trail, _BUCKET, one, bucket, inventory)
            delivery = Delivery(
                arn=trail_arn(trail, one, account, region),
                name=one.text(trail.get("name")) or "name",
                account=account,
                organization=organization,
                regions=regions_of(region, one.partition, document.text, every=every),
                region=region,
                bucket_arn=one.bucket_arn,
                prefix=prefix_of(trail, _PREFIX, one, _NAME),
                key=key_arn(trail, _KEY, one, inventory, by_alias=True),
                digests=_is(trail, "enable_log_file_validation"),
            )
            for insights, unsure in _insights(trail):
                for encryption, doubt in _encryptions(trail):
                    made = calls(delivery, encryption, insights=insights)
                    said = answer(one.document, caller, made, one.account)
                    yield one.doubt or unsure or doubt, said


def _is(trail: Resource, path: str) -> bool:
    """Whether an argument is true.

    Raises:
        UnknownValueError: it is not known.
    """
    return bool(trail.get(path))


def _insights(trail: Resource) -> tuple[tuple[bool, str], ...]:
    """Whether a trail may have Insights, and why that is not known."""
    doubts = Doubts()
    with doubts:
        return ((bool(blocks(trail, "insight_selector")), ""),)
    why = str(doubts[0])
    return (False, why), (True, why)


def caller_of() -> Caller:
    """CloudTrail, as it calls for a trail."""
    return Caller(SERVICE, _NAME, _RESOLVE)


def home_region(trail: Resource, text: str, path: str) -> str:
    """The home region; where that is not known, and a policy names none, any.

    Args:
        trail: an `aws_cloudtrail`.
        text: of the policy.
        path: of the argument whose policy it is, for messages.

    Raises:
        UnknownValueError: it is not known, and the policy names one.
    """
    if trail.provider_region:
        return trail.provider_region
    every = [region for partition in partitions().values() for region in partition.regions]
    if any(region in text for region in every):
        why = "its region is not known here, and the policy of its bucket names one"
        raise trail.doubt(path, why, "set the provider's `region`")
    return every[0]


def _organizations(
    trail: Resource, document: PolicyDocument, inventory: Inventory
) -> tuple[str, ...]:
    """The ids that the organization of a trail may have; one empty text for a trail of no such."""
    if not _is(trail, "is_organization_trail"):
        return ("",)
    read = (one for one in inventory.data.values() if one.type == _ORGANIZATION)
    said = [one.get("id") for one in (*inventory.of_type(_ORGANIZATION), *read)]
    known = tuple(dict.fromkeys(one for one in said if isinstance(one, str)))
    named = tuple(dict.fromkeys(_OF_ORGANIZATION.findall(document.text)))
    if not all(isinstance(one, str) for one in said):
        return (*dict.fromkeys((*known, *named)), _SOME_ORGANIZATION)
    return known or named or (_SOME_ORGANIZATION,)


def _meant(found: tuple[Supposed, ...]) -> tuple[Supposed, ...]:
    """Those for an account under whose prefix the policy lets write; all where it names none."""
    named = {
        account
        for one in found
        for statement in one.document.statements
        if statement.effect != "Deny"
        for text in statement.resources
        for account in _OF_ACCOUNT.findall(text)
    }
    return tuple(one for one in found if one.account in named) or found


def trail_arn(trail: Resource, one: Supposed, account: str, region: str) -> str:
    """The trail's ARN, as it is, or will be.

    Args:
        trail: an `aws_cloudtrail`.
        one: a policy that may name it, as supposed.
        account: id of the trail's account.
        region: its home.
    """
    known = trail.get("arn")
    if isinstance(known, str):
        return known
    name = one.text(trail.get("name"))
    if name and "${" not in name:
        found = partition_of(region)
        partition = found.id if found else one.partition
        return f"arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"
    return one.text(f"${{{trail.address}.arn}}")


def _encryptions(trail: Resource) -> tuple[tuple[str, str], ...]:
    """What S3 may be asked to encrypt with, empty for nothing, and why that is not known."""
    value = trail.get(_KEY)
    if isinstance(value, Undecided) and not (isinstance(value, Symbolic) and value.strong):
        why = "whether the trail has a key is not known"
        return (KMS, why), (OF_S3, why), ("", why)
    if isinstance(value, Undecided) or value:
        return ((KMS, ""),)
    why = "whether CloudTrail asks S3 to encrypt with S3's own keys is not known"
    return (OF_S3, why), ("", why)
