"""A principal is `"*"` or a map from its kind to its values."""

from __future__ import annotations

from revet.iam.document_json import JsonArray, JsonScalar
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.subject import StatementSubject


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, IAM policy validation check reference; Grammar of the IAM JSON policy "
    "language",
)
def invalid_principal_format(statement: StatementSubject) -> Hits:
    """Another bare string, or a list; an empty list is `EMPTY_ARRAY_PRINCIPAL`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    for name in PRINCIPAL_ELEMENTS:
        node = statement.element(name)
        if isinstance(node, JsonScalar):
            bare = node.value
            wrong = isinstance(bare, str) and bare != "*" and not has_symbol(bare)
        else:
            wrong = isinstance(node, JsonArray) and bool(node.items)
        if wrong:
            yield hit(
                f'{name} does not say what kind of principal it names. Write {{"AWS": …}}, or "*".',
                statement.element_place(name),
            )
