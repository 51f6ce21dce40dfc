"""The kinds of policies that are validated."""

from __future__ import annotations

from enum import StrEnum


class PolicyType(StrEnum):
    """What a policy is attached to; decides which findings apply.

    Source: `policyType` and `validatePolicyResourceType` of Access Analyzer's ValidatePolicy; a
    role's trust policy is its `RESOURCE_POLICY` for `AWS::IAM::AssumeRolePolicyDocument`, and
    managed policies, permissions boundaries and session policies are its `IDENTITY_POLICY`.
    """

    IDENTITY = "identity"
    MANAGED = "managed"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"


ALL = frozenset(PolicyType)
WITH_PRINCIPAL = frozenset({PolicyType.RESOURCE, PolicyType.TRUST})
GRANTING = frozenset({PolicyType.IDENTITY, PolicyType.MANAGED})
"""Policies that give an identity permissions; boundaries and session policies only limit them."""
OF_IDENTITIES = GRANTING | {PolicyType.BOUNDARY, PolicyType.SESSION}
WITHOUT_PRINCIPAL = OF_IDENTITIES | {PolicyType.SCP}
WITH_RESOURCE = ALL - {PolicyType.TRUST}

RESOURCE_TYPES = (
    "AWS::S3::Bucket",
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::S3ObjectLambda::AccessPoint",
    "AWS::IAM::AssumeRolePolicyDocument",
    "AWS::DynamoDB::Table",
)
"""Values of `validatePolicyResourceType`. Source: botocore's model of Access Analyzer, 1.44.5."""

TRUST_RESOURCE_TYPE = "AWS::IAM::AssumeRolePolicyDocument"
