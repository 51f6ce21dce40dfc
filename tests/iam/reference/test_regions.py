from __future__ import annotations

import re

import pytest

from revet.iam.reference.regions import (
    all_regions,
    partition_of,
    regions,
)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isof-south-1", "aws-iso-f"),
    ],
)
def test_partition_of(region: str, partition: str) -> None:
    found = partition_of(region)
    assert found is not None
    assert found.id == partition


@pytest.mark.parametrize("region", ["", "us-east-11", "aws-global", "US-EAST-1"])
def test_what_is_no_region(region: str) -> None:
    assert partition_of(region) is None
    assert region not in regions()


def test_each_region_is_in_one_partition() -> None:
    listed = all_regions()
    assert len(listed) == len(set(listed)) == len(regions())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", region) for region in listed)
