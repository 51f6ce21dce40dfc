"""Keys rotate by themselves."""

from revet.model.finding import Outcome, compliant, noncompliant, unknown
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.kms import read_key
from revet.verify.subject import Subject

_DEFAULT_DAYS = 365  # KMS's own period, where the answer names none


def _can_rotate(subject: Subject) -> bool:
    spec = subject.text("customer_master_key_spec") or "SYMMETRIC_DEFAULT"
    usage = subject.text("key_usage") or "ENCRYPT_DECRYPT"
    own = not subject.text("custom_key_store_id")
    return own and (spec, usage) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")


@live_check(
    control="kms-key-rotation",
    resource="aws_kms_key",
    actions=("kms:DescribeKey", "kms:GetKeyRotationStatus"),
    applies=_can_rotate,
)
def check(subject: Subject, reader: Reader, *, max_days: int = _DEFAULT_DAYS) -> Outcome:
    """The key is in use and rotates at least every `max_days` days."""
    state = read_key(reader, subject.arn, subject.region).get("KeyState", "")
    if state != "Enabled":
        return noncompliant(f"the key is `{state}`")
    reply = reader.call("kms", "get_key_rotation_status", region=subject.region, KeyId=subject.arn)
    if not reply.get("KeyRotationEnabled", False):
        return noncompliant("automatic rotation is off")
    days = reply.get("RotationPeriodInDays")
    if days is None and max_days < _DEFAULT_DAYS:
        return unknown(
            "KMS did not say how often the key rotates",
            resolve="look at the key's rotation period by hand",
        )
    if days is not None and days > max_days:
        return noncompliant(f"it rotates every {days} days, not {max_days}")
    return compliant(f"it rotates every {days} days" if days else "automatic rotation is on")
