"""Every statement says which resources it is about, except in a role's trust policy."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_RESOURCE
from revet.iam.validate.subject import StatementSubject

WITHOUT_RESOURCE = frozenset({"AWS::ECR::Repository", "AWS::ECR::PublicRepository"})
"""Their policies are about the repository that they belong to and name no resource.

Source: Amazon ECR User Guide, "Private repository policies". AWS's ValidatePolicy does not know
these types of resources.
"""


@check(Level.ERROR, subject=StatementSubject, types=WITH_RESOURCE)
def missing_resource(statement: StatementSubject) -> Hits:
    """Neither `Resource` nor `NotResource`."""
    if "Resource" in statement.members or "NotResource" in statement.members:
        return
    if statement.policy.resource_type not in WITHOUT_RESOURCE:
        yield hit("The statement names no resources. Add Resource or NotResource.", statement.place)
