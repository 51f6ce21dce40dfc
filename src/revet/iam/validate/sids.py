"""Statement ids of a policy."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.document_json import JsonScalar
from revet.iam.validate.place import Place
from revet.iam.validate.policy_type import OF_IDENTITIES, PolicyType
from revet.iam.validate.subject import PolicySubject, StatementSubject

UNIQUE = OF_IDENTITIES | {PolicyType.TRUST}
"""Policies whose statement ids must differ: those that IAM itself keeps.

Source: IAM User Guide, "IAM JSON policy elements: Sid". Whether AWS counts the policies of
Organizations among them is not documented; here they are not.
"""


def sid_of(statement: StatementSubject) -> str | None:
    """The statement's id as written; None when it is absent or no string."""
    node = statement.element("Sid")
    return node.value if isinstance(node, JsonScalar) and isinstance(node.value, str) else None


def repeated_sids(policy: PolicySubject) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Ids that more than one statement has, each with all its places; an empty id is none."""
    if len(policy.statements) == 1:
        return
    found: dict[str, list[StatementSubject]] = {}
    for statement in policy.statements:
        sid = sid_of(statement)
        if sid:
            found.setdefault(sid, []).append(statement)
    if len(found) == len(policy.statements):
        return
    for sid, statements in found.items():
        if len(statements) > 1:
            yield sid, tuple(statement.element_place("Sid") for statement in statements)
