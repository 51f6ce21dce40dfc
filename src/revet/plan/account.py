"""The account picture of a plan: what it will make, as policies see it.

A plan shows what it makes and not what else is in the account; what it refers to and does not show
(one of AWS's managed policies, an attachment to something unknown) becomes a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
from revet.model.errors import InputError, UnknownValueError
from revet.plan.inventory import Inventory
from revet.plan.kinds import attribute_kinds
from revet.plan.organization import organization_of
from revet.plan.policies import policy_types
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type, types_with
from revet.plan.values import Computed, Undecided

_PRINCIPALS = {
    "aws_iam_user": PrincipalKind.USER,
    "aws_iam_group": PrincipalKind.GROUP,
    "aws_iam_role": PrincipalKind.ROLE,
}
_ENDPOINT = "aws_vpc_endpoint"
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
        account: id of the account; taken from the plan's `aws_caller_identity` when empty.

    Returns:
        Principals, resources, organization and endpoint policies by their Terraform address.
    """
    return AccountPicture(
        account or plan.account,
        _principals(plan),
        {
            resource.address: _resource(resource, plan)
            for kind in filter(_has_policy_of_its_own, types_with("cloudformation"))
            for resource in plan.of_type(kind)
        },
        organization_of(plan),
        _endpoints(plan),
    )


def arn_of(resource: Resource) -> str:
    """The ARN of a resource, or the symbol of it."""
    arn = resource.get("arn")
    return arn if isinstance(arn, str) else f"${{{resource.address}.arn}}"


@dataclass(slots=True)
class _Draft:
    """A principal while its parts are gathered."""

    resource: Resource
    kind: PrincipalKind
    policies: list[NamedPolicy] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def _principals(plan: Inventory) -> dict[str, PrincipalPicture]:
    drafts = {
        resource.address: _Draft(resource, kind)
        for name, kind in _PRINCIPALS.items()
        for resource in plan.of_type(name)
    }
    for name, kind in _PRINCIPALS.items():
        word = kind.value
        _attach(plan, drafts, name, f"{name}_policy", word)
        _attach(plan, drafts, name, f"{name}_policy_attachment", word)
        _attach(plan, drafts, name, "aws_iam_policy_attachment", f"{word}s")
    for draft in drafts.values():
        if draft.kind is PrincipalKind.ROLE:
            _role(draft, plan)
    _join_groups(plan, drafts)
    return {
        address: PrincipalPicture(
            address,
            arn_of(draft.resource),
            draft.kind,
            (*draft.policies, *(p for group in draft.groups for p in drafts[group].policies)),
            _boundary(draft, plan),
            _own(draft, "assume_role_policy") if draft.kind is PrincipalKind.ROLE else None,
            tuple(draft.groups),
            tags=_tags(draft.resource, draft.doubts),
            doubts=(*draft.doubts, *(d for group in draft.groups for d in drafts[group].doubts)),
        )
        for address, draft in drafts.items()
    }


def _attach(plan: Inventory, drafts: Mapping[str, _Draft], name: str, kind: str, via: str) -> None:
    """Give every principal of a type the policies that resources of another type attach."""
    for item in plan.of_type(kind):
        try:
            found = plan.targets(item, via) if via.endswith("s") else (plan.target(item, via),)
        except UnknownValueError as error:
            for draft in drafts.values():
                if draft.resource.type == name:
                    draft.doubts.append(_doubt(error))
            continue
        for principal in found:
            if principal is None or principal.address not in drafts:
                continue
            draft = drafts[principal.address]
            if kind.endswith("_attachment"):
                _managed(draft, item, "policy_arn", plan)
            else:
                _inline(draft, item, "policy")


def _inline(draft: _Draft, holder: Resource, path: str) -> None:
    try:
        document = holder.policy(path)
    except (UnknownValueError, InputError) as error:
        draft.doubts.append(_doubt(error))
        return
    if document is not None:
        draft.policies.append(NamedPolicy(holder.address, document))


def _managed(draft: _Draft, holder: Resource, path: str, plan: Inventory) -> None:
    try:
        found = _target_policy(holder, path, plan)
    except (UnknownValueError, InputError) as error:
        draft.doubts.append(_doubt(error))
        return
    if found is not None:
        draft.policies.append(found)


def _target_policy(holder: Resource, path: str, plan: Inventory) -> NamedPolicy | None:
    """The managed policy that an attribute names.

    Raises:
        UnknownValueError: it is not part of the plan, or what it says is not known.
        InputError: it is no policy.
    """
    if not holder.is_set(path):
        return None
    policy = plan.target(holder, path)
    if policy is None:
        raise UnknownValueError(
            f"{holder.address}.{path}",
            why=f"the policy `{holder.get(path)}` is not part of this plan",
            resolve="make it in the same configuration, or say what it holds",
        )
    document = policy.policy("policy")
    return None if document is None else NamedPolicy(policy.address, document)


def _role(draft: _Draft, plan: Inventory) -> None:
    role = draft.resource
    inline = role.get("inline_policy")
    if isinstance(inline, list):
        for number in range(len(inline)):
            _inline(draft, role, f"inline_policy.{number}.policy")
    elif isinstance(inline, Undecided) and not isinstance(inline, Computed):
        draft.doubts.append(Doubt(f"{role.address}.inline_policy", inline.why, inline.resolve))
    try:
        if not role.is_set("managed_policy_arns"):
            return
        arns = role.get("managed_policy_arns")
        for number in range(len(arns)):
            _managed(draft, role, f"managed_policy_arns.{number}", plan)
    except UnknownValueError as error:
        draft.doubts.append(_doubt(error))


def _boundary(draft: _Draft, plan: Inventory) -> NamedPolicy | None:
    if draft.kind is PrincipalKind.GROUP:
        return None
    try:
        return _target_policy(draft.resource, "permissions_boundary", plan)
    except (UnknownValueError, InputError) as error:
        draft.doubts.append(_doubt(error))
        return None


def _own(draft: _Draft, path: str) -> NamedPolicy | None:
    try:
        document = draft.resource.policy(path)
    except (UnknownValueError, InputError) as error:
        draft.doubts.append(_doubt(error))
        return None
    return None if document is None else NamedPolicy(f"{draft.resource.address}.{path}", document)


def _join_groups(plan: Inventory, drafts: Mapping[str, _Draft]) -> None:
    for kind, user_path, group_path in (
        ("aws_iam_user_group_membership", "user", "groups"),
        ("aws_iam_group_membership", "users", "group"),
    ):
        for item in plan.of_type(kind):
            try:
                users = _meant(plan, item, user_path)
                groups = _meant(plan, item, group_path)
            except UnknownValueError as error:
                for draft in drafts.values():
                    if draft.kind is PrincipalKind.USER:
                        draft.doubts.append(_doubt(error))
                continue
            for user in users:
                drafts[user].groups.extend(
                    group for group in groups if group not in drafts[user].groups
                )


def _meant(plan: Inventory, item: Resource, path: str) -> list[str]:
    found = plan.targets(item, path) if path.endswith("s") else (plan.target(item, path),)
    return [target.address for target in found if target and target.type in _PRINCIPALS]


def _resource(resource: Resource, plan: Inventory) -> ResourcePicture:
    doubts: list[Doubt] = []
    policy = None
    try:
        for holder, path, via in _policies_of(resource.type):
            for item in plan.attached(resource, holder, via=via) if via else (resource,):
                document = item.policy(path) if via or item.is_set(path) else None
                policy = policy if document is None else NamedPolicy(item.address, document)
    except (UnknownValueError, InputError) as error:
        doubts.append(_doubt(error))
    return ResourcePicture(
        resource.address,
        arn_of(resource),
        terraform_type(resource.type).cloudformation,
        policy,
        _block(resource, plan, doubts) if resource.type == "aws_s3_bucket" else None,
        _tags(resource, doubts),
        tuple(doubts),
    )


def _has_policy_of_its_own(kind: str) -> bool:
    """Whether a resource policy governs one of this type, and an ARN names it.

    An endpoint's policy grants nothing, and the policies of a registry or of all log groups belong
    to the account.
    """
    return kind != _ENDPOINT and "arn" in (attribute_kinds(kind) or ())


def _policies_of(kind: str) -> Iterator[tuple[str, str, str]]:
    """Where the resource policy of one of a type may stand, the one that counts last.

    Yields:
        the type that holds it, the attribute with it, and the attribute that names the resource;
        the latter is empty for the resource itself.
    """
    yield from ((kind, path, "") for path in _resource_policies(kind))
    governed = terraform_type(kind).variant_of or kind
    for carrier in policy_types():
        for via, named in terraform_type(carrier).part_of.items():
            if named == governed:
                yield from ((carrier, path, via) for path in _resource_policies(carrier))


def _resource_policies(kind: str) -> Iterator[str]:
    found = terraform_type(kind).policies.items()
    return (path for path, policy in found if policy == "resource")


def _block(bucket: Resource, plan: Inventory, doubts: list[Doubt]) -> PublicAccessBlock | None:
    try:
        for item in plan.attached(bucket, _BLOCK, via="bucket"):
            return PublicAccessBlock(**{name: bool(item.get(name)) for name in _SETTINGS})
    except UnknownValueError as error:
        doubts.append(_doubt(error))
    return None


def _endpoints(plan: Inventory) -> dict[str, NamedPolicy]:
    return {
        endpoint.address: NamedPolicy(endpoint.address, document)
        for endpoint in plan.of_type(_ENDPOINT)
        if (document := endpoint.policy("policy")) is not None
    }


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


def _doubt(error: UnknownValueError | InputError) -> Doubt:
    return Doubt(error.where, error.got or error.what, error.do)


def doubts_of(picture: AccountPicture) -> Iterator[Doubt]:
    """Everything in a picture that is not known."""
    for principal in picture.principals.values():
        yield from principal.doubts
    for resource in picture.resources.values():
        yield from resource.doubts
    if picture.organization is not None:
        yield from picture.organization.doubts
