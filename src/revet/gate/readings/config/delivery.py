"""Whether the policy of a bucket lets AWS Config deliver.

AWS Config delivers with the recorder's role, and where that may not, as its own service principal;
a service-linked role never may. Source: AWS Config Developer Guide, "Permissions for the Amazon S3
Bucket for the AWS Config Delivery Channel", "Using Service-Linked Roles for AWS Config".
"""

from __future__ import annotations

from revet.gate.readings.config.recorders import RECORDER, beside
from revet.gate.readings.s3.policies import bucket_policies, reach
from revet.iam.document import Statement
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.values import Symbolic, Undecided

SERVICE = "config.amazonaws.com"
_PUTS = ("s3:putobject", "s3:putobject*", "s3:put*", "s3:*", "*")
_LINKED = ":role/aws-service-role/config.amazonaws.com/"
_LINKED_TYPE = "aws_iam_service_linked_role"
_KEYS = frozenset(("aws:sourceaccount", "aws:sourcearn", "s3:x-amz-acl", "aws:securetransport"))
"""What AWS Config sends along. Source: the policies in the guide."""


def delivery_fault(channel: Resource, bucket: Resource, inventory: Inventory) -> str:
    """Why AWS Config cannot deliver into a bucket; empty where it can.

    Args:
        channel: an `aws_config_delivery_channel`.
        bucket: that it names.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known, as where a role of one's own may deliver.
    """
    doubts = Doubts()
    for _, document in bucket_policies(bucket, inventory):
        for statement in document.statements:
            with doubts:
                if _admits(statement, bucket, inventory):
                    return ""
    doubts.refuse()
    for recorder in beside(channel, inventory, RECORDER):
        if not _is_linked(recorder, inventory):
            why = "its role may deliver, where the policy of the bucket does not let the service"
            raise recorder.doubt("role_arn", why, f"let `{SERVICE}` deliver by the bucket's policy")
    return f"its policy does not let `{SERVICE}` put objects"


def _admits(statement: Statement, bucket: Resource, inventory: Inventory) -> bool:
    """Whether a statement lets AWS Config put its objects."""
    names = {(principal.kind, principal.value) for principal in statement.principals}
    if statement.effect != "Allow" or ("Service", SERVICE) not in names:
        return False
    if not any(action.lower() in _PUTS for action in statement.actions):
        return False
    unlike = [one.key for one in statement.conditions if one.key.lower() not in _KEYS]
    if unlike:
        why = f"whether AWS Config meets the condition on `{unlike[0]}` is not known"
        raise bucket.doubt("policy", why, "limit it by `aws:SourceAccount`")
    found = [reach(_whole(pattern), bucket, inventory) for pattern in statement.resources]
    if any(one.objects for one in found):
        return True
    if any(one.undecided for one in found):
        why = "the plan does not show which objects AWS Config may put"
        raise bucket.doubt("policy", why, "name the bucket by its `arn`")
    return False


def _whole(pattern: str) -> str:
    """A pattern of objects under a prefix, as one of all objects of its bucket."""
    depth = 0
    for place, one in enumerate(pattern):
        depth += one == "{"
        depth -= one == "}"
        if one == "/" and not depth:
            return f"{pattern[:place]}/*"
    return pattern


def _is_linked(recorder: Resource, inventory: Inventory) -> bool:
    """Whether a recorder has the service-linked role of AWS Config.

    Raises:
        UnknownValueError: it is not known.
    """
    named = inventory.target(recorder, "role_arn")
    if named is not None:
        return named.type == _LINKED_TYPE
    value = recorder.get("role_arn")
    text = value.template if isinstance(value, Symbolic) else value
    if isinstance(text, str) and _LINKED in text:
        return True
    if isinstance(value, Undecided):
        value.refuse()
    return False
