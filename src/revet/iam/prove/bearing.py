"""Which policies of an account picture bear on requests, layer by layer, and what is left without.

A layer that does not count limits nothing: it allows everything and denies nothing. A resource
policy that does not count leaves the decision to the caller's account, which is what AWS does
without one, also where a resource must have one (keys, trust policies) and across accounts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from revet.iam.account import AccountPicture, NamedPolicy, PrincipalPicture, ResourcePicture
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import Policies
from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.request import read_caller
from revet.iam.prove.effective import ANYTHING, ANYTHING_TO_ANYBODY
from revet.model.errors import InputError

LAYERS = {
    "identity": Layer.IDENTITY,
    "boundary": Layer.BOUNDARY,
    "resource": Layer.RESOURCE,
    "scp": Layer.SCP,
    "rcp": Layer.RCP,
    "session": Layer.SESSION,
    "endpoint": Layer.ENDPOINT,
}
"""The layers by the words that properties and attacks have for them."""


@dataclass(frozen=True, slots=True)
class View:
    """What of an account counts.

    Args:
        out: the layers that do not count.
        endpoint: name of the VPC endpoint that the requests go through; empty for none.
        given: actions that an identity policy allows on everything, beside those that are shown.
    """

    out: frozenset[Layer] = frozenset()
    endpoint: str = ""
    given: tuple[str, ...] = ()

    def without(self, *layers: Layer) -> View:
        """The same, and these layers do not count either."""
        return replace(self, out=self.out.union(layers))

    def alone(self, layer: Layer) -> View:
        """The same, and no layer counts but this one."""
        return replace(self, out=frozenset(Layer) - {layer} | self.out)


EVERYTHING = View()
"""All layers count."""


def bearing(
    picture: AccountPicture,
    caller: str,
    principal: PrincipalPicture | None,
    resource: ResourcePicture | None = None,
    view: View = EVERYTHING,
) -> Policies:
    """The policies that bear on requests of one caller for one resource.

    Args:
        picture: the account.
        caller: ARN or service name of who makes the requests.
        principal: its user, group or role in the picture; `None` for one that is not shown, whose
            identity policies are empty.
        resource: the resource; for a role that is assumed, with its trust policy. `None` for one
            without a policy.
        view: what counts.

    Raises:
        InputError: the picture has no such VPC endpoint.
    """
    scps, rcps = levels(picture)
    policy = resource.policy if resource is not None else None
    block = resource.public_access_block if resource is not None else None
    boundary = principal.boundary if principal is not None else None
    found = Policies(
        identity=(*_documents(principal.policies if principal else ()), *_given(view.given)),
        resource=None if policy is None else policy.document,
        boundary=None if boundary is None else boundary.document,
        scps=scps,
        rcps=rcps,
        endpoint=_endpoint(picture, view.endpoint) if view.endpoint else None,
        restrict_public_buckets=block is not None and block.restrict_public_buckets,
    )
    return unlimited(found, view.out, caller)


def unlimited(policies: Policies, layers: Collection[Layer], caller: str) -> Policies:
    """Policies in which some layers limit nothing.

    Args:
        policies: the policies.
        layers: those that do not count.
        caller: ARN or service name of who makes the requests.
    """
    found = policies
    if Layer.IDENTITY in layers:
        found = replace(found, identity=(ANYTHING,))
    if Layer.BOUNDARY in layers:
        found = replace(found, boundary=None)
    if Layer.SESSION in layers:
        found = replace(found, session=())
    if Layer.SCP in layers:
        found = replace(found, scps=())
    if Layer.RCP in layers:
        found = replace(found, rcps=())
    if Layer.ENDPOINT in layers:
        found = replace(found, endpoint=None)
    if Layer.RESOURCE in layers:
        found = replace(found, resource=_left_to(caller), restrict_public_buckets=False)
    return found


@lru_cache(maxsize=256)
def _given(actions: tuple[str, ...]) -> tuple[PolicyDocument, ...]:
    allow = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return (parse_policy({"Version": "2012-10-17", "Statement": [allow]}),) if actions else ()


@lru_cache(maxsize=256)
def _left_to(caller: str) -> PolicyDocument:
    """A resource policy that leaves the decision to the account of the caller."""
    found = read_caller(caller)
    if not found.has_account:
        return ANYTHING_TO_ANYBODY
    root = f"arn:{caller.split(':')[1]}:iam::{found.account}:root"
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"AWS": root}}
    return parse_policy({"Version": "2012-10-17", "Statement": [allow]})


def _endpoint(picture: AccountPicture, name: str) -> PolicyDocument:
    found = picture.endpoint_policies.get(name)
    if found is None:
        raise InputError(
            "no such VPC endpoint with a policy",
            got=f"`{name}`",
            expected=", ".join(f"`{one}`" for one in picture.endpoint_policies) or "none is known",
            do="name one of them",
        )
    return found.document


def levels(
    picture: AccountPicture,
) -> tuple[tuple[tuple[PolicyDocument, ...], ...], tuple[tuple[PolicyDocument, ...], ...]]:
    """What an organization adds, level by level: service and resource control policies.

    `FullAWSAccess` is attached to each level of the former, for Terraform does not show it.
    """
    organization, account = picture.organization, picture.account
    if organization is None or account == organization.management_account:
        return (), ()
    if not any(node.account == account for node in organization.nodes.values()):
        return (), ()
    path = organization.path(account)
    scps = [_documents(node.service_control_policies) for node in path]
    rcps = [_documents(node.resource_control_policies) for node in path]
    return tuple((*level, ANYTHING) for level in scps if level), tuple(filter(None, rcps))


def _documents(policies: tuple[NamedPolicy, ...]) -> tuple[PolicyDocument, ...]:
    return tuple(one.document for one in policies)


def may_allow_less(picture: AccountPicture) -> bool:
    """Whether a level of SCPs allows less, so that it matters whether `FullAWSAccess` is there."""
    scps, _ = levels(picture)
    for level in scps:
        allows = [
            statement
            for document in level
            if document is not ANYTHING
            for statement in document.statements
            if statement.effect == "Allow"
        ]
        if allows and not any(
            "*" in one.actions and "*" in one.resources and not one.conditions for one in allows
        ):
            return True
    return False
