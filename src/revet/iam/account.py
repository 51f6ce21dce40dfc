"""An account as policies see it: who is there, what is there, and what an organization adds.

The rooms above fill it: `revet.plan.account` from a plan or a state. An ARN that is not known
yet is a symbol, `${aws_iam_role.reader.arn}`; what could not be read is a doubt, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from revet.iam.document import PolicyDocument
from revet.model.errors import InputError


class PrincipalKind(StrEnum):
    """What an IAM principal is."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"
    PERMISSION_SET = "permission set"
    """Becomes a role in each account that it is assigned in."""


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy document and where it stands.

    Args:
        name: address or ARN, for messages.
        document: the policy.
    """

    name: str
    document: PolicyDocument


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may change an answer and is not known.

    Args:
        where: address and attribute.
        why: why it is not known.
        resolve: what would make it known.
    """

    where: str
    why: str
    resolve: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a role or a federated user.

    Args:
        name: the session's name, the last part of its ARN.
        policies: session policies.
        tags: session tags.
    """

    name: str
    policies: tuple[NamedPolicy, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrincipalPicture:
    """A user, group, role or permission set.

    Args:
        name: its address or ARN, unique in the picture.
        arn: its ARN, or the symbol of it.
        kind: what it is.
        policies: inline and attached ones; for a user those of its groups too.
        boundary: its permissions boundary.
        trust: a role's trust policy.
        groups: names of a user's groups in the picture.
        sessions: known sessions.
        tags: its tags.
        doubts: policies or attachments that are not known; while there are any, an *allowed* or
            *denied* that rests on the absence of others is not proven.
    """

    name: str
    arn: str
    kind: PrincipalKind
    policies: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    trust: NamedPolicy | None = None
    groups: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """S3's block of public access, as far as it is on.

    Source: S3 User Guide, "Blocking public access to your Amazon S3 storage".

    Args:
        block_public_acls: new public ACLs are refused.
        ignore_public_acls: public ACLs do not count.
        block_public_policy: new public bucket policies are refused.
        restrict_public_buckets: a public policy grants only to the account and AWS services.
    """

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False


@dataclass(frozen=True, slots=True)
class ResourcePicture:
    """A resource with a policy of its own, or that can have one.

    Args:
        name: its address or ARN, unique in the picture.
        arn: its ARN, or the symbol of it.
        type: CloudFormation type, `AWS::S3::Bucket`.
        policy: its resource policy; None for none.
        public_access_block: of a bucket; None for none.
        tags: its tags.
        doubts: what is not known of it.
    """

    name: str
    arn: str
    type: str
    policy: NamedPolicy | None = None
    public_access_block: PublicAccessBlock | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationNode:
    """The root, an organizational unit or an account, with what is attached to it.

    Args:
        name: its id, or the symbol of it.
        parent: name of the node above; empty for the root.
        account: account id, where it is an account.
        service_control_policies: attached here.
        resource_control_policies: attached here.
    """

    name: str
    parent: str = ""
    account: str = ""
    service_control_policies: tuple[NamedPolicy, ...] = ()
    resource_control_policies: tuple[NamedPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """The tree of an organization.

    Args:
        nodes: by name; exactly one has no parent.
        management_account: its id; no SCP reaches it. Empty when it is not known.
        doubts: what is not known of it.
    """

    nodes: Mapping[str, OrganizationNode]
    management_account: str = ""
    doubts: tuple[Doubt, ...] = ()

    def path(self, account: str) -> tuple[OrganizationNode, ...]:
        """The nodes from the root down to an account.

        Args:
            account: its id or its node's name.

        Raises:
            InputError: it is not in the tree, or the tree has a circle or a missing parent.
        """
        found = next((n for n in self.nodes.values() if account in (n.account, n.name)), None)
        if found is None:
            raise InputError(
                "the account is not part of the organization",
                got=f"`{account}`",
                expected=", ".join(f"`{n.account}`" for n in self.nodes.values() if n.account),
                do="name an account of the organization",
            )
        return tuple(reversed(list(self._upwards(found))))

    def _upwards(self, node: OrganizationNode) -> Iterator[OrganizationNode]:
        seen: set[str] = set()
        while True:
            if node.name in seen:
                raise _broken(node.name, "it lies below itself")
            seen.add(node.name)
            yield node
            if not node.parent:
                return
            above = self.nodes.get(node.parent)
            if above is None:
                raise _broken(node.name, f"its parent `{node.parent}` is not there")
            node = above


def _broken(where: str, got: str) -> InputError:
    return InputError(
        "the organization is not a tree",
        where=where,
        got=got,
        expected="a parent for every node but the root",
        do="correct the parents",
    )


@dataclass(frozen=True, slots=True)
class AccountPicture:
    """All that decides about access in an account, as far as it is known.

    Args:
        account: its id; empty when it is not known.
        principals: by name.
        resources: by name.
        organization: the tree that the account is part of; None when it is part of none.
        endpoint_policies: of VPC endpoints, by the endpoint's name.
        doubts: what else is not known: kinds of things that were not listed, endpoint policies.
        expected: what references to ARNs will be, where the plan says it, `aws_sqs_queue.q.arn` to
            `arn:aws:sqs:us-east-1:111122223333:jobs`; references may be left in it.
    """

    account: str
    principals: Mapping[str, PrincipalPicture] = field(default_factory=dict)
    resources: Mapping[str, ResourcePicture] = field(default_factory=dict)
    organization: Organization | None = None
    endpoint_policies: Mapping[str, NamedPolicy] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    expected: Mapping[str, str] = field(default_factory=dict)

    def principal(self, name: str) -> PrincipalPicture:
        """A principal by its name or ARN.

        Raises:
            InputError: there is none.
        """
        return _find(self.principals, name, "principal")

    def resource(self, name: str) -> ResourcePicture:
        """A resource by its name or ARN.

        Raises:
            InputError: there is none.
        """
        return _find(self.resources, name, "resource")


_Item = TypeVar("_Item", PrincipalPicture, ResourcePicture)


def _find(items: Mapping[str, _Item], name: str, noun: str) -> _Item:
    found = items.get(name) or next((item for item in items.values() if item.arn == name), None)
    if found is None:
        raise InputError(
            f"no such {noun}",
            got=f"`{name}`",
            expected=", ".join(f"`{known}`" for known in list(items)[:10]) or "none is known",
            do="name one of them",
        )
    return found
