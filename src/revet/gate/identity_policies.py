"""The policies of users and groups, in all the ways Terraform has to give them some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revet.gate.joins import every_attached
from revet.iam.document import PolicyDocument
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource

_OF_AWS = ":iam::aws:policy/"
_WORDS = {"aws_iam_group": "group", "aws_iam_user": "user"}


@dataclass(frozen=True, slots=True)
class IdentityPolicies:
    """What is said of a user or a group.

    Args:
        documents: that are known, with the address of what holds each.
        doubts: why there may be others; the plan does not show them.
        any: whether it has a policy at all, AWS's own ones too.
    """

    documents: tuple[tuple[str, PolicyDocument], ...]
    doubts: tuple[UnknownValueError, ...]
    any: bool


def identity_policies(subject: Resource, inventory: Inventory) -> IdentityPolicies:
    """Gather the policies of a user or a group; not those that a user has through its groups.

    Args:
        subject: an `aws_iam_user` or an `aws_iam_group`.
        inventory: it belongs to.

    Raises:
        InputError: one is no policy.
    """
    documents: list[tuple[str, PolicyDocument]] = []
    doubts: list[UnknownValueError] = []
    there = False
    for holder, path in _holders(subject, inventory, doubts):
        there = True
        try:
            found = _document(holder, path, inventory)
        except UnknownValueError as error:
            doubts.append(error)
            continue
        if found is not None:
            documents.append(found)
    return IdentityPolicies(tuple(documents), tuple(doubts), there)


def planned_policy(
    resource: Resource, path: str, inventory: Inventory
) -> tuple[str, PolicyDocument] | None:
    """The managed policy that an attribute names.

    Returns:
        The address and the document; `None` for one of AWS's own policies, of which none looks
        at MFA, and for an attribute that is not set.

    Raises:
        UnknownValueError: it is not part of the plan, or what it says is not known.
    """
    if not resource.is_set(path):
        return None
    policy = inventory.target(resource, path)
    if policy is None:
        arn = resource.get(path)
        if _OF_AWS in arn:
            return None
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why=f"the policy `{arn}` is not part of this plan",
            resolve="make it in the same configuration, or waive the finding with a reason",
        )
    document = policy.policy("policy")
    return None if document is None else (policy.address, document)


def _document(
    holder: Resource, path: str, inventory: Inventory
) -> tuple[str, PolicyDocument] | None:
    if path != "policy":
        return planned_policy(holder, path, inventory)
    document = holder.policy("policy")
    return None if document is None else (holder.address, document)


def _holders(
    subject: Resource, inventory: Inventory, doubts: list[UnknownValueError]
) -> Iterator[tuple[Resource, str]]:
    word = _WORDS[subject.type]
    for kind, via, path in (
        (f"{subject.type}_policy", word, "policy"),
        (f"{subject.type}_policy_attachment", word, "policy_arn"),
        ("aws_iam_policy_attachment", f"{word}s", "policy_arn"),
    ):
        for holder in certain(subject, inventory, kind, via, doubts):
            yield holder, path


def certain(
    subject: Resource, inventory: Inventory, kind: str, via: str, doubts: list[UnknownValueError]
) -> tuple[Resource, ...]:
    """The resources of a type that certainly name a subject; adds why there may be more."""
    try:
        return every_attached(subject, inventory, kind, via=via)
    except UnknownValueError as error:
        doubts.append(error)
    try:
        return inventory.attached(subject, kind, via=via)
    except UnknownValueError:
        return ()
