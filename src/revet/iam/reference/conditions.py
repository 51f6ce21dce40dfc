"""Condition keys, global ones and those of services and identity providers.

Sources: AWS IAM User Guide, "AWS global condition context keys" and "IAM and AWS STS condition
context keys"; AWS Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from revet.iam.reference.frozen import frozen
from revet.iam.reference.records import ConditionKey
from revet.iam.reference.services import service
from revet.iam.reference.tables import key_of, read_json

_PLACEHOLDER = re.compile(r"\$\{[^{}]*\}|<[^<>]*>")
_GLOBAL, _MORE = "aws", "*"
_FROZEN = {_GLOBAL: "global_condition_keys", _MORE: "more_condition_keys"}
_ANYTHING, _NO_COLON = ".+", "[^:]+"
"""What can stand for a placeholder. A tag key may hold colons, the name of a host does not."""
_Fits = Callable[[str], object]


@lru_cache(maxsize=1024)
def condition_key(key: str) -> ConditionKey | None:
    """The condition key that a policy names, or None when there is none.

    Args:
        key: any case; with the chosen part of a template filled in (`aws:RequestTag/team`) or as
            AWS writes it (`aws:RequestTag/${TagKey}`).
    """
    wanted = key.lower()
    prefix = wanted.partition(":")[0]
    for source in _sources(prefix):
        table = _table(source)
        found = table.get(wanted)
        if found is not None:
            return found
        for fits, template in _templates(source):
            if fits(wanted):
                return template
    return None


def global_condition_keys() -> Mapping[str, ConditionKey]:
    """All keys with the prefix `aws:`, by name in lower case, templates kept."""
    return _table(_GLOBAL)


def _sources(prefix: str) -> Iterator[str]:
    """The tables that may hold the keys with a prefix; a service's table has its prefix as name."""
    if prefix == _GLOBAL:
        yield prefix
        return
    if service(prefix) is not None:
        yield prefix
    for fits, owners in _foreign_prefixes():
        if fits(prefix):
            yield from owners
    yield _MORE


@cache
def _table(source: str) -> Mapping[str, ConditionKey]:
    if source in _FROZEN:
        rows = frozen(_FROZEN[source])["keys"]
        return MappingProxyType(
            {
                row["name"].lower(): key_of(row["name"], row["type"], row.get("also", ()))
                for row in rows
            }
        )
    found = service(source)
    return MappingProxyType({}) if found is None else found.condition_keys


@cache
def _templates(source: str) -> tuple[tuple[_Fits, ConditionKey], ...]:
    """Tests for the keys of a table of which a part is chosen by the user; narrow ones first."""
    open_keys = sorted(
        (key for key in _table(source).values() if key.is_template),
        key=lambda key: -len(_PLACEHOLDER.sub("", key.name)),
    )
    chosen = _NO_COLON if source == _MORE else _ANYTHING
    return tuple((_test_of(key.name, chosen), key) for key in open_keys)


@cache
def _foreign_prefixes() -> tuple[tuple[_Fits, tuple[str, ...]], ...]:
    """Prefixes that are no service's own, with the services in whose tables their keys stand."""
    owners: dict[str, list[str]] = read_json("unassociatedConditions.json")
    return tuple((_test_of(prefix, _NO_COLON), tuple(names)) for prefix, names in owners.items())


def _test_of(template: str, chosen: str) -> _Fits:
    pieces = _PLACEHOLDER.split(template.lower())
    return re.compile(chosen.join(map(re.escape, pieces)) + r"\Z").match
