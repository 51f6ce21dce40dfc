"""Actions whose requests do not carry a service's condition key.

Source: Service Authorization Reference, the condition keys of the actions and resource types of
AWS STS, Amazon S3 and AWS KMS; IAM User Guide, "IAM and AWS STS condition context keys" (claims of
identity providers; those of a provider that has no keys of its own there come with
AssumeRoleWithWebIdentity). Keys that no action lists are left alone.

Which services' keys Access Analyzer looks at is not documented, and none of its findings on AWS's
own policies is of this kind: there it is silent about keys of EC2, RAM, AWS Marketplace, Deadline
Cloud and Application Auto Scaling beside actions that do not carry them (7 policies). People quote
its findings on keys of S3 (`s3:prefix`), KMS (encryption context) and STS. Left out are therefore
all other services, and where AWS's own examples name the action beside the key:

- what the caller passes when it assumes a role (`sts:TagSession`, `sts:SetSourceIdentity`) is a
  permission of that very request, and AWS guards it by its keys. Source: IAM User Guide, "Pass
  session tags in AWS STS", "Monitor and control actions taken with assumed roles". Access Analyzer
  objects to them (AWS CLI Command Reference, accessanalyzer validate-policy, example); who follows
  its advice takes the guard away;
- the attestation of an enclave (AWS KMS Developer Guide, "Condition keys for attested platforms")
  and of a NitroTPM judge only requests that bring one.
"""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.policy_type import PolicyType
from revet.iam.reference.actions import match_actions
from revet.iam.reference.records import Action
from revet.iam.reference.support import service_supports_key, supports_key
from revet.iam.symbol import has_symbol
from revet.iam.validate.condition_keys import is_claim, prefix_of
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import FALSE, covers_action, values_of
from revet.iam.validate.written import WrittenAction, WrittenCondition, WrittenStatement

_SERVICES = frozenset({"kms", "s3", "sts"})
_ATTESTATION = "kms:recipientattestation:"
_SAML = "saml"
_WITH_CLAIMS = frozenset({"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"})
_ASSUMING = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
_WITHIN = {
    "sts:SetContext": _ASSUMING,
    "sts:SetSourceIdentity": _ASSUMING,
    "sts:TagGetWebIdentityToken": ("sts:GetWebIdentityToken",),
    "sts:TagSession": (*_ASSUMING, "sts:GetFederationToken"),
}
"""Permissions that AWS asks for within the requests of other actions."""


def _is_listed(condition: WrittenCondition) -> bool:
    """Whether it is known of a condition's key which actions carry it.

    The claims of an identity provider belong to the request that assumes the role, and to all that
    its session does later; only in a trust policy it is the former.
    """
    prefix = prefix_of(condition.lower)
    if prefix in _SERVICES:
        return not condition.lower.startswith(_ATTESTATION) and service_supports_key(
            prefix, condition.key
        )
    if condition.statement.policy.type is not PolicyType.TRUST or condition.reference is None:
        return False
    return prefix == _SAML or is_claim(condition)


def _without_key(condition: WrittenCondition) -> list[WrittenAction]:
    """The actions beside a condition that do not carry its key.

    Access Analyzer leaves out those with wildcards, and so do we; for `_is_listed` keys only.
    """
    return [
        action
        for action in condition.statement.actions
        if not action.negated
        and not action.known.has_wildcard
        and action.matches
        and not any(_carries(each, condition) for each in _requests(action.matches[0]))
    ]


def _requests(action: Action) -> tuple[Action, ...]:
    """The actions whose requests need an action: itself, and those that it is a part of."""
    whole = _WITHIN.get(str(action), ())
    return (action, *(each for name in whole for each in match_actions(name)))


def _carries(action: Action, condition: WrittenCondition) -> bool:
    if supports_key(action, condition.key):
        return True
    if is_claim(condition):
        return str(action) in _WITH_CLAIMS and not service_supports_key("sts", condition.key)
    return False


@check(Level.ERROR, source="AWS CLI Command Reference, accessanalyzer validate-policy (example)")
def unsupported_action_for_condition_key(condition: WrittenCondition) -> Hits:
    """A condition on a key that the action's requests do not carry.

    Actions written out that do not carry a key of `key_support`, unless it is optional.

    Rests on answers that people quote, too.
    """
    used = condition.operator
    if used is None or used.if_exists or not _is_listed(condition):
        return
    actions = _without_key(condition)
    if actions:
        names = ", ".join(quoted(action.text) for action in actions)
        yield hit(
            f"Requests for {names} do not carry {quoted(condition.key)}, so the condition does not "
            "judge them. Move these actions to a statement without the key.",
            *(action.place for action in actions),
            condition.value_place,
        )


_ASSUMING_LOWER = frozenset(map(str.lower, _ASSUMING))
_SETTING = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
    "aws:tagkeys": "sts:TagSession",
}
_TAG, _TAGGING = "aws:requesttag/", "sts:TagSession"


@check(
    Level.ERROR,
    source="Pass session tags in AWS STS; Monitor and control actions taken with assumed roles",
)
def missing_action_for_condition_key(condition: WrittenCondition) -> Hits:
    """Whoever assumes a role may pass tags or a source identity only with a permission for that.

    A role may be assumed only with what nobody is allowed to pass.

    The permission may stand in another statement that allows.
    """
    statement = condition.statement
    if not statement.allows:
        return
    setting = _TAGGING if condition.lower.startswith(_TAG) else _SETTING.get(condition.lower)
    if setting is None or not _demands(condition) or not _assumes(statement):
        return
    others = statement.policy.statements
    if not any(other.allows and _may_cover(other, setting) for other in others):
        yield hit(
            f"Nobody can pass {quoted(condition.key)} without the permission {setting}, so that "
            f"this allows nothing. Add {setting} to Action.",
            statement.elements["Action"].place,
            condition.key_place,
        )


def _may_cover(statement: WrittenStatement, action: str) -> bool:
    unknown = any(has_symbol(item.text) for item in statement.actions)
    return unknown or covers_action(statement, action)


def _assumes(statement: WrittenStatement) -> bool:
    return any(
        not action.negated and action.text.lower() in _ASSUMING_LOWER
        for action in statement.actions
    )


def _demands(condition: WrittenCondition) -> bool:
    used = condition.operator
    if used is None or used.if_exists or used.negated:
        return False
    if used.qualifier is Qualifier.FOR_ALL_VALUES:
        return False
    return used.kind is not Kind.NULL or values_of(condition) == FALSE
