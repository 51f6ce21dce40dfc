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

from revet.iam.reference import Action, match_actions, service_supports_key, supports_key
from revet.iam.validate.condition_keys import is_claim, prefix_of
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import ActionSubject, ConditionSubject

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


def is_listed(condition: ConditionSubject) -> bool:
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


def without_key(condition: ConditionSubject) -> list[ActionSubject]:
    """The actions beside a condition that do not carry its key.

    Access Analyzer leaves out those with wildcards, and so do we; for `is_listed` keys only.
    """
    return [
        action
        for action in condition.statement.actions
        if not action.negated
        and not action.has_wildcard
        and action.matches
        and not any(_carries(each, condition) for each in _requests(action.matches[0]))
    ]


def _requests(action: Action) -> tuple[Action, ...]:
    """The actions whose requests need an action: itself, and those that it is a part of."""
    whole = _WITHIN.get(str(action), ())
    return (action, *(each for name in whole for each in match_actions(name)))


def _carries(action: Action, condition: ConditionSubject) -> bool:
    if supports_key(action, condition.key):
        return True
    if is_claim(condition):
        return str(action) in _WITH_CLAIMS and not service_supports_key("sts", condition.key)
    return False
