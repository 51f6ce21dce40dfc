"""Whether the policy of a bucket lets AWS Config deliver.

AWS Config delivers with the recorder's role, and where that may not, as its own service principal;
a service-linked role never may. Source: AWS Config Developer Guide, "Permissions for the Amazon S3
Bucket for the AWS Config Delivery Channel", "Using Service-Linked Roles for AWS Config".
"""

# ruff: noqa: PLC0415 - the evaluator is loaded where a policy needs it, which most do not

from __future__ import annotations

from typing import NamedTuple

from revet.gate.readings.config.delivery_requests import PUT, SERVICE, Delivery, requests
from revet.gate.readings.config.recorders import RECORDER, beside, is_linked
from revet.gate.readings.s3.policies import bucket_policies
from revet.gate.readings.s3.supposed import Supposed, supposed
from revet.iam.document import PolicyDocument
from revet.plan import Inventory, Resource
from revet.plan.own_account import has_several_callers
from revet.plan.values import Symbolic, Undecided

_KEY, _PREFIX, _KEY_TYPE = "s3_kms_key_arn", "s3_key_prefix", "aws_kms_key"
_DOING = {PUT: "put objects", "s3:GetBucketAcl": "read its ACL", "s3:ListBucket": "list it"}


class _Answer(NamedTuple):
    """What a policy says to a delivery.

    Args:
        fault: what it refuses, in words; empty for nothing.
        doubt: why that is not known; empty where it is.
        explicit: whether a statement denies it.
    """

    fault: str = ""
    doubt: str = ""
    explicit: bool = False


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
    found = _answer(SERVICE, documents, channel, bucket, inventory)
    if found.doubt:
        why = f"whether it lets `{SERVICE}` deliver is not known. {found.doubt}"
        raise bucket.doubt("policy", why, "limit it by `aws:SourceAccount` alone")
    if not found.fault:
        return ""
    for recorder in beside(channel, inventory, RECORDER):
        if not is_linked(recorder, inventory) and not _is_denied(
            recorder, documents, channel, bucket, inventory
        ):
            why = "its role may deliver, where the policy of the bucket does not let the service"
            raise recorder.doubt("role_arn", why, f"let `{SERVICE}` deliver by the bucket's policy")
    return found.fault


def _answer(
    principal: object,
    documents: tuple[PolicyDocument, ...],
    channel: Resource,
    bucket: Resource,
    inventory: Inventory,
) -> _Answer:
    """What all policies say to a delivery, whatever account and name may be meant.

    Raises:
        UnknownValueError: the prefix of the objects, or whose they are, is not known.
    """
    if not documents:
        return _Answer(f"it has no policy, which does not let `{SERVICE}` {_DOING[PUT]}")
    prefix = channel.get(_PREFIX)
    if isinstance(prefix, Undecided) and not isinstance(prefix, Symbolic):
        prefix.refuse()
    answers: list[tuple[Supposed, _Answer]] = []
    for document in documents:
        for one in supposed(document, bucket, inventory):
            under = one.text(prefix)
            if "${" in under or (isinstance(prefix, Undecided) and not under):
                why = "under which prefix AWS Config delivers is not known"
                raise channel.doubt(_PREFIX, why, "write it out")
            delivery = Delivery(
                one.text(principal),
                _account(one, channel, bucket, inventory),
                channel.provider_region,
                one.partition,
                one.bucket_arn,
                one.account,
                f"{under}/" if under else "",
                _key(one, channel, inventory),
            )
            answers.append((one, _of(one.document, delivery)))
    return _agreed(answers)


def _account(one: Supposed, channel: Resource, bucket: Resource, inventory: Inventory) -> str:
    """The account that is recorded, which need not be the bucket's.

    Raises:
        UnknownValueError: it is not known.
    """
    account = inventory.account_of(channel)
    if account:
        return account
    if has_several_callers(inventory) and channel.identity != bucket.identity:
        why = "which account it delivers for is not known"
        raise channel.doubt("s3_bucket_name", why, "look up `aws_caller_identity` beside it")
    return one.account


def _agreed(answers: list[tuple[Supposed, _Answer]]) -> _Answer:
    """The answer that holds whatever may be meant."""
    first = answers[0][1]
    unsure = [answer for _, answer in answers if answer.doubt]
    if len({bool(answer.fault) for _, answer in answers}) == 1 and not unsure:
        return first
    supposing = [one.doubt for one, _ in answers if one.doubt]
    if unsure and len(unsure) == len(answers):
        return unsure[0]
    return _Answer(doubt=supposing[0] if supposing else unsure[0].doubt)


def _of(document: PolicyDocument, delivery: Delivery) -> _Answer:
    """What a policy says to the requests of a delivery."""
    from revet.iam.evaluate import Outcome, Policies, decide
    from revet.iam.evaluate.rules import keys_of

    policies = Policies(resource=document)
    statements = [one for place in policies.attached() for one in place.policy.statements]
    asked = sorted({key for statement in statements for key in keys_of(statement)})
    lacking = ""
    doubts: list[str] = []
    for request in requests(delivery, asked):
        decision = decide(request, policies)
        what = _DOING[request.action]
        if decision.outcome is Outcome.EXPLICITLY_DENIED:
            sid = next((one.sid for one in decision.by if one.sid), "")
            name = f"statement `{sid}` of its policy" if sid else "a statement of its policy"
            fault = f"{name} does not let `{SERVICE}` {what}"
            return _Answer(fault, explicit=request.action == PUT)
        if decision.outcome is Outcome.IMPLICITLY_DENIED:
            lacking = lacking or f"its policy does not let `{SERVICE}` {what}"
        doubts += decision.reasons
    return _Answer(lacking) if lacking else _Answer(doubt="; ".join(dict.fromkeys(doubts)))


def _key(one: Supposed, channel: Resource, inventory: Inventory) -> str:
    """The ARN of the channel's key; empty where it is not known, or an alias stands for it."""
    value = channel.get(_KEY)
    if isinstance(value, Symbolic):
        named = inventory.target(channel, _KEY)
        found = one.text(value) if named is not None and named.type == _KEY_TYPE else ""
    else:
        found = one.text(value)
    return "" if "${" in found or not found.startswith("arn:") or ":alias/" in found else found


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
    return _answer(role, documents, channel, bucket, inventory).explicit
