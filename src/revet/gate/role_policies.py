"""The policies of a role, in all the ways Terraform has to give it some."""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.blocks import blocks
from revet.gate.forgotten import forgotten
from revet.gate.joins import every_attached, planned
from revet.iam.document import PolicyDocument
from revet.plan import Inventory, Resource


@dataclass(frozen=True, slots=True)
class RolePolicies:
    """What a role is allowed.

    Args:
        documents: inline and customer-managed policies of this plan.
        outside: ARNs of managed policies that are not part of the plan.
    """

    documents: tuple[PolicyDocument, ...]
    outside: tuple[str, ...]


def role_policies(role: Resource, inventory: Inventory) -> RolePolicies:
    """Gather the policies of a role.

    Args:
        role: an `aws_iam_role`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: a policy, or what it belongs to, is not known.
        InputError: one is no policy.
    """
    inline = every_attached(role, inventory, "aws_iam_role_policy", via="role")
    documents = [item.policy("policy") for item in inline]
    documents += [role.policy(f"{block}.policy") for block in blocks(role, "inline_policy")]
    outside: list[str] = []
    attachments = every_attached(role, inventory, "aws_iam_role_policy_attachment", via="role")
    exclusive = every_attached(role, inventory, "aws_iam_policy_attachment", via="roles")
    places = [(item, "policy_arn") for item in (*attachments, *exclusive)]
    places += [(role, path) for path in blocks(role, "managed_policy_arns")]
    for item, path in places:
        if inventory.target(item, path) is None:
            outside.append(item.get(path))
        else:
            documents.append(planned(item, path, inventory, "aws_iam_policy").policy("policy"))
    names = (role.get("name"), role.get("id"))
    left = forgotten(inventory, "aws_iam_role_policy_attachment", "role", names)
    outside += [item.get("policy_arn") for item in left]
    kept = forgotten(inventory, "aws_iam_role_policy", "role", names)
    documents += [item.policy("policy") for item in kept]
    return RolePolicies(tuple(d for d in documents if d is not None), tuple(outside))
