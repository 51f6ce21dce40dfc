"""What a role's trust policy may hold, and what it need not."""

from __future__ import annotations

from revet.iam.policy_type import PolicyType
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenPrincipal, WrittenStatement


@check(Level.ERROR, types={PolicyType.TRUST})
def role_trust_policy_syntax_error_notprincipal(statement: WrittenStatement) -> Hits:
    """A trust policy names whom it trusts.

    `NotPrincipal`, whatever the effect.
    """
    if "NotPrincipal" in statement.elements:
        yield hit(
            "IAM takes no NotPrincipal in a role's trust policy. Name with Principal who is "
            "trusted; to except someone, use a condition such as aws:PrincipalArn.",
            statement.elements["NotPrincipal"].place,
        )


@check(Level.ERROR, types={PolicyType.TRUST})
def role_trust_policy_syntax_error_resource(statement: WrittenStatement) -> Hits:
    """A trust policy is about the role that it is attached to.

    `Resource` or `NotResource`.
    """
    for name in ("Resource", "NotResource"):
        if name in statement.elements:
            yield hit(
                f"A trust policy holds for the role that it is attached to. Remove {name}.",
                statement.elements[name].place,
            )


@check(Level.ERROR, types={PolicyType.TRUST})
def role_trust_policy_unsupported_wildcard_in_principal(statement: WrittenStatement) -> Hits:
    """A trust policy does not take the bare `*` for everyone.

    `"Principal": "*"`, whatever the effect.

    IAM does take `{"AWS": "*"}`, and AWS's validation is silent about it; wildcards under the
    other principal keys are `UNSUPPORTED_WILDCARD_IN_PRINCIPAL`.
    """
    if statement.string_of("Principal") == "*":
        yield hit(
            "IAM takes no bare * as the principal of a role's trust policy. Name who may assume "
            "the role.",
            statement.elements["Principal"].place,
        )


_ARN_FIELDS = 6


@check(
    Level.SUGGESTION,
    types={PolicyType.TRUST},
    source="AWS JSON policy elements: Principal (role session principals)",
)
def redundant_principal_in_role_trust_policy(statement: WrittenStatement) -> Hits:
    """Whoever trusts a role trusts its sessions.

    A session of a role beside the role; the ARN of a session leaves out the role's path.
    """
    roles: dict[tuple[str, str, str], WrittenPrincipal] = {}
    sessions: list[tuple[tuple[str, str, str], WrittenPrincipal]] = []
    for principal in statement.principals:
        if principal.kind != "AWS" or principal.negated or has_symbol(principal.text):
            continue
        fields = principal.text.split(":", _ARN_FIELDS - 1)
        if len(fields) != _ARN_FIELDS or fields[2] not in ("iam", "sts"):
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
