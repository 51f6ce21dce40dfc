"""Whether the policy of a bucket lets AWS Config deliver.

AWS Config delivers with the recorder's role, and where that may not, as its own service principal;
a service-linked role never may. Source: AWS Config Developer Guide, "Permissions for the Amazon S3
Bucket for the AWS Config Delivery Channel", "Using Service-Linked Roles for AWS Config".
"""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.readings.config.delivery_requests import PUT, SERVICE, Delivery, calls
from revet.gate.readings.config.recorders import RECORDER, beside, is_linked
from revet.gate.readings.iam.service_calls import Answer, Caller, agreed, answer
from revet.gate.readings.s3.deliveries import account_of, key_arn, prefix_of
from revet.gate.readings.s3.policies import bucket_policies
from revet.gate.readings.s3.supposed import supposed
from revet.iam.document import PolicyDocument
from revet.plan import Inventory, Resource
from revet.plan.values import Symbolic

_BUCKET, _KEY, _PREFIX = "s3_bucket_name", "s3_kms_key_arn", "s3_key_prefix"
_NAME = "AWS Config"
_DOING = {PUT: "put objects", "s3:GetBucketAcl": "read its ACL", "s3:ListBucket": "list it"}


def delivery_fault(channel: Resource, bucket: Resource, inventory: Inventory) -> str:
    """Why AWS Config cannot deliver into a bucket; empty where it can.

    Args:
        channel: an `aws_config_delivery_channel`.
        bucket: that it names.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known, as where a role of one's own may deliver.
    """
    documents = tuple(document for _, document in bucket_policies(bucket, inventory))
    if not documents:
        fault = f"it has no policy, which does not let `{SERVICE}` {_DOING[PUT]}"
    else:
        found = _answer(SERVICE, documents, channel, bucket, inventory)
        if found.doubt:
            why = f"whether it lets `{SERVICE}` deliver is not known. {found.doubt}"
            raise bucket.doubt("policy", why, "limit it by `aws:SourceAccount` alone")
        if found.refused is None:
            return ""
        fault = f"{found.what} does not let `{SERVICE}` {_DOING[found.refused.action]}"
    for recorder in own_roles(channel, inventory):
        if not _is_denied(recorder, documents, channel, bucket, inventory):
            why = "its role may deliver, where the policy of the bucket does not let the service"
            raise recorder.doubt("role_arn", why, f"let `{SERVICE}` deliver by the bucket's policy")
    return fault


def own_roles(channel: Resource, inventory: Inventory) -> Iterator[Resource]:
    """The recorders beside a channel whose role is one of one's own, which may deliver.

    Args:
        channel: an `aws_config_delivery_channel`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    for recorder in beside(channel, inventory, RECORDER):
        if not is_linked(recorder, inventory):
            yield recorder


def _answer(
    principal: object,
    documents: tuple[PolicyDocument, ...],
    channel: Resource,
    bucket: Resource,
    inventory: Inventory,
) -> Answer:
    """What all policies say to a delivery, whatever account and name may be meant.

    Raises:
        UnknownValueError: the prefix of the objects, or whose they are, is not known.
    """
    answers: list[tuple[str, Answer]] = []
    for document in documents:
        for one in supposed(document, bucket, inventory):
            delivery = Delivery(
                Caller(one.text(principal), _NAME),
                account_of(channel, _BUCKET, one, bucket, inventory),
                channel.provider_region,
                one.partition,
                one.bucket_arn,
                prefix_of(channel, _PREFIX, one, _NAME),
                key_arn(channel, _KEY, one, inventory, by_alias=False),
            )
            said = answer(one.document, delivery.caller, calls(delivery), one.account)
            answers.append((one.doubt, said))
    return agreed(answers)


def _is_denied(
    recorder: Resource,
    documents: tuple[PolicyDocument, ...],
    channel: Resource,
    bucket: Resource,
    inventory: Inventory,
) -> bool:
    """Whether a policy denies the recorder's own role what it needs, whatever else lets it."""
    role = recorder.get("role_arn")
    if not isinstance(role, str) and not (isinstance(role, Symbolic) and role.strong):
        return False
    found = _answer(role, documents, channel, bucket, inventory) if documents else Answer()
    return found.explicit and found.refused is not None and found.refused.action == PUT
