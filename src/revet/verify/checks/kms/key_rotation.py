"""Keys rotate by themselves."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.kms import read_key
from revet.verify.subject import Subject


def _symmetric(subject: Subject) -> bool:
    return subject.text("customer_master_key_spec") in ("", "SYMMETRIC_DEFAULT")


@live_check(
    control="kms-key-rotation",
    resource="aws_kms_key",
    actions=("kms:DescribeKey", "kms:GetKeyRotationStatus"),
    applies=_symmetric,
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """The key is enabled and automatic rotation is on; only symmetric keys can rotate."""
    key = read_key(reader, subject.arn, subject.region)
    state = key.get("KeyState", "")
    if state != "Enabled":
        return noncompliant(f"the key is `{state}`")
    reply = reader.call("kms", "get_key_rotation_status", region=subject.region, KeyId=subject.arn)
    if not reply.get("KeyRotationEnabled", False):
        return noncompliant("automatic rotation is off")
    period = reply.get("RotationPeriodInDays")
    return compliant(f"it rotates every {period} days" if period else "automatic rotation is on")
