"""Every statement says which resources it is about, except in a role's trust policy."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_RESOURCE, PolicyType
from revet.iam.validate.subject import PolicySubject, StatementSubject

WITHOUT_RESOURCE = {
    "AWS::ECR::Repository": "ecr",
    "AWS::ECR::PublicRepository": "ecr-public",
    "AWS::EFS::FileSystem": "elasticfilesystem",
}
"""Resources whose policies are about themselves alone and need not name them, with the service.

Source: Amazon ECR User Guide, "Private repository policies"; Amazon ECR Public User Guide,
"Repository policies"; Amazon EFS User Guide, "Using IAM to control file system data access"
(default file system policy). AWS's ValidatePolicy does not know these types of resources.
"""
_THEIR_SERVICES = frozenset(WITHOUT_RESOURCE.values())


@check(Level.ERROR, subject=StatementSubject, types=WITH_RESOURCE)
def missing_resource(statement: StatementSubject) -> Hits:
    """Neither `Resource` nor `NotResource`.

    Where it is not known what a resource policy is attached to, the actions of all its statements
    say to which service it belongs.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "Resource" in statement.members or "NotResource" in statement.members:
        return
    policy = statement.policy
    if policy.resource_type in WITHOUT_RESOURCE:
        return
    if policy.type is PolicyType.RESOURCE and not policy.resource_type and _is_theirs(policy):
        return
    yield hit("The statement names no resources. Add Resource or NotResource.", statement.place)


def _is_theirs(policy: PolicySubject) -> bool:
    prefixes = {
        action.prefix.lower()
        for statement in policy.statements
        for action in statement.actions
        if action.text != "*"
    }
    return bool(prefixes) and prefixes <= _THEIR_SERVICES
