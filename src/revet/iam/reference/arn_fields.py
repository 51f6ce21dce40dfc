"""Where ARNs of a namespace carry a region and an account.

Source: the ARN formats of the Service Authorization Reference. The third field of an ARN is mostly
the prefix of its service; the exceptions are in `data/arn_namespaces.json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from revet.iam.reference.arn_formats import FIELDS
from revet.iam.reference.frozen import frozen
from revet.iam.reference.records import ResourceType
from revet.iam.reference.resources import Formats, formats_of
from revet.iam.reference.services import service, services

_REGION, _ACCOUNT = 3, 4


class FieldUse(Enum):
    """Whether a field of an ARN is filled."""

    EMPTY = "empty"
    FILLED = "filled"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class ArnFields:
    """What AWS's formats say of two fields.

    Args:
        region: whether the ARNs carry a region.
        account: whether the ARNs carry an account.
        types: names of the resource types that say so; empty when the resource part of the ARN
            meets no format and all formats of the namespace were asked.
    """

    region: FieldUse
    account: FieldUse
    types: tuple[str, ...]


def arn_fields(arn_pattern: str) -> ArnFields | None:
    """Which of region and account the ARNs that a pattern names carry, judged by its other fields.

    Args:
        arn_pattern: an element of `Resource`, with six fields.

    Returns:
        None when it has fewer fields, or a namespace with wildcards or without known formats.
    """
    fields = arn_pattern.split(":", FIELDS - 1)
    if len(fields) < FIELDS or not is_arn_namespace(fields[2]):
        return None
    formats = _formats(fields[2])
    if not formats.rows:
        return None
    found = formats.met_by(arn_pattern, any_place=True)
    return _fields(fields[2], tuple(form.number for form in found))


def resource_types_of(namespace: str) -> tuple[ResourceType, ...]:
    """The resource types whose ARNs have a namespace as their third field.

    Args:
        namespace: mostly a service's prefix.
    """
    found: list[ResourceType] = []
    for prefix in (namespace, *frozen("arn_namespaces")["owners"].get(namespace, ())):
        owner = service(prefix)
        if owner is not None:
            found += [
                kind
                for kind in owner.resource_types.values()
                if any(arn.split(":", 3)[2] == namespace for arn in kind.arns)
            ]
    return tuple(found)


def is_arn_namespace(text: str) -> bool:
    """Whether the ARNs of some service have this as their third field.

    A closed service that AWS refuses in actions is refused here too, although the reference of
    another service still has a format with it.

    Args:
        text: in lower case, as ARNs have it.
    """
    if text in frozen("retired_services")["refused"]:
        return False
    return text in services() or text in frozen("arn_namespaces")["owners"]


@cache
def _formats(namespace: str) -> Formats:
    return formats_of(resource_types_of(namespace))


@lru_cache(maxsize=1024)
def _fields(namespace: str, numbers: tuple[int, ...]) -> ArnFields:
    formats = _formats(namespace)
    found = [formats.rows[number] for number in numbers]
    asked = found or formats.rows
    return ArnFields(
        _use(form.fields[_REGION] for form in asked),
        _use(form.fields[_ACCOUNT] for form in asked),
        tuple(dict.fromkeys(form.kind.name for form in found)),
    )


def _use(fields: Iterable[str]) -> FieldUse:
    filled = {bool(field) for field in fields}
    if len(filled) > 1:
        return FieldUse.EITHER
    return FieldUse.FILLED if filled == {True} else FieldUse.EMPTY
