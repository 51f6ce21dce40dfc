"""What is known of the ARNs that statements name: the resource types that they can be of.

Source: Service Authorization Reference (formats of ARNs by resource type), AWS General Reference,
"Amazon Resource Names (ARNs)". Like IAM itself, Access Analyzer compares an ARN as one text, so
that `*` in the Region or the account runs over colons: such an ARN meets nearly every format, and
none of AWS's findings on its own policies objects to one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from revet.iam.arn_pattern import ArnPattern, read_arn
from revet.iam.reference import (
    ResourceType,
    Service,
    all_services,
    match_resource_types,
    service,
    services,
)
from revet.iam.validate.subject import Place, ResourceSubject
from revet.iam.validate.symbols import has_symbol, without_symbols
from revet.iam.validate.variables import OPENING

PREFIX = "arn"
_CACHED = 4096
_OPEN = re.compile(r"[*?]|\$\{")


def is_open(field: str) -> bool:
    """Whether a field of an ARN holds a wildcard, a variable or a reference."""
    return _OPEN.search(field) is not None


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A resource that is an ARN of six fields.

    Args:
        text: as the statement has it.
        arn: its fields.
        has_symbol: it refers to a resource that does not exist yet.
    """

    text: str
    arn: ArnPattern
    has_symbol: bool

    def place(self, resource: ResourceSubject, field: str) -> Place:
        """Where a field stands; all of the resource when the field is empty.

        Args:
            resource: the resource with this text.
            field: a field of `ArnPattern`.
        """
        written: str = getattr(self.arn, field)
        if not written:
            return resource.place
        return resource.substring(self.arn.offset(field), len(written))

    @property
    def types(self) -> tuple[ResourceType, ...]:
        """The resource types that it can be of, whatever stands as Region and account."""
        return _types(self.text)

    @property
    def formats(self) -> tuple[ArnPattern, ...]:
        """The formats of these resource types; without one, all formats of the service."""
        return _formats(self.text)

    @property
    def runs_over_colons(self) -> bool:
        """Whether a `*` before the resource field can take the place of whole fields."""
        arn = self.arn
        return any("*" in field for field in (arn.partition, arn.service, arn.region, arn.account))


@lru_cache(maxsize=_CACHED)
def read_resource(text: str) -> ReadResource | None:
    """Read a resource.

    Args:
        text: an element of `Resource` or `NotResource`.

    Returns:
        None when it does not begin with `arn:` or has fewer than six fields.
    """
    arn = read_arn(text)
    if arn is None or arn.prefix != PREFIX:
        return None
    return ReadResource(text, arn, has_symbol(text))


def is_arn_service(name: str) -> bool:
    """Whether ARNs of some service begin with this name.

    Args:
        name: the third field of an ARN, in lower case.
    """
    return name in services() or name in _owners()


def has_formats(name: str) -> bool:
    """Whether anything is known of the ARNs of a service.

    Args:
        name: the third field of an ARN.
    """
    found = service(name) if name == name.lower() else None
    return found is not None and bool(found.resource_types) and not found.retired


@lru_cache(maxsize=_CACHED)
def _types(text: str) -> tuple[ResourceType, ...]:
    pattern = without_symbols(text)
    name = pattern.split(":", 3)[2]
    own = service(name) if name == name.lower() else None
    found = () if own is None else match_resource_types(pattern, own, any_place=True)
    if found or OPENING in name or is_open(name):
        return found
    for other in _owners().get(name, ()):
        if other is not own:
            found = match_resource_types(pattern, other, any_place=True)
            if found:
                return found
    return ()


@lru_cache(maxsize=_CACHED)
def _formats(text: str) -> tuple[ArnPattern, ...]:
    found = _types(text)
    name = text.split(":", 3)[2]
    if not found and has_formats(name):
        own = service(name)
        found = () if own is None else tuple(own.resource_types.values())
    read = (read_arn(arn) for kind in found for arn in kind.arns)
    return tuple(arn for arn in read if arn is not None and arn.service == name)


@cache
def _owners() -> dict[str, tuple[Service, ...]]:
    """The services by the names in the formats of their ARNs."""
    found: dict[str, list[Service]] = {}
    for item in all_services().values():
        names = {arn.split(":", 3)[2] for kind in item.resource_types.values() for arn in kind.arns}
        for name in names:
            found.setdefault(name, []).append(item)
    return {name: tuple(owners) for name, owners in found.items()}
