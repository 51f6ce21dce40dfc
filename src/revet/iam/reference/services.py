"""Which services there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from revet.iam.globs import Glob
from revet.iam.reference.frozen import frozen
from revet.iam.reference.tables import Service, read_json


def service(prefix: str) -> Service | None:
    """The service with a prefix, or None when AWS has and had none.

    Args:
        prefix: as in actions, `s3`; any case.
    """
    return _catalog().get(prefix.lower())


@cache
def services() -> frozenset[str]:
    """The prefixes of all services, retired ones included, in lower case."""
    return frozenset(_catalog())


def all_services() -> Mapping[str, Service]:
    """All services by prefix, sorted; their tables are not read yet."""
    return _catalog()


@cache
def data_date() -> dt.date:
    """The day of the service data, to be named in every report."""
    return dt.date.fromisoformat(read_json("metadata.json")["updatedAt"][:10])


def retired_action(action: str) -> dt.date | None:
    """The day on which an action that its living service has lost was last seen, else None.

    AWS's own validation follows the reference with a delay of some months.

    Args:
        action: `service:Action`, any case; of a pattern, the last day of all that it covers.
    """
    known = _retired_actions()
    if "*" not in action and "?" not in action:
        return known.get(action.lower())
    pattern = Glob.parse(action, ignore_case=True, variables=False)
    return max((day for name, day in known.items() if pattern.matches(name)), default=None)


@cache
def _retired_actions() -> Mapping[str, dt.date]:
    rows: dict[str, str] = frozen("retired_actions")["actions"]
    return MappingProxyType(
        {action.lower(): dt.date.fromisoformat(day) for action, day in rows.items()}
    )


@cache
def _catalog() -> Mapping[str, Service]:
    found = {
        prefix: Service(prefix, name, retired=False)
        for prefix, name in read_json("serviceNames.json").items()
    }
    for prefix, entry in frozen("retired_services")["services"].items():
        if prefix not in found:
            tables_of = entry.get("tables_of", "")
            found[prefix] = Service(prefix, entry["name"], retired=True, tables_of=tables_of)
    return MappingProxyType(dict(sorted(found.items())))
