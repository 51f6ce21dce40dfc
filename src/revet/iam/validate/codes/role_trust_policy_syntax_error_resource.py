"""A trust policy is about the role that it is attached to."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=frozenset({PolicyType.TRUST}))
def role_trust_policy_syntax_error_resource(statement: StatementSubject) -> Hits:
    """`Resource` or `NotResource`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in ("Resource", "NotResource"):
        if name in statement.members:
            yield hit(
                f"A trust policy holds for the role that it is attached to. Remove {name}.",
                statement.element_place(name),
            )
