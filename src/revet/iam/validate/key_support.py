"""Actions whose requests do not carry a service's condition key.

Source: Service Authorization Reference, the condition keys of the actions and resource types of
AWS STS, IAM, Amazon S3, AWS KMS and Amazon DynamoDB; IAM User Guide, "IAM and AWS STS condition
context keys" (claims of identity providers; those of a provider that has no keys of its own there
come with AssumeRoleWithWebIdentity). Keys that no action lists are left alone.

Access Analyzer does not look at every service's keys: on AWS's managed policies it is silent about
keys of EC2, RAM, AWS Marketplace, Deadline Cloud and others beside actions that do not carry them.
It is known to look at keys of S3, KMS, DynamoDB and STS, and of IAM nothing contradicts it.
"""

from __future__ import annotations

from revet.iam.reference import Action, service_supports_key, supports_key
from revet.iam.validate.condition_keys import is_claim, prefix_of
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import ActionSubject, ConditionSubject

_SERVICES = frozenset({"dynamodb", "iam", "kms", "s3", "sts"})
_SAML = "saml"
_WITH_CLAIMS = frozenset({"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"})
_ATTESTATION = "kms:recipientattestation:"
_BESIDE_ATTESTATION = frozenset(
    {
        "kms:Encrypt",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateDataKeyWithoutPlaintext",
    }
)
"""Access Analyzer takes these cryptographic operations beside the attestation of an enclave."""


def is_listed(condition: ConditionSubject) -> bool:
    """Whether it is known of a condition's key which actions carry it.

    The claims of an identity provider belong to the request that assumes the role, and to all that
    its session does later; only in a trust policy it is the former.
    """
    prefix = prefix_of(condition.lower)
    if prefix in _SERVICES:
        return service_supports_key(prefix, condition.key)
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
        and not _carries(action.matches[0], condition)
    ]


def _carries(action: Action, condition: ConditionSubject) -> bool:
    if supports_key(action, condition.key):
        return True
    if is_claim(condition):
        return str(action) in _WITH_CLAIMS and not service_supports_key("sts", condition.key)
    return condition.lower.startswith(_ATTESTATION) and str(action) in _BESIDE_ATTESTATION
