"""The rules of AWS Config in the zero-trust stack, and what corrects what they find."""

from __future__ import annotations

from cdktn import TerraformStack

from revet.constructs import iam, ssm
from revet.constructs.config import ManagedRule, Recorder, Remediation
from revet.constructs.context import Context
from revet.constructs.kms import Key
from revet.constructs.policy import statement

# Source: CIS AWS Foundations Benchmark 3.0, 1.8 and 1.9; parameters as the rule's page names them.
_PASSWORD_POLICY = {
    "MaxPasswordAge": "90",
    "MinimumPasswordLength": "14",
    "PasswordReusePrevention": "24",
    "RequireLowercaseCharacters": "true",
    "RequireNumbers": "true",
    "RequireSymbols": "true",
    "RequireUppercaseCharacters": "true",
}
_MAX_KEY_AGE = "90"
_BUCKET = "AWS::S3::Bucket"


def add_rules(
    stack: TerraformStack, *, recorder: Recorder, key: Key, boundary: iam.Boundary
) -> tuple[dict[str, ManagedRule], iam.Role]:
    """Add the rules, and the remediation of buckets without a customer-managed key.

    Access keys are reported and never deactivated: that could stop a workload. Of buckets only that
    of the data can be corrected: whoever writes into others may not use its key.

    Args:
        stack: that they belong to.
        recorder: records what they look at.
        key: that the bucket of the data gets as its default.
        boundary: limits the role that corrects them.

    Returns:
        the rules by word, and the role that corrects.
    """
    rules = {
        "s3-encryption": ManagedRule(
            stack,
            "s3-encryption",
            recorder=recorder,
            identifier="S3_DEFAULT_ENCRYPTION_KMS",
            resource_types=[_BUCKET],
        ),
        "password-policy": ManagedRule(
            stack,
            "password-policy",
            recorder=recorder,
            identifier="IAM_PASSWORD_POLICY",
            parameters=_PASSWORD_POLICY,
            frequency="TwentyFour_Hours",
        ),
        "access-keys-rotated": ManagedRule(
            stack,
            "access-keys-rotated",
            recorder=recorder,
            identifier="ACCESS_KEYS_ROTATED",
            parameters={"maxAccessKeyAge": _MAX_KEY_AGE},
            frequency="TwentyFour_Hours",
        ),
    }
    context = Context.of(stack)
    role = iam.Role(
        stack,
        "remediation",
        description="Systems Manager gives buckets their default encryption",
        assumed_by=iam.ServicePrincipal(
            service="ssm.amazonaws.com",
            source_arn=context.arn("ssm", "automation-execution/*"),
        ),
        boundary=boundary,
    )
    role.allow(
        "bucket-encryption",
        statement(
            "SetDefaultEncryption",
            actions="s3:PutEncryptionConfiguration",
            resources=context.arn(
                "s3", context.unique_name("data", limit=63), region=False, account=False
            ),
            conditions={"StringEquals": {"aws:ResourceAccount": context.account_id}},
        ),
    )
    document = ssm.Automation(
        stack,
        "bucket-encryption",
        description="Make a customer-managed key the default encryption of a bucket",
        parameters={"BucketName": "The bucket", "KeyArn": "The key that it gets"},
        steps=[
            ssm.ApiCall(
                "SetDefaultEncryption",
                "s3",
                "PutBucketEncryption",
                {
                    "Bucket": "{{ BucketName }}",
                    "ServerSideEncryptionConfiguration": {
                        "Rules": [
                            {
                                "ApplyServerSideEncryptionByDefault": {
                                    "SSEAlgorithm": "aws:kms",
                                    "KMSMasterKeyID": "{{ KeyArn }}",
                                },
                                "BucketKeyEnabled": True,
                            }
                        ]
                    },
                },
            )
        ],
    )
    Remediation(
        stack,
        "encrypt-buckets",
        rule=rules["s3-encryption"],
        automation=document,
        role=role,
        resource_type=_BUCKET,
        resource_parameter="BucketName",
        parameters={"KeyArn": key.arn},
    )
    return rules, role
