"""Lambda: who may call a function, each statement of its policy as the resource that makes it.

And the URLs of a function, of its aliases, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft

_PERMISSION = "aws_lambda_permission"
_URL = "aws_lambda_function_url"
_CONDITIONS = {
    "aws:sourcearn": "source_arn",
    "aws:sourceaccount": "source_account",
    "aws:principalorgid": "principal_org_id",
    "lambda:eventsourcetoken": "event_source_token",
    "lambda:functionurlauthtype": "function_url_auth_type",
}


def aws_lambda_function(one: Draft) -> Iterator[Observed]:
    """The statements of its policy, and its URLs; most functions have neither."""

    def statements() -> list[Observed]:
        said = one.ask("GetPolicy", "ResourceNotFoundException", FunctionName="{function_name}")
        held = json.loads(said["Policy"])["Statement"] if said else []
        return [_permission(one, statement) for statement in held]

    def urls() -> list[Observed]:
        said = one.ask("ListFunctionUrlConfigs", FunctionName="{function_name}")
        return [_url(one, url) for url in said["FunctionUrlConfigs"]]

    for kind, read in ((_PERMISSION, statements), (_URL, urls)):
        found = readable(read)
        if isinstance(found, list):
            yield from found
        else:
            yield Observed(kind, EVERY, {}, one.region, found)


def _url(one: Draft, said: Mapping[str, Any]) -> Observed:
    """Source: Lambda API reference, `FunctionUrlConfig`, `Cors`."""
    qualifier = said["FunctionArn"].removeprefix(one.values["arn"]).lstrip(":")
    name = one.values["function_name"]
    cors = said.get("Cors")
    values = {
        "id": f"{name}/{qualifier}" if qualifier else name,
        "function_name": name,
        "qualifier": qualifier,
        "authorization_type": said["AuthType"],
        "function_url": said["FunctionUrl"],
        "cors": [
            {
                "allow_credentials": cors.get("AllowCredentials", False),
                "allow_origins": cors.get("AllowOrigins", []),
            }
        ]
        if cors
        else [],
    }
    return Observed(_URL, values["id"], values, one.region)


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
