"""Whether the key of a delivery channel lets AWS Config encrypt with it.

A key of another account, or one that is not here, is judged by its name alone.

Source: AWS Config Developer Guide, "Permissions for the KMS Key for the AWS Config Delivery
Channel".
"""

from __future__ import annotations

from revet.gate.readings.config.delivery import own_roles
from revet.gate.readings.config.delivery_requests import SERVICE, source_of
from revet.gate.readings.iam.service_calls import Call, Caller
from revet.gate.readings.kms.service_use import GENERATE, Use, key_answer, key_of, use_fault
from revet.gate.readings.s3.supposed import Place, Supposed
from revet.plan import Inventory, Resource
from revet.plan.own_account import has_several_callers

_KEY = "s3_kms_key_arn"


def channel_key_fault(channel: Resource, inventory: Inventory) -> str:
    """Why AWS Config cannot encrypt with the key of a channel; empty where it can.

    Args:
        channel: an `aws_config_delivery_channel` that names a key.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known, as where a role of one's own may use the key.
    """
    key = key_of(channel, _KEY, inventory)
    if key is None:
        return ""
    caller = Caller(SERVICE, "AWS Config")
    several = has_several_callers(inventory) and channel.identity != key.identity

    def uses(one: Supposed, arn: str) -> Use:
        account = inventory.account_of(channel)
        if several and not account:
            why = "which account it delivers for is not known"
            raise channel.doubt(_KEY, why, "look up `aws_caller_identity` beside it")
        sent = source_of(caller, account or one.account, channel.provider_region, one.partition)
        return Use((Call(GENERATE, arn, sent),), (Call("kms:Decrypt", arn, sent),))

    found = key_answer(key, caller, uses, inventory, Place(channel.provider_region))
    fault = use_fault(key, caller, found)
    if fault:
        for recorder in own_roles(channel, inventory):
            why = "its role may use the key, where the key's policy does not let the service"
            raise recorder.doubt("role_arn", why, f"let `{SERVICE}` use the key by its policy")
    return fault
