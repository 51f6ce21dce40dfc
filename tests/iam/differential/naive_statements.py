"""Which statements of a policy apply to a request, read from AWS's documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.iam.differential.naive_conditions import as_list, as_text, matches
from tests.iam.differential.naive_text import Context, expand, like, pieces_of, resource_like, whole

# Source: "AWS JSON policy elements: Principal".
KINDS = {
    "anonymous": re.compile("anonymous"),
    "role session": re.compile(
        r"arn:[^:]+:sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)/.+"
    ),
    "federated user": re.compile(r"arn:[^:]+:sts::(?P<account>\d{12}):federated-user/(?P<name>.+)"),
    "user": re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):user/(?:.*/)?(?P<name>[^/]+)"),
    "root": re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):root"),
    "provider": re.compile(r"arn:[^:]+:iam::\d{12}:(?:oidc|saml)-provider/.+"),
    "service": re.compile(r".+\.amazonaws\.com"),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: text, kind, account, and the ARN of the role for a session of one.

    The kinds: user, role session, federated user, root, service, provider (of identities, who calls
    AssumeRoleWithSAML or AssumeRoleWithWebIdentity for one of them), anonymous.
    """

    kind: str
    text: str
    account: str = ""
    role: str = ""
    name: str = ""


def caller(text: str) -> Caller:
    """Who a principal's text is."""
    for kind, form in KINDS.items():
        if found := form.fullmatch(text):
            parts = found.groupdict(default="")
            account, name = parts.get("account", ""), parts.get("name", "")
            role = f"arn:aws:iam::{account}:role/{name}" if kind == "role session" else ""
            return Caller(kind, text, account, role, name)
    raise ValueError(f"not a principal: {text}")


@dataclass(frozen=True, slots=True)
class Request:
    caller: Caller
    action: str
    resource: str
    resource_account: str
    context: Context
    has_boundary: bool


TYPES = {
    "user": "User",
    "role session": "AssumedRole",
    "federated user": "FederatedUser",
    "root": "Account",
    "anonymous": "Anonymous",
}


def request_of(case: Mapping[str, Any]) -> Request:
    """The request of a case, with the keys AWS adds; explicit values win.

    Source: "AWS global condition context keys"; "IAM policy elements: Variables and tags",
    principal key values.
    """
    asked = case["request"]
    who = caller(asked["principal"])
    added: dict[str, str] = {}
    if who.account:
        added["aws:principalarn"] = who.role or who.text
        added["aws:principalaccount"] = who.account
        added["aws:principalisawsservice"] = "false"
    if who.kind in TYPES:
        added["aws:principaltype"] = TYPES[who.kind]
    if who.kind == "user":
        added["aws:username"] = who.name
    if who.kind == "service":
        added["aws:principalisawsservice"] = "true"
        added["aws:principalservicename"] = who.text
    if case.get("resource_account"):
        added["aws:resourceaccount"] = case["resource_account"]
    context = {key: (value,) for key, value in added.items()} | {
        key.lower(): tuple(as_text(item) for item in as_list(value))
        for key, value in (asked.get("context") or {}).items()
    }
    return Request(
        caller=who,
        action=asked["action"],
        resource=asked["resource"],
        resource_account=case.get("resource_account") or who.account,
        context=context,
        has_boundary=bool(case.get("permissions_boundary")),
    )


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return as_list(policy["Statement"])


def applies(statement: Mapping[str, Any], request: Request, version: str) -> bool:
    """Whether action, resource and conditions of a statement match; the principal is apart.

    Source: "IAM JSON policy elements: Action", "NotAction", "Resource", "NotResource". A role trust
    policy has no Resource: it is about the role it is attached to ("IAM roles", trust policies).
    """
    return (
        action_matches(statement, request)
        and resource_matches(statement, request, version)
        and matches(statement.get("Condition") or {}, request.context, version)
    )


def action_matches(statement: Mapping[str, Any], request: Request) -> bool:
    """Actions are case-insensitive and may have wildcards (page "Action")."""
    names = as_list(statement.get("Action", statement.get("NotAction")))
    found = any(like(pieces_of(name.lower()), request.action.lower()) for name in names)
    return found if "Action" in statement else not found


def resource_matches(statement: Mapping[str, Any], request: Request, version: str) -> bool:
    if "Resource" not in statement and "NotResource" not in statement:
        return True
    texts = [
        whole(text) for text in as_list(statement.get("Resource", statement.get("NotResource")))
    ]
    expanded = [expand(text, request.context, version) for text in texts]
    if "NotResource" in statement and None in expanded:
        return False  # "IAM policy elements: Variables and tags": the statement is invalid
    found = any(
        pieces is not None and resource_like(pieces, request.resource) for pieces in expanded
    )
    return found if "Resource" in statement else not found


def principal_grants(statement: Mapping[str, Any], request: Request) -> set[str]:
    """How a statement names the caller: direct, role, account, everyone; empty if it does not.

    Source: "AWS JSON policy elements: Principal", "AWS JSON policy elements: NotPrincipal".
    """
    if "NotPrincipal" in statement:
        exempt = _not_principal_exempts(statement["NotPrincipal"], request)
        return set() if exempt else {"everyone"}
    return named_in(statement["Principal"], request.caller)


def named_in(element: Any, who: Caller) -> set[str]:  # noqa: ANN401 - any JSON
    """How a Principal or NotPrincipal element names a caller, as principal_grants says it."""
    if element == "*":
        return {"everyone"}
    grants = set()
    for text in as_list(element.get("AWS", [])):
        if text == "*":
            grants.add("everyone")
        elif text == who.text and who.account:
            grants.add("direct")  # a user, a role session, a federated user session, the root user
        elif who.role and text.startswith(who.role.replace(f"role/{who.name}", "role/")):
            # The ARN of a session leaves out the path of its role; names are unique without it.
            if text.rpartition("/")[2] == who.name:
                grants.add("role")
        elif who.account and text in {who.account, f"arn:aws:iam::{who.account}:root"}:
            grants.add("account")
    kind = {"service": "Service", "provider": "Federated"}.get(who.kind, "")
    if who.text in as_list(element.get(kind, [])):
        grants.add("direct")
    return grants


def _not_principal_exempts(element: Any, request: Request) -> bool:  # noqa: ANN401 - any JSON
    """Whether a Deny with NotPrincipal spares the caller.

    The page: a principal with a permissions boundary is always denied; AWS may look at the account
    first, then at the role, then at the session: each of them has to be listed.
    """
    who = request.caller
    if request.has_boundary:
        return False
    named = named_in(element, who)
    if who.kind in {"service", "provider", "root"}:
        return bool(named)
    needed = {"account", "direct", "role"} if who.role else {"account", "direct"}
    return bool(who.account) and named >= needed
