"""The words that random cases are made of: vocabulary.toml, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text())


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    type: str
    values: tuple[str, ...]
    many: bool = False
    service: bool = False
    derived: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    prefix: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    keys: tuple[str, ...]
    policy: bool
    rcp: bool
    weight: int
    provider: str = ""


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }


KEYS = {name: Key(name, **_frozen(entry)) for name, entry in _DATA["keys"].items()}
SERVICES = tuple(Service(**_frozen(entry)) for entry in _DATA["services"])
ACCOUNTS: tuple[str, ...] = tuple(_DATA["accounts"])
WORDS: tuple[str, ...] = tuple(_DATA["words"])
ODD_WORDS: tuple[str, ...] = tuple(_DATA["odd_words"])
SERVICE_CALLERS: tuple[str, ...] = tuple(_DATA["service_callers"])
