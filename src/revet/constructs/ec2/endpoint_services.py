"""Names of the endpoint services of AWS, region by region; none is guessed."""

from __future__ import annotations

import re

from revet.constructs.arguments import check_choice, check_match, refuse
from revet.iam.reference.regions import partition_of
from revet.model.errors import ArgumentError

# Source: Organizations API reference, `OrganizationId`.
_ORGANIZATION = re.compile(r"|o-[a-z0-9]{10,32}")
# Services that take an endpoint policy. Source: AWS PrivateLink guide, "AWS services that integrate
# with AWS PrivateLink", read in November 2026.
INTERFACE_SERVICES = (
    "ec2",
    "ec2messages",
    "kms",
    "logs",
    "secretsmanager",
    "ssm",
    "ssmmessages",
    "sts",
)
GATEWAY_SERVICES = ("dynamodb", "s3")

# Endpoint services of other partitions have names that are not known here.
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

# In China these begin with `cn.com.amazonaws`, all others with `com.amazonaws`.
# Source: `DescribeVpcEndpointServices` as aws-cdk-lib 2.276.0 records it, `vpc-endpoint.ts`.
_CHINA = frozenset({"ec2", "sts"})

# Regions in which a service has a FIPS endpoint that PrivateLink reaches, `{service}-fips`.
# Source of the name: KMS developer guide, "Connect to AWS KMS through a VPC endpoint"; of the
# regions: botocore 1.44.8, `endpoints.json`, `kms`, variants with the tag `fips`.
FIPS_REGIONS = {
    "kms": frozenset(
        [
            "af-south-1",
            "ap-east-1",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-gov-east-1",
            "us-gov-west-1",
            "us-west-1",
            "us-west-2",
        ]
    ),
}


def endpoint_service(service: str, region: str, *, fips: bool = False) -> str:
    """The name of an endpoint service, `com.amazonaws.eu-central-1.kms-fips`.

    Args:
        service: one of `INTERFACE_SERVICES` or `GATEWAY_SERVICES`.
        region: where the endpoint is.
        fips: whether the FIPS endpoint is meant.

    Raises:
        ArgumentError: another service, a region whose names are not known, or no FIPS endpoint
            there that is documented.
    """
    check_choice("service", service, (*INTERFACE_SERVICES, *GATEWAY_SERVICES))
    if fips and not has_fips(service, region):
        raise ArgumentError(
            "the service has no FIPS endpoint there that AWS documents",
            where="argument `fips`",
            got=f"`{service}` in `{region}`",
            expected=", ".join(f"`{name}`" for name in sorted(FIPS_REGIONS)),
            do="leave `fips` out",
        )
    partition = partition_of(region)
    if partition is None or partition.id not in _PARTITIONS:
        refuse(
            "aws_region",
            region,
            f"a region of {', '.join(f'`{name}`' for name in _PARTITIONS)}",
            "make endpoints of other partitions by their own names",
        )
    china = partition.id == "aws-cn" and service in _CHINA
    return f"{'cn.' if china else ''}com.amazonaws.{region}.{service}{'-fips' if fips else ''}"


def has_fips(service: str, region: str) -> bool:
    """Whether a service has a FIPS endpoint in a region that PrivateLink reaches."""
    return region in FIPS_REGIONS.get(service, ())


def check_organization(organization_id: object) -> None:
    """Check the id of an organization; nothing stands for this account alone.

    Raises:
        ArgumentError: it is something else.
    """
    check_match(
        "organization_id",
        organization_id,
        _ORGANIZATION,
        "the id of an organization, `o-` and 10 to 32 of `a-z0-9`, or nothing",
        "`aws organizations describe-organization` says it",
    )
