"""Policy documents that keep Terraform references readable.

A document is written as JSON text in which references stay `${aws_kms_key.x.arn}`: so the reader of
the synthesized configuration, and the gate, see which resource each statement names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

PolicyStatement = dict[str, object]
Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]

_LITERAL = re.compile(r"([$%])\{(?!TfToken\[)")


def statement(
    sid: str,
    *,
    effect: str = "Allow",
    actions: str | Sequence[str] = (),
    not_actions: str | Sequence[str] = (),
    resources: str | Sequence[str] | None = "*",
    principals: str | Mapping[str, str | Sequence[str]] | None = None,
    conditions: Conditions | None = None,
) -> PolicyStatement:
    """One statement.

    Args:
        sid: its id: letters and digits, unique in its document.
        effect: `Allow` or `Deny`.
        actions: IAM actions.
        not_actions: all actions but these, in place of `actions`.
        resources: ARNs or patterns; None in a trust policy.
        principals: `"*"` or by kind (`{"Service": "…"}`); None in an identity policy.
        conditions: operator to key to values.
    """
    made: PolicyStatement = {"Sid": sid, "Effect": effect}
    if principals is not None:
        made["Principal"] = principals if isinstance(principals, str) else dict(principals)
    key, named = ("NotAction", not_actions) if not_actions else ("Action", actions)
    made[key] = named if isinstance(named, str) else list(named)
    if resources is not None:
        made["Resource"] = resources if isinstance(resources, str) else list(resources)
    if conditions:
        made["Condition"] = {
            operator: {
                key: value if isinstance(value, str) else list(value) for key, value in keys.items()
            }
            for operator, keys in conditions.items()
        }
    return made


def document(statements: Sequence[PolicyStatement]) -> str:
    """A policy document as text.

    IAM variables (`${aws:username}`) are written `$${aws:username}`, since Terraform would
    otherwise take them for references of its own; cdktn's tokens are left to cdktn.

    Args:
        statements: in the order in which they are shown.
    """
    text = json.dumps(
        {"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":")
    )
    return _LITERAL.sub(r"\1\1{", text)
