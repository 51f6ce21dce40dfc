"""Whether the key of a trail lets CloudTrail encrypt log files with it.

A key of another account, or one that is not here, is judged by its name alone. With a key that has
KMS's own policy AWS makes no trail, so that nothing is lost unnoticed (CloudTrail API Reference,
`CreateTrail`, `InsufficientEncryptionPolicyException`).

Sources: CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail" (the encryption
context is the trail's ARN, and so is `aws:SourceArn`), "How AWS CloudTrail uses AWS KMS".
"""

from __future__ import annotations

from revet.gate.readings.cloudtrail.delivery import caller_of, home_region, trail_arn
from revet.gate.readings.iam.service_calls import Call
from revet.gate.readings.kms.service_use import GENERATE, Use, key_answer, key_of, use_fault
from revet.gate.readings.s3.supposed import Place, Supposed
from revet.plan import Inventory, Resource
from revet.plan.own_account import has_several_callers

_KEY = "kms_key_id"
_CONTEXT = "kms:encryptioncontext:aws:cloudtrail:arn"


def trail_key_fault(trail: Resource, inventory: Inventory) -> str:
    """Why CloudTrail cannot encrypt with the key of a trail; empty where it can.

    Args:
        trail: an `aws_cloudtrail` that names a key.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    key = key_of(trail, _KEY, inventory)
    if key is None:
        return ""
    region = home_region(trail, "", _KEY)
    several = has_several_callers(inventory) and trail.identity != key.identity

    def uses(one: Supposed, arn: str) -> Use:
        account = inventory.account_of(trail)
        if several and not account:
            why = "which account it encrypts for is not known"
            raise trail.doubt(_KEY, why, "look up `aws_caller_identity` beside it")
        whole = trail_arn(trail, one, account or one.account, region)
        sent = {"aws:sourcearn": whole, "aws:sourceaccount": account or one.account}
        return Use(
            (Call(GENERATE, arn, {**sent, _CONTEXT: whole}),),
            (Call("kms:DescribeKey", arn, sent),),
        )

    caller = caller_of()
    found = key_answer(key, caller, uses, inventory, Place(region))
    return "" if found is None else use_fault(key, caller, found)
