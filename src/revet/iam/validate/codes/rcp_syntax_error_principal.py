"""A resource control policy is about all principals."""

from __future__ import annotations

from revet.iam.document_json import JsonScalar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "RCP syntax",
)
def rcp_syntax_error_principal(statement: StatementSubject) -> Hits:
    """`NotPrincipal`, or any other `Principal` than the bare `"*"`.

    Whether AWS takes `{"AWS": "*"}`, which means the same, is not documented; here it is refused.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Principal")
    if node is not None and not (isinstance(node, JsonScalar) and node.value == "*"):
        yield hit(
            'A resource control policy has only the Principal "*". Tell principals apart with '
            "conditions such as aws:PrincipalOrgID.",
            statement.element_place("Principal"),
        )
    if "NotPrincipal" in statement.members:
        yield hit(
            'A resource control policy has no NotPrincipal. Use the Principal "*" with conditions.',
            statement.element_place("NotPrincipal"),
        )
