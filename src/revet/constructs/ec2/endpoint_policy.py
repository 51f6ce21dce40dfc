"""What passes an endpoint: this account's own principals on its own resources, and little more.

An endpoint policy grants nothing; it limits what may pass. A plain `aws:ResourceAccount` would stop
what work needs from resources that AWS owns, and calls that services make by themselves.

Source: AWS, "Establishing a data perimeter on AWS", endpoint policies; Systems Manager user guide,
"SSM Agent communications with AWS managed S3 buckets"; Amazon Linux user guides on repositories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from revet.constructs.context import Context
from revet.constructs.policy import PolicyStatement, document, statement

# Buckets of AWS that hold packages, patches and documents; `{}` is the region.
_SIGNED_BUCKETS = (
    "aws-ssm-{}",
    "amazon-ssm-{}",
    "amazon-ssm-packages-{}",
    "patch-baseline-snapshot-{}",
    "aws-ssm-document-attachments-{}",
    "amazoncloudwatch-agent-{}",
)
# Package managers read these without credentials.
_UNSIGNED_BUCKETS = ("al2023-repos-{}-de612dc2", "amazonlinux-2-repos-{}")


def endpoint_policy(service: str, context: Context, organization_id: str = "") -> str:
    """The policy of an endpoint, as text.

    Args:
        service: of AWS, as in the name of the endpoint service.
        context: of the stack.
        organization_id: `o-…`, whose principals and resources are trusted; empty for this account
            alone.
    """
    own = (
        {"aws:PrincipalOrgID": organization_id}
        if organization_id
        else {"aws:PrincipalAccount": context.account_id}
    )
    resources = (
        {"aws:ResourceOrgID": organization_id}
        if organization_id
        else {"aws:ResourceAccount": context.account_id}
    )
    statements = [
        _pass(
            "OwnPrincipalsOnOwnResources", "*", conditions={"StringEquals": {**own, **resources}}
        ),
        _pass("ServicesOfAws", "*", conditions={"Bool": {"aws:PrincipalIsAWSService": "true"}}),
    ]
    return document([*statements, *_owned_by_aws(service, context, own)])


def _pass(
    sid: str,
    actions: str | Sequence[str],
    resources: str | Sequence[str] = "*",
    conditions: Mapping[str, Mapping[str, str]] | None = None,
) -> PolicyStatement:
    return statement(
        sid, actions=actions, resources=resources, principals="*", conditions=conditions
    )


def _owned_by_aws(
    service: str, context: Context, own: Mapping[str, str]
) -> tuple[PolicyStatement, ...]:
    """What work reads from resources that belong to AWS: it never writes there."""
    start = f"arn:{context.partition.id}"
    by_own = {"StringEquals": dict(own)}
    match service:
        case "s3":
            signed, unsigned = (
                [f"{start}:s3:::{name.format(context.region)}/*" for name in names]
                for names in (_SIGNED_BUCKETS, _UNSIGNED_BUCKETS)
            )
            return (
                _pass("BucketsOfAws", "s3:GetObject", signed, by_own),
                _pass("PackagesOfAmazonLinux", "s3:GetObject", unsigned),
            )
        case "ssm":
            reading = ("ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetParameter*")
            owned = (
                f"{start}:ssm:{context.region}::document/*",
                f"{start}:ssm:{context.region}::parameter/aws/*",
            )
            return (_pass("DocumentsOfAws", reading, owned, by_own),)
        case "ec2":
            starting = ("ec2:RunInstances", "ec2:CreateFleet")
            images = f"{start}:ec2:{context.region}::image/*"
            return (_pass("ImagesOfAws", starting, images, by_own),)
    return ()
