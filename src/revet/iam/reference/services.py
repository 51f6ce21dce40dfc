"""Which services there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from revet.iam.reference.records import Service
from revet.iam.reference.tables import IamdataTables, read_json


def service(prefix: str) -> Service | None:
    """The service with a prefix, or None when AWS has and had none.

    Args:
        prefix: as in actions, `s3`; any case.
    """
    return _catalog().get(prefix.lower())


def services() -> frozenset[str]:
    """The prefixes of all services, retired ones included, in lower case."""
    return frozenset(_catalog())


def all_services() -> Mapping[str, Service]:
    """All services by prefix, sorted; their tables are not read yet."""
    return _catalog()


@lru_cache(maxsize=1)
def data_date() -> dt.date:
    """The day of the service data, to be named in every report."""
    return dt.date.fromisoformat(read_json("metadata.json")["updatedAt"][:10])


@lru_cache(maxsize=1)
def _catalog() -> Mapping[str, Service]:
    names = read_json("serviceNames.json")
    return MappingProxyType(
        {
            prefix: Service(prefix, name, retired=False, tables=IamdataTables(prefix))
            for prefix, name in sorted(names.items())
        }
    )
