"""Where Terraform's resources hold policy documents, and what kind each is.

What a policy is attached to decides which of Access Analyzer's findings apply.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from revet.model.errors import UnknownValueError
from revet.plan.provider_facts import is_required
from revet.plan.resource import Resource
from revet.plan.terraform_types import TerraformType, terraform_type, types_with
from revet.plan.values import Computed


@dataclass(frozen=True, slots=True)
class PolicyAttribute:
    """One attribute that holds a policy document.

    Args:
        path: as in `Resource.get`.
        kind: a `revet.iam.policy_type.PolicyType`: `identity`, `managed`, `resource`, `trust`, …
        attached_to: CloudFormation type of the resource that a resource policy governs; empty for
            the other kinds, and where CloudFormation has none.
    """

    path: str
    kind: str
    attached_to: str = ""


_ORGANIZATION = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
# Source: Organizations API Reference, `PolicyType`: their contents are no IAM policies.
_OTHERS = frozenset(
    (
        "AISERVICES_OPT_OUT_POLICY",
        "BACKUP_POLICY",
        "BEDROCK_POLICY",
        "CHATBOT_POLICY",
        "DECLARATIVE_POLICY_EC2",
        "INSPECTOR_POLICY",
        "NETWORK_SECURITY_DIRECTOR_POLICY",
        "S3_POLICY",
        "SECURITYHUB_POLICY",
        "TAG_POLICY",
        "UPGRADE_ROLLOUT_POLICY",
    )
)


def policy_types() -> tuple[str, ...]:
    """Terraform types that can hold a policy document."""
    return types_with("policies")


def policy_attributes(resource: Resource) -> Iterator[PolicyAttribute]:
    """The attributes of a resource that may hold a policy document; empty ones too.

    Args:
        resource: of any type.

    Raises:
        UnknownValueError: the type of an organization's policy, or how many inline policies a role
            has, is not known; or the type is none of AWS's.
    """
    for path, kind in terraform_type(resource.type).policies.items():
        if kind == "organization":
            yield from _of_organization(resource, path)
            continue
        attached_to = _governed(resource.type).cloudformation if kind == "resource" else ""
        for place in _places(resource, path):
            yield PolicyAttribute(place, kind, attached_to)


def holds_policy(resource: Resource, kinds: Collection[str] = ()) -> bool:
    """Whether a policy may stand in a resource; where that is not known, it may.

    Args:
        resource: of any type.
        kinds: the kinds of policies that count; none for all.
    """
    try:
        return any(
            resource.is_set(item.path) or is_required(resource.type, item.path)
            for item in policy_attributes(resource)
            if not kinds or item.kind in kinds
        )
    except UnknownValueError:
        return True


def _governed(kind: str) -> TerraformType:
    """What the resource policy in a resource of a type governs: what it is part of, or itself."""
    row = terraform_type(kind)
    return next(map(terraform_type, row.part_of.values()), row)


def _places(resource: Resource, path: str) -> Iterator[str]:
    """A path, or one for each block where `*` is in it."""
    head, star, rest = path.partition(".*.")
    if not star:
        yield path
        return
    blocks = resource.get(head)
    for number in range(0 if blocks is None or isinstance(blocks, Computed) else len(blocks)):
        yield f"{head}.{number}.{rest}"


def _of_organization(resource: Resource, path: str) -> Iterator[PolicyAttribute]:
    kind = resource.get("type")
    kind = "SERVICE_CONTROL_POLICY" if kind is None else kind
    if kind in _ORGANIZATION:
        yield PolicyAttribute(path, _ORGANIZATION[kind])
    elif kind not in _OTHERS:
        raise UnknownValueError(
            f"{resource.address}.type",
            why=f"`{kind}` is none of the types of policies that are known here",
            resolve="correct the type, or update revet when it is a new one",
        )
