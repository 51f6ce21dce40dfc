"""AWS Lambda.

Sources: Service Authorization Reference, "AWS Lambda"; AWS Lambda Developer Guide, "Fine-tuning the
Resources and Conditions sections of policies" (the ARN of an invocation carries the version or
alias that it names) and AWS Lambda API Reference, `Invoke` (forms of `FunctionName`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from revet.iam.operations.needs import Asked, Needs, Row, one

_ACTIONS = {
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
    "GetFunction": "GetFunction",
    "GetFunctionConfiguration": "GetFunctionConfiguration",
}
_FULL = re.compile(
    r"arn:(?P<partition>[a-z-]+):lambda:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12})"
    r":function:(?P<name>[A-Za-z0-9_-]+)(?::(?P<qualifier>[A-Za-z0-9_$-]+))?"
)
_PARTIAL = re.compile(
    r"(?:(?P<account>[0-9]{12}):)?(?:function:)?(?P<name>[A-Za-z0-9_-]+)"
    r"(?::(?P<qualifier>[A-Za-z0-9_$-]+))?"
)


def _function(asked: Asked) -> Needs | None:
    given, place = asked.text("FunctionName"), asked.place
    match = _FULL.fullmatch(given) or _PARTIAL.fullmatch(given)
    if match is None:
        return None
    found = match.groupdict()
    qualifiers = {one for one in (found["qualifier"], asked.text("Qualifier")) if one}
    if len(qualifiers) > 1:
        return None
    arn = (
        f"arn:{found.get('partition') or place.partition}:lambda:"
        f"{found.get('region') or place.region}:{found['account'] or place.account}"
        f":function:{found['name']}"
    )
    return one(f"lambda:{_ACTIONS[asked.operation]}", ":".join((arn, *qualifiers)))


ROWS: Mapping[str, Row] = dict.fromkeys(_ACTIONS, _function)
