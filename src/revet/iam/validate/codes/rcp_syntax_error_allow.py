"""A resource control policy that allows allows everything."""

from __future__ import annotations

from revet.iam.document_json import JsonArray, JsonNode, JsonScalar
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
def rcp_syntax_error_allow(statement: StatementSubject) -> Hits:
    """`Allow` with another `Principal` or `Resource` than `"*"`, or with a `Condition`.

    Organizations takes `Allow` only in its own policy RCPFullAWSAccess; the finding does not speak
    of that.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not statement.allows:
        return
    places = [
        statement.element_place(name)
        for name in ("Principal", "NotPrincipal", "Resource", "NotResource", "Condition")
        if name in statement.members and not _is_everything(name, statement.element(name))
    ]
    if places:
        yield hit(
            'In a resource control policy Allow goes only with the Principal "*", the Resource "*" '
            "and no Condition. Use Deny.",
            *places,
        )


def _is_everything(name: str, node: JsonNode | None) -> bool:
    if name not in ("Principal", "Resource"):
        return False
    if name == "Resource" and isinstance(node, JsonArray) and len(node.items) == 1:
        node = node.items[0]
    return isinstance(node, JsonScalar) and node.value == "*"
