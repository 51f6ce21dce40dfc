"""Permission to call a function that does not say on whose behalf."""

from __future__ import annotations

import re
from typing import Any

from revet.gate.catalog import control
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Symbolic, Undecided
from revet.plan.address import parse_instance

_ARN = "source_arn"
_ACCOUNT = "source_account"
_ORGANIZATION = "principal_org_id"
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazon(?:aws)?\.com(?:\.cn)?")
_OWN = re.compile(r"[0-9]{12}|arn:[^:]+:(?:iam|sts)::[0-9]{12}:.+")
_PLACED = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?P<account>[^:]*):.+", re.DOTALL)
_OWN_ACCOUNT = re.compile(r"[0-9]{12}|\$\{[^}]*\}")
_OF_AWS = "aws_"
_WITHOUT_ACCOUNT = "aws_s3_bucket"
_ORGANIZATION_ID = re.compile(r"o-[a-z0-9]{10,32}")
"""Source: Lambda API Reference, `AddPermission`, `PrincipalOrgID`."""
_TOKEN = "event_source_token"  # noqa: S105 - the name of an argument


@control(
    title="services call functions on behalf of what is named alone",
    severity=Severity.MEDIUM,
    resource="aws_lambda_permission",
    required=(
        "a permission for a service has a `source_arn` with an account in it, or a "
        "`source_account`; none is for everybody"
    ),
    impact="anybody's bucket, topic or API can have its service call the function",
    fix='source_arn = "${aws_api_gateway_rest_api.orders.execution_arn}/v1/POST/orders"',
    deviations=("caller-for-anybody",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The ARN of a bucket has no account in it: whoever makes one of that name later is let in."""
    del inventory
    principal = resource.get("principal")
    if isinstance(principal, Undecided):
        principal.refuse()
    limit = _limit(resource, principal)
    if limit:
        return compliant(f"it is for {limit} alone")
    if principal == "*":
        return noncompliant("everybody may call the function", paths=("principal",))
    if resource.is_set(_ARN):
        why = f"its `{_ARN}` has no account in it, and there is no `{_ACCOUNT}`"
    else:
        why = f"`{principal}` may call it on behalf of anybody"
    return noncompliant(why, paths=(_ARN, _ACCOUNT))


def _limit(resource: Resource, principal: str) -> str:
    """Whom a permission is for; empty where that may be anybody."""
    if _OWN.fullmatch(principal):
        return f"`{principal}`"
    if resource.is_set(_ORGANIZATION) and _is_organization(resource):
        return "one organization"
    if resource.is_set(_ACCOUNT) and _is_account(resource):
        return "what one account has"
    if principal == "*":
        return ""
    if not _SERVICE.fullmatch(principal):
        why = f"`{principal}` is neither an account nor a service of AWS"
        raise resource.doubt("principal", why, "name an account, an ARN or a service")
    if resource.is_set(_TOKEN):
        return "the skill with its token"
    return "what its ARN names" if resource.is_set(_ARN) and _has_account(resource) else ""


def _is_account(resource: Resource) -> bool:
    """Lambda takes nothing else; a reference is left to it."""
    value = _told(resource, _ACCOUNT)
    if isinstance(value, Undecided) or re.fullmatch(r"[0-9]{12}", value):
        return True
    why = f"{_shown(resource, _ACCOUNT)} is not an account"
    raise resource.doubt(_ACCOUNT, why, "write its twelve digits")


def _is_organization(resource: Resource) -> bool:
    """As Organizations names them, and Lambda takes nothing else; a reference is left to it."""
    value = _told(resource, _ORGANIZATION)
    if isinstance(value, Undecided) or _ORGANIZATION_ID.fullmatch(value):
        return True
    why = f"{_shown(resource, _ORGANIZATION)} is not an organization"
    raise resource.doubt(_ORGANIZATION, why, "write its id, `o-…`")


def _told(resource: Resource, path: str) -> Any:  # noqa: ANN401 - as `Resource.get`
    """A value, also one that is sensitive: it may be looked at, and never shown."""
    hidden = resource.sensitive_text(path)
    return resource.get(path) if hidden is None else hidden


def _shown(resource: Resource, path: str) -> str:
    value = resource.get(path)
    return "what it holds" if isinstance(value, Undecided) else f"`{value}`"


def _is_written_out(template: str) -> bool:
    """Whether a text begins with something else than a reference."""
    return template != "" and not template.startswith("${")


def _kind(reference: str) -> str:
    """The Terraform type of what a reference means; empty for a variable or a local value."""
    *_, kind, _ = ("", *parse_instance(reference)[0].split("."))
    return kind


def _has_account(resource: Resource) -> bool:
    """Whether an ARN is of one account.

    Raises:
        UnknownValueError: it is not known.
    """
    value = resource.get(_ARN)
    if isinstance(value, Symbolic) and value.strong and not _is_written_out(value.template):
        kinds = [_kind(name) for name in value.references]
        if not kinds or not all(kind.startswith(_OF_AWS) for kind in kinds):
            value.refuse()
        return _WITHOUT_ACCOUNT not in kinds
    text = value.template if isinstance(value, Symbolic) else value
    if not isinstance(text, str):
        value.refuse()
    placed = _PLACED.fullmatch(text)
    if placed is None:
        raise UnknownValueError(
            f"{resource.address}.{_ARN}", why=f"`{text}` is not an ARN", resolve="write an ARN"
        )
    return bool(_OWN_ACCOUNT.fullmatch(placed["account"]))
