"""What Organizations takes in its service and resource control policies."""

from __future__ import annotations

from revet.iam.policy_type import PolicyType
from revet.iam.reference.organizations import RCP_SERVICES
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.place import Value
from revet.iam.validate.principal_elements import principal_values
from revet.iam.validate.written import WrittenAction, WrittenStatement


@check(
    Level.ERROR,
    types={PolicyType.RCP},
    source="AWS Organizations User Guide, RCP syntax; Resource control policies (RCPs)",
)
def rcp_syntax_error_action(action: WrittenAction) -> Hits:
    """A resource control policy names actions of the services that it can govern.

    An `Action` whose service is not among those that support these policies.

    `*` alone is allowed in AWS's own policy, which allows everything, and in no other.
    """
    if action.negated or action.known.prefix.lower() in RCP_SERVICES or has_symbol(action.text):
        return
    if action.text == "*" and action.statement.allows:
        return
    yield hit(
        f"{quoted(action.text)} does not begin with a service that resource control policies "
        "govern, such as s3, sts or kms. Name actions of such services.",
        action.place,
    )


@check(Level.ERROR, types={PolicyType.RCP}, source="AWS Organizations User Guide, RCP syntax")
def rcp_syntax_error_notaction(statement: WrittenStatement) -> Hits:
    """A resource control policy names the actions that it is about.

    `NotAction`.
    """
    if "NotAction" in statement.elements:
        yield hit(
            "A resource control policy has no NotAction. Name the actions with Action.",
            statement.elements["NotAction"].place,
        )


@check(Level.ERROR, types={PolicyType.RCP}, source="AWS Organizations User Guide, RCP syntax")
def rcp_syntax_error_allow(statement: WrittenStatement) -> Hits:
    """A resource control policy that allows allows everything.

    `Allow` with another `Principal` or `Resource` than `"*"`, or with a `Condition`.

    Organizations takes `Allow` only in its own policy RCPFullAWSAccess; the finding does not speak
    of that.
    """
    if not statement.allows:
        return
    places = [
        value.place
        for name in ("Principal", "NotPrincipal", "Resource", "NotResource", "Condition")
        if (value := statement.elements.get(name)) is not None and not _is_everything(name, value)
    ]
    if places:
        yield hit(
            'In a resource control policy Allow goes only with the Principal "*", the Resource "*" '
            "and no Condition. Use Deny.",
            *places,
        )


def _is_everything(name: str, value: Value) -> bool:
    strings = [value.string]
    if name == "Resource":
        strings = [item.string for item in value.items()] or strings
    return name in ("Principal", "Resource") and strings == ["*"]


@check(Level.ERROR, types={PolicyType.RCP}, source="AWS Organizations User Guide, RCP syntax")
def rcp_syntax_error_principal(statement: WrittenStatement) -> Hits:
    """A resource control policy is about all principals.

    `NotPrincipal`, or any other `Principal` than the bare `"*"`.

    Whether AWS takes `{"AWS": "*"}`, which means the same, is not documented; here it is refused.
    """
    for name, value in principal_values(statement):
        if name == "NotPrincipal":
            yield hit(
                'A resource control policy has no NotPrincipal. Use the Principal "*" with '
                "conditions.",
                value.place,
            )
        elif value.string != "*":
            yield hit(
                'A resource control policy has only the Principal "*". Tell principals apart with '
                "conditions such as aws:PrincipalOrgID.",
                value.place,
            )


@check(Level.ERROR, types={PolicyType.SCP})
def scp_syntax_error_action_wildcard(action: WrittenAction) -> Hits:
    """A wildcard is allowed only at the end of an action of a service control policy.

    `*` before the end of `Action` or `NotAction`; `?` is not spoken of.

    Uncertain: since September 2025 Organizations itself takes a wildcard anywhere in an action
    (AWS Security Blog, "Unlock new possibilities: AWS Organizations service control policy now
    supports full IAM language"). AWS's page of findings still lists this one, with `iam:*role` as
    its example, while it dropped the findings on the other restrictions that fell then. It stays
    here for as long as it stays there.
    """
    text = action.text
    if "*" in text[:-1] and not has_symbol(text):
        yield hit(
            f"{quoted(text)} has a wildcard before its end, which Access Analyzer does not take in "
            "a service control policy. List the actions.",
            action.place,
        )


@check(Level.ERROR, types={PolicyType.SCP}, source="AWS Organizations User Guide, SCP syntax")
def scp_syntax_error_principal(statement: WrittenStatement) -> Hits:
    """A service control policy names no principals.

    `Principal` or `NotPrincipal`.
    """
    for name, value in principal_values(statement):
        yield hit(
            f"A service control policy holds for all principals of its accounts. Remove {name}; to "
            "tell principals apart, use the condition key aws:PrincipalArn.",
            value.place,
        )
