"""The AWS regions, by partition.

Source: `partitions.json` of botocore 1.44.5 (2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of AWS.

    Args:
        id: the second field of its ARNs, for example `aws`.
        dns_suffix: end of its host names and of regional service principals.
        regions: its regions.
    """

    id: str
    dns_suffix: str
    regions: tuple[str, ...]


PARTITIONS = (
    Partition(
        "aws",
        "amazonaws.com",
        (
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
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
            "ap-southeast-6",
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
            "me-west-1",
            "mx-central-1",
            "sa-east-1",
            "sa-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ),
    ),
    Partition(
        "aws-cn",
        "amazonaws.com.cn",
        (
            "cn-north-1",
            "cn-northwest-1",
        ),
    ),
    Partition("aws-eusc", "amazonaws.eu", ("eusc-de-east-1",)),
    Partition(
        "aws-iso",
        "c2s.ic.gov",
        (
            "us-iso-east-1",
            "us-iso-west-1",
        ),
    ),
    Partition(
        "aws-iso-b",
        "sc2s.sgov.gov",
        (
            "us-isob-east-1",
            "us-isob-west-1",
        ),
    ),
    Partition("aws-iso-e", "cloud.adc-e.uk", ("eu-isoe-west-1",)),
    Partition(
        "aws-iso-f",
        "csp.hci.ic.gov",
        (
            "us-isof-east-1",
            "us-isof-south-1",
        ),
    ),
    Partition(
        "aws-us-gov",
        "amazonaws.com",
        (
            "us-gov-east-1",
            "us-gov-west-1",
        ),
    ),
)


def partition_of(region: str) -> Partition | None:
    """The partition that holds a region, or None for a region that is not known."""
    return next((part for part in PARTITIONS if region in part.regions), None)


def all_regions() -> tuple[str, ...]:
    """Every known region, in the order of the partitions."""
    return tuple(region for part in PARTITIONS for region in part.regions)
