"""The account picture of a plan, a state or an account: what is there, as policies see it.

Who has which policies is what `principals`, `memberships` and `resource_policies` say. What they do
not show (most of AWS's managed policies, an attachment to something unknown, what was not read)
becomes a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from revet.iam.account import (
    AccountPicture,
    Doubt,
    NamedPolicy,
    PrincipalKind,
    PrincipalPicture,
    PublicAccessBlock,
    ResourcePicture,
)
from revet.iam.symbol import has_symbol
from revet.model.errors import UnknownValueError
from revet.plan.arns import expected_arns
from revet.plan.doubts import Doubts
from revet.plan.held_policies import HeldPolicies, attached_to, inline_policy
from revet.plan.inventory import Inventory
from revet.plan.kinds import attribute_kinds
from revet.plan.memberships import groups_of
from revet.plan.organization import organization_of
from revet.plan.own_account import account_of_default, account_shown, has_several_callers
from revet.plan.principals import PRINCIPALS, boundary_of, policies_of
from revet.plan.resource import Resource
from revet.plan.resource_policies import resource_policies
from revet.plan.terraform_types import terraform_type, types_with
from revet.plan.values import Computed, Undecided

_PRINCIPALS = {
    "aws_iam_user": PrincipalKind.USER,
    "aws_iam_group": PrincipalKind.GROUP,
    "aws_iam_role": PrincipalKind.ROLE,
    "aws_ssoadmin_permission_set": PrincipalKind.PERMISSION_SET,
}
_ENDPOINT = "aws_vpc_endpoint"
_ACCOUNT = 4
"""The place of the account in an ARN."""
_BLOCK = "aws_s3_bucket_public_access_block"
_SETTINGS = (
    "block_public_acls",
    "ignore_public_acls",
    "block_public_policy",
    "restrict_public_buckets",
)


def account_of(plan: Inventory, account: str = "") -> AccountPicture:
    """The account picture of a plan or a state.

    Args:
        plan: what will be there after apply; of a state what is there (`load_state`).
        account: id of the account; when empty, taken from the plan's `aws_caller_identity` (that
            of the default provider configuration, where they differ), or from the ARNs of its
            principals where all have the same.

    Returns:
        Principals, resources, organization and endpoint policies by their Terraform address. What
        apply forgets counts as far as it bears on what stays.
    """
    doubts = [*_unlisted(plan), *_granted_apart(plan)]
    here = account or plan.account or account_of_default(plan)
    principals = _principals(plan, here)
    return AccountPicture(
        here or _account_of_all(principals.values()),
        principals,
        {
            resource.address: _resource(resource, plan, here)
            for kind in filter(_has_policy_of_its_own, types_with("cloudformation"))
            for resource in plan.of_type(kind)
        },
        organization_of(plan),
        _endpoints(plan, doubts),
        tuple(doubts),
        expected_arns(plan),
    )


def _account_of_all(principals: Iterable[PrincipalPicture]) -> str:
    """The account that the ARNs of principals name; empty where they name none, or several."""
    arns = (one.arn.split(":") for one in principals)
    found = {parts[_ACCOUNT] for parts in arns if len(parts) > _ACCOUNT}
    named = found.pop() if len(found) == 1 else ""
    return "" if has_symbol(named) else named


def arn_of(resource: Resource) -> str:
    """The ARN of a resource, or the symbol of it."""
    arn = resource.get("arn")
    return arn if isinstance(arn, str) else f"${{{resource.address}.arn}}"


def _principals(plan: Inventory, here: str) -> dict[str, PrincipalPicture]:
    held = {
        resource.address: policies_of(resource, plan)
        for kind in _PRINCIPALS
        for resource in plan.of_type(kind)
    }
    return {
        address: _principal(plan.resources[address], policies, held, plan, here)
        for address, policies in held.items()
    }


def _principal(
    resource: Resource,
    own: HeldPolicies,
    held: Mapping[str, HeldPolicies],
    plan: Inventory,
    here: str,
) -> PrincipalPicture:
    doubts = [*map(_doubt, own.unknown), *_elsewhere(resource, plan, here)]
    kind = _PRINCIPALS[resource.type]
    groups: tuple[Resource, ...] = ()
    if kind is PrincipalKind.USER:
        groups, unknown = groups_of(resource, plan)
        doubts += map(_doubt, unknown)
    documents = list(own.documents)
    for group in groups:
        documents += held[group.address].documents
        doubts += map(_doubt, held[group.address].unknown)
    return PrincipalPicture(
        resource.address,
        arn_of(resource),
        kind,
        tuple(NamedPolicy(name, document) for name, document in documents),
        _boundary(resource, plan, doubts),
        _trust(resource, doubts) if kind is PrincipalKind.ROLE else None,
        tuple(group.address for group in groups),
        tags=_tags(resource, doubts),
        doubts=tuple(doubts),
    )


def _boundary(resource: Resource, plan: Inventory, doubts: list[Doubt]) -> NamedPolicy | None:
    try:
        found = boundary_of(resource, plan)
    except UnknownValueError as error:
        doubts.append(_doubt(error))
        return None
    if found is not None and found.doubt is not None:
        doubts.append(_doubt(found.doubt))
    document = found.document if found is not None else None
    return NamedPolicy(found.name, document) if found is not None and document else None


def _trust(role: Resource, doubts: list[Doubt]) -> NamedPolicy | None:
    path = "assume_role_policy"
    held = inline_policy(role, path)
    if held.doubt is not None:
        doubts.append(_doubt(held.doubt))
    document = held.document
    return None if document is None else NamedPolicy(f"{role.address}.{path}", document)


def _resource(resource: Resource, plan: Inventory, here: str) -> ResourcePicture:
    policies = resource_policies(resource, plan)
    doubts = [*map(_doubt, policies.unknown), *_elsewhere(resource, plan, here)]
    return ResourcePicture(
        resource.address,
        arn_of(resource),
        terraform_type(resource.type).cloudformation,
        _last(policies),
        _block(resource, plan, doubts) if resource.type == "aws_s3_bucket" else None,
        _tags(resource, doubts),
        tuple(doubts),
    )


def _last(policies: HeldPolicies) -> NamedPolicy | None:
    """The policy of a resource that counts: a resource has one, and what is attached to it wins."""
    documents = policies.documents
    return NamedPolicy(*documents[-1]) if documents else None


def _has_policy_of_its_own(kind: str) -> bool:
    """Whether a resource policy governs one of this type, and an ARN names it.

    An endpoint's policy grants nothing, and the policies of a registry or of all log groups belong
    to the account.
    """
    return kind != _ENDPOINT and "arn" in (attribute_kinds(kind) or ())


def _block(bucket: Resource, plan: Inventory, doubts: list[Doubt]) -> PublicAccessBlock | None:
    unknown = Doubts()
    with unknown:
        for item in attached_to(bucket, plan, _BLOCK, "bucket", unknown):
            return PublicAccessBlock(**{name: bool(item.get(name)) for name in _SETTINGS})
    doubts += map(_doubt, unknown)
    return None


def _endpoints(plan: Inventory, doubts: list[Doubt]) -> dict[str, NamedPolicy]:
    found: dict[str, NamedPolicy] = {}
    for endpoint in plan.of_type(_ENDPOINT):
        policies = resource_policies(endpoint, plan)
        doubts += map(_doubt, policies.unknown)
        policy = _last(policies)
        if policy is not None:
            found[endpoint.address] = policy
    return found


def _elsewhere(resource: Resource, plan: Inventory, here: str) -> Iterator[Doubt]:
    """Why something is not, or may not be, in the account that a picture is of."""
    several = has_several_callers(plan)
    found = plan.account_of(resource) if several else account_shown(resource)
    if several and not found:
        yield Doubt(
            resource.address,
            "its provider has credentials of its own, and nothing says of which account",
            "look up `aws_caller_identity` with this provider configuration",
        )
    elif found and found != here and (here or several):
        yield Doubt(
            resource.address,
            f"it is in account `{found}`, and what is looked at is {_named(here)}",
            "plan what belongs to each account by itself",
        )


def _named(account: str) -> str:
    return f"account `{account}`" if account else "an account whose id is not known"


def _unlisted(plan: Inventory) -> Iterator[Doubt]:
    """The types that were not listed, so that nothing follows from there being none here."""
    for kind in (*PRINCIPALS, *filter(_has_policy_of_its_own, types_with("cloudformation"))):
        if plan.coverage is not None and not plan.coverage.get(kind):
            yield Doubt(
                kind,
                "the account's resources of this type were not listed",
                "audit the account with the service and region of this type",
            )


def _granted_apart(plan: Inventory) -> Iterator[Doubt]:
    """What grants without a policy document, and not to a service alone."""
    for kind in types_with("grantee"):
        for resource in plan.of_type(kind):
            grantee = resource.get(terraform_type(kind).grantee)
            if not (isinstance(grantee, str) and grantee.endswith(".amazonaws.com")):
                yield Doubt(
                    resource.address,
                    "what it grants is not a policy, and is not looked at",
                    "look at what it grants yourself",
                )


def _tags(resource: Resource, doubts: list[Doubt]) -> dict[str, str]:
    tags: Any = resource.get("tags_all")
    if not isinstance(tags, dict):
        tags = resource.get("tags")
    if isinstance(tags, Undecided) and not isinstance(tags, Computed):
        doubts.append(Doubt(f"{resource.address}.tags", tags.why, tags.resolve))
    if not isinstance(tags, dict):
        return {}
    doubts += [
        Doubt(f"{resource.address}.tags.{name}", value.why, value.resolve)
        for name, value in tags.items()
        if isinstance(value, Undecided)
    ]
    return {name: value for name, value in tags.items() if isinstance(value, str)}


def _doubt(error: UnknownValueError) -> Doubt:
    return Doubt(error.where, error.got or error.what, error.do)


def doubts_of(picture: AccountPicture) -> Iterator[Doubt]:
    """Everything in a picture that is not known."""
    yield from picture.doubts
    for principal in picture.principals.values():
        yield from principal.doubts
    for resource in picture.resources.values():
        yield from resource.doubts
    if picture.organization is not None:
        yield from picture.organization.doubts
