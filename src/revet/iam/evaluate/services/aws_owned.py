"""What only AWS changes, whatever the policies of an identity say.

Sources: IAM User Guide, "Managed policies and inline policies" (the permissions of AWS managed
policies cannot be changed), "Create a service-linked role" (its policies, trust policy and name
cannot be changed; it is deleted by `DeleteServiceLinkedRole`); IAM Identity Center User Guide,
"Permission sets" (the roles it makes are protected); AWS KMS Developer Guide, "Aliases in AWS KMS"
(`alias/aws/` is reserved); AWS Organizations User Guide, "Service control policies (SCPs)" and
"Resource control policies (RCPs)" (`FullAWSAccess` and `RCPFullAWSAccess` are AWS's).
"""

from __future__ import annotations

import re

_OWNED: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(r"arn:[^:]+:iam::aws:policy/.*", re.DOTALL),
        frozenset(
            (
                "iam:createpolicyversion",
                "iam:deletepolicy",
                "iam:deletepolicyversion",
                "iam:setdefaultpolicyversion",
                "iam:tagpolicy",
                "iam:untagpolicy",
            )
        ),
    ),
    (
        re.compile(r"arn:[^:]+:iam::[0-9]{12}:role/(aws-service-role|aws-reserved)/.*", re.DOTALL),
        frozenset(
            (
                "iam:attachrolepolicy",
                "iam:deleterole",
                "iam:deleterolepermissionsboundary",
                "iam:deleterolepolicy",
                "iam:detachrolepolicy",
                "iam:putrolepermissionsboundary",
                "iam:putrolepolicy",
                "iam:updateassumerolepolicy",
            )
        ),
    ),
    (
        re.compile(r"arn:[^:]+:kms:[^:]*:[^:]*:alias/aws/.*", re.DOTALL),
        frozenset(("kms:createalias", "kms:deletealias", "kms:updatealias")),
    ),
    (
        re.compile(r"arn:[^:]+:organizations::aws:policy/.*", re.DOTALL),
        frozenset(
            (
                "organizations:deletepolicy",
                "organizations:tagresource",
                "organizations:untagresource",
                "organizations:updatepolicy",
            )
        ),
    ),
)


def only_aws_changes(action: str, resource: str) -> bool:
    """Whether an action would change something that is AWS's own.

    Args:
        action: in lower case.
        resource: its ARN.
    """
    return any(action in actions and arn.fullmatch(resource) for arn, actions in _OWNED)
