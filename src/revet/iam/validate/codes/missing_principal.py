"""Every statement of a policy that belongs to a resource says whom it is about."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL, PolicyType
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.subject import StatementSubject


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=WITH_PRINCIPAL | {PolicyType.RCP},
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "RCP syntax",
)
def missing_principal(statement: StatementSubject) -> Hits:
    """Neither `Principal` nor `NotPrincipal`, in resource, trust and resource control policies.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not any(name in statement.members for name in PRINCIPAL_ELEMENTS):
        yield hit("The statement names no principals. Add Principal.", statement.place)
