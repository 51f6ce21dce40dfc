"""The organization that a plan makes or changes, with its policies where they are attached."""

from __future__ import annotations

from revet.iam.account import Doubt, NamedPolicy, Organization, OrganizationNode
from revet.model.errors import InputError, UnknownValueError
from revet.plan.inventory import Inventory
from revet.plan.resource import Resource

_ATTACHMENT = "aws_organizations_policy_attachment"
_POLICY = "aws_organizations_policy"
_UNITS = ("aws_organizations_organizational_unit", "aws_organizations_account")


def organization_of(plan: Inventory) -> Organization | None:
    """The organization in a plan.

    Returns:
        Its tree: nodes are named by Terraform address, or by id where the plan only names them;
        None when the plan has nothing of an organization.
    """
    roots = plan.of_type("aws_organizations_organization")
    units = [resource for kind in _UNITS for resource in plan.of_type(kind)]
    attachments = (*plan.of_type(_ATTACHMENT), *_forgotten(plan, _ATTACHMENT))
    if not (roots or units or attachments):
        return None
    doubts: list[Doubt] = []
    nodes: dict[str, OrganizationNode] = {}
    root = roots[0].address if roots else ""
    if root:
        nodes[root] = OrganizationNode(root)
    for unit in units:
        parent = _node_name(plan, unit, "parent_id", doubts) or root
        nodes[unit.address] = OrganizationNode(unit.address, parent, _account_id(unit))
        if parent and parent not in nodes and plan.resources.get(parent) is None:
            nodes[parent] = OrganizationNode(parent)
    _attach(plan, attachments, nodes, doubts)
    management = roots[0].get("master_account_id") if roots else ""
    return Organization(nodes, management if isinstance(management, str) else "", tuple(doubts))


def _attach(
    plan: Inventory,
    attachments: tuple[Resource, ...],
    nodes: dict[str, OrganizationNode],
    doubts: list[Doubt],
) -> None:
    for item in attachments:
        target = _node_name(plan, item, "target_id", doubts)
        try:
            policy = _policy(plan, item)
            document = policy.policy("content") if policy is not None else None
            kind = policy.get("type") if policy is not None else None
            is_rcp = kind is not None and kind == "RESOURCE_CONTROL_POLICY"
        except (UnknownValueError, InputError) as error:
            doubts.append(Doubt(error.where, error.got or error.what, error.do))
            continue
        if not target or policy is None or document is None:
            doubts.append(
                Doubt(
                    f"{item.address}.policy_id",
                    "the plan does not show the policy or what it is attached to",
                    "make both in the same configuration",
                )
            )
            continue
        node = nodes.get(target, OrganizationNode(target))
        named = NamedPolicy(policy.address, document)
        nodes[target] = OrganizationNode(
            node.name,
            node.parent,
            node.account,
            (*node.service_control_policies, *(() if is_rcp else (named,))),
            (*node.resource_control_policies, *((named,) if is_rcp else ())),
        )


def _forgotten(plan: Inventory, kind: str) -> tuple[Resource, ...]:
    """The resources of a type that apply forgets without destroying them."""
    gone = plan.deleted.values()
    return tuple(item for item in gone if item.type == kind and item.actions == ("forget",))


def _policy(plan: Inventory, item: Resource) -> Resource | None:
    """The policy that an attachment names; AWS's own ones are what a data source found.

    One that apply forgets is still attached where it was.

    Raises:
        UnknownValueError: it is not known.
    """
    found = plan.target(item, "policy_id")
    if found is not None:
        return found
    name = item.get("policy_id")
    sources = (data for data in plan.data.values() if data.type == _POLICY)
    for data in (*_forgotten(plan, _POLICY), *sources):
        own = data.get("id")
        if isinstance(name, str) and isinstance(own, str) and own == name:
            return data
    return None


def _node_name(plan: Inventory, resource: Resource, path: str, doubts: list[Doubt]) -> str:
    """Address of the node that an attribute means, or the id as it stands there."""
    try:
        found = plan.target(resource, path)
        if found is not None:
            return found.address
        value = resource.get(path)
    except UnknownValueError as error:
        doubts.append(Doubt(error.where, error.got or error.what, error.do))
        return ""
    return value if isinstance(value, str) else ""


def _account_id(resource: Resource) -> str:
    found = resource.get("id") if resource.type == "aws_organizations_account" else ""
    return found if isinstance(found, str) else ""
