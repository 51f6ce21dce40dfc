"""Which resources are attached to which, through one attribute of their type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from revet.model.work import spend
from revet.plan.join import Joiner
from revet.plan.resource import Resource
from revet.plan.values import Undecided


@dataclass(frozen=True, slots=True)
class Attachments:
    """All joins of one type through one attribute.

    Args:
        strong: address of a resource to what is certainly attached to it.
        doubts: address of a resource to why it is not known whether something else is, too.
        doubt: why it is not known of any other resource; `None` when it is.
        doubtful: addresses of those that may be attached to several, or to anything.
    """

    strong: Mapping[str, list[Resource]]
    doubts: Mapping[str, Undecided]
    doubt: Undecided | None
    doubtful: tuple[str, ...]


def attachments_of(resources: Iterable[Resource], via: str, joiner: Joiner) -> Attachments:
    """How the resources of one type are attached through one attribute.

    Args:
        resources: of the type.
        via: their attribute.
        joiner: of their inventory.
    """
    strong: dict[str, list[Resource]] = {}
    weak: dict[frozenset[str], None] = {}
    doubts: dict[str, Undecided] = {}
    doubtful: dict[str, None] = {}
    anything: Undecided | None = None
    for resource in resources:
        spend()
        for join in joiner.join_all(resource, via):
            if join.doubt is not None:
                doubtful[resource.address] = None
            if join.found is not None:
                strong.setdefault(join.found.address, []).append(resource)
            elif join.doubt is None or anything is not None:
                continue  # certain, or never reached behind one that may be attached to anything
            elif join.candidates is None:
                anything = join.doubt
            elif join.candidates not in weak:
                weak[join.candidates] = None
                spend(len(join.candidates))
                for address in join.candidates:
                    doubts.setdefault(address, join.doubt)
    return Attachments(strong, doubts, anything, tuple(doubtful))
