"""The AWS regions by partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from revet.iam.reference.frozen import frozen


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


@cache
def partitions() -> Mapping[str, Partition]:
    """All partitions by id, the commercial one first.

    Source: `partitions.json` of botocore, see the data file.
    """
    rows = frozen("partitions")["partitions"]
    return MappingProxyType(
        {row["id"]: Partition(row["id"], row["dns_suffix"], tuple(row["regions"])) for row in rows}
    )


def partition_of(region: str) -> Partition | None:
    """The partition that holds a region, or None for a region that is not known."""
    return next((part for part in partitions().values() if region in part.regions), None)


def all_regions() -> tuple[str, ...]:
    """Every known region, in the order of the partitions."""
    return tuple(region for part in partitions().values() for region in part.regions)


@cache
def regions() -> frozenset[str]:
    """Every known region, for looking one up."""
    return frozenset(all_regions())
