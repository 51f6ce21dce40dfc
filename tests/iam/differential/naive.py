"""A second evaluator, deliberately naive, written from AWS's documentation alone.

It shares no code with the product: two readings of the same pages are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from tests.iam.differential.naive_statements import (
    Request,
    applies,
    principal_grants,
    request_of,
    statements,
)

DECISIONS = ("allowed", "explicitly_denied", "implicitly_denied")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one layer says: a matching Deny, a matching Allow, and whom the Allows name."""

    deny: bool = False
    allow: bool = False
    grants: frozenset[str] = frozenset()
    has_allow: bool = False  # whether there is any Allow, matching or not


@dataclass(frozen=True, slots=True)
class Layers:
    """The answers of all layers; None, or no level, if the layer does not exist."""

    identity: Answer | None = None
    resource: Answer | None = None
    boundary: Answer | None = None
    session: Answer | None = None
    endpoint: Answer | None = None
    service_control: tuple[Answer, ...] = ()
    resource_control: tuple[Answer, ...] = ()

    def without(self, layer: str) -> Layers:
        """The same request, had the layer not existed."""
        absent: Any = () if layer in {"service_control", "resource_control"} else None
        return replace(self, **{layer: absent})


LAYERS = tuple(field.name for field in fields(Layers))


def answer(
    policies: Iterable[Mapping[str, Any]], request: Request, *, names_principals: bool
) -> Answer:
    """What a set of policies of one layer says.

    Source: "The difference between explicit and implicit denies"; the version without a Version
    element is 2008-10-17 ("IAM JSON policy elements: Version").
    """
    deny, allow, has_allow = False, False, False
    grants: set[str] = set()
    for policy in policies:
        version = policy.get("Version", "2008-10-17")
        for statement in statements(policy):
            has_allow |= statement["Effect"] == "Allow"
            named = principal_grants(statement, request) if names_principals else {"holder"}
            if not named or not applies(statement, request, version):
                continue
            if statement["Effect"] == "Deny":
                deny = True
            else:
                allow = True
                grants |= named
    return Answer(deny, allow, frozenset(grants), has_allow)


def layers_of(case: Mapping[str, Any], request: Request) -> Layers:
    """The answers of the layers that exist for this request.

    Source: "Service control policies (SCPs)": they are about principals of member accounts, not
    about services, anonymous callers or service-linked roles. "Resource control policies (RCPs)":
    they are about resources whoever asks, but not about service-linked roles.
    """
    who = request.caller
    # "Create a service-linked role": their path is reserved.
    linked = ":role/aws-service-role/" in "".join(request.context.get("aws:principalarn", ()))
    # "Resource control policies in AWS KMS": they have no effect on kms:RetireGrant.
    beyond = linked or request.action.lower() == "kms:retiregrant"

    def layer(policies: Iterable[Any] | None, *, names_principals: bool = False) -> Answer | None:
        present = [policy for policy in policies or () if policy]
        return answer(present, request, names_principals=names_principals) if present else None

    def levels(name: str, *, names_principals: bool = False) -> tuple[Answer, ...]:
        return tuple(
            answer(policies, request, names_principals=names_principals)
            for policies in case.get(name) or ()
        )

    return Layers(
        identity=layer(case.get("identity_policies")) if who.account else None,
        resource=layer([case.get("resource_policy")], names_principals=True),
        boundary=layer([case.get("permissions_boundary")]) if who.kind != "root" else None,
        session=layer(case.get("session_policies")) if who.account else None,
        endpoint=layer([case.get("vpc_endpoint_policy")], names_principals=True),
        service_control=() if linked or not who.account else levels("service_control_policies"),
        resource_control=()
        if beyond
        else levels("resource_control_policies", names_principals=True),
    )


def decide(request: Request, layers: Layers) -> str:
    """The decision, in the order of the flow charts.

    Source: "How AWS enforcement code logic evaluates requests to allow or deny access",
    "Policy evaluation for requests within a single account", "Cross-account policy evaluation
    logic".
    """
    if (at_once := without_policies(request)) is not None:
        return at_once
    single = (layers.identity, layers.resource, layers.boundary, layers.session, layers.endpoint)
    controls = (*layers.service_control, *layers.resource_control)
    if any(layer.deny for layer in (*single, *controls) if layer is not None):
        return "explicitly_denied"
    if not all(level.allow for level in layers.service_control):
        return "implicitly_denied"
    # "Resource control policies (RCPs)": RCPFullAWSAccess is attached to every level and cannot be
    # detached; a level that has no Allow at all just does not show it.
    if not all(level.allow or not level.has_allow for level in layers.resource_control):
        return "implicitly_denied"
    if layers.endpoint is not None and not layers.endpoint.allow:
        # "Control access to VPC endpoints using endpoint policies": the endpoint policy limits, it
        # does not override or replace the other policies.
        return "implicitly_denied"
    return "allowed" if granted(request, layers) else "implicitly_denied"


def without_policies(request: Request) -> str | None:
    """What is decided whatever policies say.

    Source: "GetCallerIdentity" (AWS STS API Reference), "Permissions for GetSessionToken": they
    need no permissions, and policies do not control them.
    """
    if refused(request):
        return "implicitly_denied"
    free = request.action.lower() in {"sts:getcalleridentity", "sts:getsessiontoken"}
    return "allowed" if free else None


def refused(request: Request) -> bool:
    """Whether AWS STS does not take the action from the caller, whatever policies say.

    Source: "Compare AWS STS credentials"; "GetSessionToken", "GetFederationToken", "AssumeRole"
    (AWS STS API Reference). "Pass session tags in AWS STS", "Monitor and control actions taken with
    assumed roles": TagSession and SetSourceIdentity are permissions that AssumeRole needs, no
    operations; "Service bearer tokens": the service asks for one on behalf of the caller.
    """
    service, _, name = request.action.lower().partition(":")
    kind = request.caller.kind
    if service != "sts":
        return False
    if kind == "anonymous":
        return name not in {
            "assumerolewithsaml", "assumerolewithwebidentity", "tagsession", "setsourceidentity",
        }  # fmt: skip
    if kind == "federated user":
        return name not in {"getcalleridentity", "getservicebearertoken"}
    if kind == "root" and name in {"assumerole", "setcontext", "setsourceidentity"}:
        return True
    if kind in {"user", "root"} and request.context.get("aws:tokenissuetime"):
        return name not in {
            "assumerole", "tagsession", "setsourceidentity", "setcontext",
            "getcalleridentity", "getservicebearertoken",
        }  # fmt: skip
    return name in {"getfederationtoken", "getsessiontoken"} and kind not in {"user", "root"}


def granted(request: Request, layers: Layers) -> bool:
    """Whether identity and resource side together allow, when nothing denies."""
    who = request.caller
    named = layers.resource.grants if layers.resource is not None else frozenset()
    if who.kind in {"service", "provider", "anonymous"}:
        return bool(named)  # they have no identity-based policies
    # "How AWS enforcement code logic …": the root user has full access by default.
    identity = who.kind == "root" or (layers.identity is not None and layers.identity.allow)
    limited = (layers.boundary is None or layers.boundary.allow) and (
        layers.session is None or layers.session.allow
    )
    if who.kind == "federated user" and layers.session is None:
        # The same page, session policies: a session that is no role session has no permission of
        # its own without a session policy.
        limited = False
    if who.account != request.resource_account:
        # "Cross-account policy evaluation logic": both accounts have to allow.
        return identity and limited and bool(named)
    # The same page, resource-based policies, and "Principal", all principals: a user, a session or
    # everyone is not limited by implicit denies; a role is by boundary and session policy.
    if named & {"direct", "everyone"} or ("role" in named and limited):
        return True
    if needs_resource_policy(request):
        return "account" in named and identity and limited
    return identity and limited


def needs_resource_policy(request: Request) -> bool:
    """Whether the resource policy alone decides who may get permissions from IAM policies.

    Source: "Key policies in AWS KMS" (allows access to the AWS account and enables IAM policies);
    the flow chart's page: trust policies and key policies must explicitly allow access.
    """
    service, _, name = request.action.lower().partition(":")
    if service == "kms":
        return ":key/" in request.resource
    trusted = name.startswith("assumerole") or name in {"tagsession", "setsourceidentity"}
    return service == "sts" and trusted and ":role/" in request.resource


def evaluate(case: Mapping[str, Any]) -> str:
    """The decision about one case of the JSON form."""
    request = request_of(case)
    return decide(request, layers_of(case, request))
