"""A trust policy does not take the bare `*` for everyone."""

from __future__ import annotations

from revet.iam.document_json import JsonScalar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject


@check(Level.ERROR, subject=StatementSubject, types=frozenset({PolicyType.TRUST}))
def role_trust_policy_unsupported_wildcard_in_principal(statement: StatementSubject) -> Hits:
    """`"Principal": "*"`, whatever the effect.

    IAM does take `{"AWS": "*"}`, and AWS's validation is silent about it; wildcards under the
    other principal keys are `UNSUPPORTED_WILDCARD_IN_PRINCIPAL`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    node = statement.element("Principal")
    if isinstance(node, JsonScalar) and node.value == "*":
        yield hit(
            "IAM takes no bare * as the principal of a role's trust policy. Name who may assume "
            "the role.",
            statement.element_place("Principal"),
        )
