"""Keys that name a KMS key hold its ARN."""

from __future__ import annotations

import re

from revet.iam.arn_pattern import read_arn
from revet.iam.globs import Glob
from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

_KEY = re.compile(r"arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+\Z")
_ANY = Glob.parse("arn:aws*:kms:*:*:key/*")
_SERVICE = Glob.parse("kms")
_RESOURCE = Glob.parse("key/*")


@check(Level.ERROR, subject=ConditionSubject, needs="kms")
def invalid_kms_key_value(condition: ConditionSubject) -> Hits:
    """No ARN of a key: an id, an alias, a typing error.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    reference = condition.reference
    if (
        reference is None
        or reference.type != "ARN"
        or "kms" not in condition.lower
        or condition.operator is None
        or condition.operator.operator.kind not in (Kind.STRING, Kind.ARN)
    ):
        return
    for value in condition.values:
        if not _can_be_key(value.text):
            yield hit(
                f"{quoted(value.text)} is no ARN of a KMS key. {condition.key} needs "
                "arn:aws:kms:REGION:ACCOUNT:key/ID.",
                value.place,
            )


def _can_be_key(text: str) -> bool:
    if "*" not in text and "?" not in text and "${" not in text:
        return _KEY.match(text) is not None
    arn = read_arn(text)
    if arn is None:
        return _ANY.overlaps(Glob.parse(text))
    return _SERVICE.overlaps(Glob.parse(arn.service)) and _RESOURCE.overlaps(
        Glob.parse(arn.resource)
    )
