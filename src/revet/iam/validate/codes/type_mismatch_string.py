"""Binary conditions compare with Base64."""

from __future__ import annotations

import base64
import binascii

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.WARNING, subject=ConditionSubject, needs="binaryequals")
def type_mismatch_string(condition: ConditionSubject) -> Hits:
    """A value that is no Base64.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.operator.kind is not Kind.BINARY:
        return
    for value in condition.values:
        if not _is_base64(value.text) and "${" not in value.text:
            yield hit(
                f"{quoted(value.text)} is no Base64, as {used.operator.name} needs it.",
                value.place,
            )


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(text)
