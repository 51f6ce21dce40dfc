"""Condition keys that follow from a request by AWS's definition.

Source: IAM User Guide, "AWS global condition context keys", one section a key, and "IAM policy
elements: Variables and tags" (`aws:username`, `aws:userid`, `aws:PrincipalType`). Values of the
given context win; a key given as missing stays missing.

What a request tells only in part stays so: the ARN of a session has the name of its role and not
the role's path, and no ARN has the unique id of a user or role ("IAM identifiers").
"""

from __future__ import annotations

from collections.abc import Callable

from revet.iam.compiled.resources import OWN_API, own_api
from revet.iam.evaluate.context import Context, Partly
from revet.iam.evaluate.request import Caller, CallerKind, Request
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob

_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


_PERMISSION_SETS = "AWSReservedSSO_"
_PERMISSION_SETS_PATH = "aws-reserved/sso.amazonaws.com/"
"""Roles of IAM Identity Center; one for another region than its own has the region in its path.

Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon
EKS Cluster config maps, and AWS KMS key policies".
"""


def _principal_arn(caller: Caller, _: Request) -> str | Partly | None:
    if not caller.has_account:
        return None
    if not caller.role or caller.role_arn:
        return caller.role_arn or caller.text
    head = f"{caller.text.partition(':sts:')[0]}:iam::{caller.account}:role/"
    if caller.role.startswith(_PERMISSION_SETS):
        head += _PERMISSION_SETS_PATH
    in_a_path = Glob.of((head, ANY, f"/{caller.role}"), text=f"{head}*/{caller.role}")
    return Partly(
        (Glob.literal(head + caller.role), in_a_path),
        "the path of the role is not known from the session's ARN",
        "give `aws:PrincipalArn`, the role's ARN",
    )


def _user_id(caller: Caller, _: Request) -> str | Partly:
    if caller.kind is CallerKind.ROOT:
        return caller.account
    if caller.kind is CallerKind.FEDERATED_USER:
        return f"{caller.account}:{caller.name}"
    if caller.kind is CallerKind.ANONYMOUS:
        return "anonymous"
    why, resolve = "the unique id is not known from the ARN", "give `aws:userid`"
    if caller.kind is CallerKind.USER:
        return Partly((Glob.of(("AIDA", ANY), text="AIDA*"),), why, resolve)
    if caller.kind is CallerKind.SESSION:
        session = caller.name if ":sts:" in caller.text else "*"
        tail = session if ":sts:" in caller.text else ANY
        return Partly((Glob.of(("AROA", ANY, ":", tail), text=f"AROA*:{session}"),), why, resolve)
    anything = Glob.of((ANY,), text="*")
    why = f"AWS's pages do not say it for a {caller.kind}"
    return Partly((anything,), why, resolve, absent=True)


def _is_service(caller: Caller, _: Request) -> str | None:
    if caller.kind is CallerKind.SERVICE:
        return "true"
    return "false" if caller.has_account else None


DERIVED: dict[str, Callable[[Caller, Request], str | Partly | None]] = {
    "aws:principalarn": _principal_arn,
    "aws:principalaccount": lambda caller, _: caller.account or None,
    "aws:principaltype": lambda caller, _: _TYPES.get(caller.kind),
    "aws:username": lambda caller, _: caller.name if caller.kind is CallerKind.USER else None,
    "aws:userid": _user_id,
    "aws:resourceaccount": lambda _, request: request.resource_account or None,
    "aws:principalisawsservice": _is_service,
    "aws:principalservicename": lambda caller, _: (
        caller.text if caller.kind is CallerKind.SERVICE else None
    ),
    OWN_API: lambda _, request: own_api(request.resource),
}


def derive(context: Context, caller: Caller, request: Request, keys: frozenset[str]) -> None:
    """Add the keys that the policies ask for and the request implies."""
    for key in keys:
        if key not in context:
            value = DERIVED[key](caller, request)
            if value is not None:
                context[key] = value
