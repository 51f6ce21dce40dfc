"""The resources that one name may mean: many may have one name, and each join asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from revet.model.work import spend
from revet.plan.arn_template import filled, partition_id
from revet.plan.naming import names_of
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type


class SameNamed:
    """The resources that one name may mean.

    Args:
        items: the resources.
    """

    __slots__ = ("_near", "addresses", "items")

    def __init__(self, items: Sequence[Resource]) -> None:
        spend(len(items))
        self.items = items
        self.addresses = frozenset(item.address for item in items)
        self._near: dict[str, SameNamed] | None = None

    def near(self, region: str) -> SameNamed | None:
        """Those in one region; `None` without any."""
        if self._near is None:
            regions: dict[str, list[Resource]] = {}
            for item in self.items:
                regions.setdefault(item.provider_region, []).append(item)
            alone = len(regions) == 1
            self._near = {k: self if alone else SameNamed(found) for k, found in regions.items()}
        return self._near.get(region)

    def others(self, resource: Resource) -> int:
        """How many there are beside one."""
        return len(self.items) - (resource.address in self.addresses)

    def other(self, resource: Resource) -> Resource:
        """The only one beside one."""
        return next(item for item in self.items if item is not resource)


def _other(_part: str) -> str:
    """A part of an ARN that is no name: who refers by it has the whole ARN."""
    return ""


def index_names(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Which resources have a known name: what `names_of` tells of each of them."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        values: dict[str, None] = {}
        arn = terraform_type(resource.type).arn
        place = {"partition": partition_id(resource.provider_region) or "aws"}
        for name in names_of(resource):
            value = resource.get(name)
            if isinstance(value, str) and value:
                values[value] = None
                if f"{{{name}}}" in arn and (known := filled(arn, {**place, name: value}, _other)):
                    values[known] = None
        for value in values:
            found.setdefault(value, []).append(resource)
    return found
