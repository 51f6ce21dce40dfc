"""Condition keys that follow from a request by AWS's definition.

Source: IAM User Guide, "AWS global condition context keys", one section a key, and "IAM policy
elements: Variables and tags" (`aws:username`, `aws:PrincipalType`). Values of the given context
win; a key given as missing stays missing.
"""

from __future__ import annotations

from collections.abc import Callable

from revet.iam.evaluate.context import Context
from revet.iam.evaluate.request import Caller, CallerKind, Request

_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def _principal_arn(caller: Caller, _: Request) -> str | None:
    return (caller.role_arn or caller.text) if caller.has_account else None


def _principal_account(caller: Caller, _: Request) -> str | None:
    return caller.account or None


def _principal_type(caller: Caller, _: Request) -> str | None:
    return _TYPES.get(caller.kind)


def _username(caller: Caller, _: Request) -> str | None:
    return caller.name if caller.kind is CallerKind.USER else None


def _resource_account(_: Caller, request: Request) -> str | None:
    return request.resource_account or None


def _is_service(caller: Caller, _: Request) -> str | None:
    if caller.kind is CallerKind.SERVICE:
        return "true"
    return "false" if caller.has_account else None


def _service_name(caller: Caller, _: Request) -> str | None:
    return caller.text if caller.kind is CallerKind.SERVICE else None


DERIVED: dict[str, Callable[[Caller, Request], str | None]] = {
    "aws:principalarn": _principal_arn,
    "aws:principalaccount": _principal_account,
    "aws:principaltype": _principal_type,
    "aws:username": _username,
    "aws:resourceaccount": _resource_account,
    "aws:principalisawsservice": _is_service,
    "aws:principalservicename": _service_name,
}


def derive(context: Context, caller: Caller, request: Request, keys: frozenset[str]) -> None:
    """Add the keys that the policies ask for and the request implies."""
    for key in keys:
        if key not in context:
            value = DERIVED[key](caller, request)
            if value is not None:
                context[key] = value
