"""Lambda: who may call a function, each statement of its policy as the resource that makes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft

_PERMISSION = "aws_lambda_permission"
_CONDITIONS = {
    "aws:sourcearn": "source_arn",
    "aws:sourceaccount": "source_account",
    "aws:principalorgid": "principal_org_id",
    "lambda:eventsourcetoken": "event_source_token",
    "lambda:functionurlauthtype": "function_url_auth_type",
}


def aws_lambda_function(one: Draft) -> Iterator[Observed]:
    """The statements of its policy; a function that nobody else may call has none."""

    def read() -> list[Observed]:
        said = one.ask("GetPolicy", "ResourceNotFoundException", FunctionName="{function_name}")
        statements = json.loads(said["Policy"])["Statement"] if said else []
        return [_permission(one, statement) for statement in statements]

    found = readable(read)
    if isinstance(found, list):
        yield from found
    else:
        yield Observed(_PERMISSION, EVERY, {}, one.region, found)


def _permission(one: Draft, statement: Mapping[str, Any]) -> Observed:
    """As AddPermission was told.

    Source: Lambda developer guide, "Viewing resource-based IAM policies in Lambda".

    Raises:
        ValueError: the statement has a form that AddPermission does not make.
    """
    principal = statement["Principal"]
    if isinstance(principal, Mapping):
        (principal,) = principal.values()
    values = {
        "id": statement["Sid"],
        "statement_id": statement["Sid"],
        "function_name": one.values["function_name"],
        "action": statement["Action"],
        "principal": principal,
        **dict.fromkeys(_CONDITIONS.values(), ""),
    }
    for keys in statement.get("Condition", {}).values():
        for key, value in keys.items():
            if key.lower() not in _CONDITIONS or not isinstance(value, str):
                raise ValueError(f"a condition on `{key}`")
            values[_CONDITIONS[key.lower()]] = value
    return Observed(_PERMISSION, f"{one.id}/{statement['Sid']}", values, one.region)
