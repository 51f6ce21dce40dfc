"""Roles and the policies that they carry, as they are in the account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from revet.iam.document import PolicyDocument, parse_policy
from revet.verify.reader import Reader

ROLE_ACTIONS = (
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
)
"""What `read_role` needs."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role with all that says who may take it and what it may do.

    Args:
        name: of the role.
        trust: its trust policy.
        policies: name or ARN of each identity policy to its document.
    """

    name: str
    trust: PolicyDocument
    policies: Mapping[str, PolicyDocument]


def read_role(reader: Reader, arn: str, region: str) -> Role:
    """A role, with inline and attached policies; needs `ROLE_ACTIONS`.

    Args:
        reader: of the account.
        arn: of the role.
        region: asked; IAM answers the same everywhere in a partition.

    Raises:
        MissingResourceError: there is no such role.
        PolicyError: one of its policies cannot be parsed.
    """
    name = arn.rsplit("/", 1)[-1]
    role = reader.call("iam", "get_role", region=region, RoleName=name)["Role"]
    policies: dict[str, PolicyDocument] = {}
    inline = reader.call("iam", "list_role_policies", region=region, RoleName=name)
    for policy in inline.get("PolicyNames", ()):
        held = reader.call(
            "iam", "get_role_policy", region=region, RoleName=name, PolicyName=policy
        )
        policies[policy] = _document(held["PolicyDocument"])
    attached = reader.call("iam", "list_attached_role_policies", region=region, RoleName=name)
    for policy in attached.get("AttachedPolicies", ()):
        policy_arn = policy["PolicyArn"]
        version = reader.call("iam", "get_policy", region=region, PolicyArn=policy_arn)
        held = reader.call(
            "iam",
            "get_policy_version",
            region=region,
            PolicyArn=policy_arn,
            VersionId=version["Policy"]["DefaultVersionId"],
        )
        policies[policy_arn] = _document(held["PolicyVersion"]["Document"])
    return Role(name, _document(role["AssumeRolePolicyDocument"]), policies)


def _document(source: Any) -> PolicyDocument:  # noqa: ANN401 - botocore decodes it where it can
    return parse_policy(source if isinstance(source, str) else json.dumps(source))
