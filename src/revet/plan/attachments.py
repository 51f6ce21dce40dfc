"""Which resources are attached to which, through one attribute of their type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from revet.model.errors import UnknownValueError, UnreadError
from revet.model.work import spend
from revet.plan.element_paths import places
from revet.plan.join import Joiner
from revet.plan.join_results import Join
from revet.plan.resource import Resource
from revet.plan.values import Undecided, Unknown, Unread


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
        via: their attribute, `*` in it for each block.
        joiner: of their inventory.
    """
    strong: dict[str, list[Resource]] = {}
    weak: dict[frozenset[str], None] = {}
    doubts: dict[str, Undecided] = {}
    doubtful: dict[str, None] = {}
    anything: Undecided | None = None
    for resource in resources:
        spend()
        for join in _joins(resource, via, joiner):
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


def _joins(resource: Resource, via: str, joiner: Joiner) -> Iterator[Join]:
    try:
        paths = places(resource, via)
    except UnknownValueError as error:
        kind = Unread if isinstance(error, UnreadError) else Unknown
        yield Join(None, kind(error.path, error.why, error.resolve), None)
        return
    for path in paths:
        yield from joiner.join_all(resource, path)
