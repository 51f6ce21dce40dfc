"""Whoever trusts a role trusts its sessions."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PrincipalSubject, StatementSubject

_FIELDS = 6


@check(
    Level.SUGGESTION,
    subject=StatementSubject,
    types=frozenset({PolicyType.TRUST}),
    source="IAM User Guide, IAM policy validation check reference; AWS JSON policy elements: "
    "Principal (role session principals)",
)
def redundant_principal_in_role_trust_policy(statement: StatementSubject) -> Hits:
    """A session of a role beside the role; the ARN of a session leaves out the role's path.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    roles: dict[tuple[str, str, str], PrincipalSubject] = {}
    sessions: list[tuple[tuple[str, str, str], PrincipalSubject]] = []
    for principal in statement.principals:
        if principal.kind != "AWS" or principal.negated or has_symbol(principal.text):
            continue
        fields = principal.text.split(":", _FIELDS - 1)
        if len(fields) != _FIELDS or fields[2] not in ("iam", "sts"):
            continue
        kind, *names = fields[5].split("/")
        if kind == "role" and names:
            roles[fields[1], fields[4], names[-1]] = principal
        elif kind == "assumed-role" and names:
            sessions.append(((fields[1], fields[4], names[0]), principal))
    for parent, session in sessions:
        role = roles.get(parent)
        if role is not None:
            yield hit(
                f"{quoted(role.text)} already covers its session {quoted(session.text)}. Remove "
                "the session.",
                session.place,
                role.place,
            )
