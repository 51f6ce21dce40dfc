"""Properties of an account as data, proved over a plan, a state or an account.

A property says of the requests of one subject that none is allowed, that one stays possible, or of
a resource that its policy lets no outsider in. `docs/schemas/properties.schema.json` describes the
fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.iam.prove.properties import Account, Asked, Holds, Proved
from revet.iam.prove.requests import require_actions, require_resources
from revet.model.errors import ConfigError, InputError
from revet.model.fields import check_fields
from revet.plan import Inventory
from revet.plan.account import account_of
from revet.plan.values import Symbolic

_FIELDS = {
    "id": str, "requirement": str, "text": str, "check": str, "subject": str, "actions": list,
    "not_actions": list, "resources": list, "context": list,
}  # fmt: skip
_CONTEXT_FIELDS = {"key": str, "values": list, "other_than": list, "absent": bool}


class Check(StrEnum):
    """What a property says of its requests."""

    ACCESS_NOT_GRANTED = "access-not-granted"
    STAYS_POSSIBLE = "stays-possible"
    NO_PUBLIC_ACCESS = "no-public-access"


@dataclass(frozen=True, slots=True)
class Property:
    """One property.

    Args:
        id: stable in its file.
        requirement: id of the requirement that it proves.
        text: what holds, one sentence.
        check: what it says.
        subject: output, address or ARN of what carries the policies.
        asked: the requests; outputs stand for their values.
    """

    id: str
    requirement: str
    text: str
    check: Check
    subject: str
    asked: Asked


def read_properties(path: Path) -> list[Property]:
    """Read a properties file.

    Raises:
        ConfigError: it cannot be read or is not one.
    """
    data = read_toml(path, "a properties file")
    check_fields(str(path), "a properties file", data, {"property": list}, {"property"})
    found = [_property(f"{path}, property {at}", raw) for at, raw in enumerate(data["property"], 1)]
    ids = [one.id for one in found]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise ConfigError(
            "a property id appears twice",
            where=str(path),
            got=f"`{twice}`",
            expected="every id once",
            do="rename or remove one of them",
        )
    return found


def _property(where: str, raw: Any) -> Property:  # noqa: ANN401 - as parsed
    needed = {"id", "requirement", "text", "check", "subject"}
    check_fields(where, "a property", raw, _FIELDS, needed)
    if raw["check"] not in list(Check):
        raise ConfigError(
            "a property has an unknown check",
            where=where,
            got=f"`{raw['check']}`",
            expected=", ".join(f"`{one.value}`" for one in Check),
            do="write one of them",
        )
    check = Check(raw["check"])
    about = [key for key in ("actions", "not_actions", "resources", "context") if key in raw]
    if check is Check.NO_PUBLIC_ACCESS and about:
        raise _misfit(where, about, "`no-public-access` takes none of them")
    if check is not Check.NO_PUBLIC_ACCESS and ("actions" in raw) is ("not_actions" in raw):
        raise _misfit(where, about, "exactly one of `actions` and `not_actions`")
    keys: set[str] = set()
    for key in about:
        _require_texts(where, key, raw[key])
    for item in raw.get("context", ()):
        check_fields(where, "a context of a property", item, _CONTEXT_FIELDS, {"key"})
        if len(set(item) & {"values", "other_than", "absent"}) != 1:
            raise _misfit(where, item, "one of `values`, `other_than` and `absent` for a key")
        if item.get("absent") is False or item["key"].lower() in keys:
            raise _misfit(where, [item["key"]], "each key once, and `absent = true`")
        keys.add(item["key"].lower())
        for key in set(item) & {"values", "other_than"}:
            _require_texts(where, key, item[key])
    try:
        require_actions((*raw.get("actions", ()), *raw.get("not_actions", ())), where)
    except InputError as error:
        raise ConfigError(
            error.what, where=where, got=error.got, expected=error.expected, do=error.do
        ) from error
    asked = Asked(
        tuple(raw.get("actions", ())),
        tuple(raw.get("not_actions", ())),
        tuple(raw.get("resources", ("*",))),
        tuple(raw.get("context", ())),
    )
    return Property(raw["id"], raw["requirement"], raw["text"], check, raw["subject"], asked)


def _require_texts(where: str, key: str, value: list[Any]) -> None:
    if not value or (key != "context" and not all(isinstance(one, str) and one for one in value)):
        raise _misfit(where, [key], f"`{key}` is a list of texts, and not empty")


def _misfit(where: str, got: Iterable[str], expected: str) -> ConfigError:
    return ConfigError(
        "the fields of a property do not fit its check",
        where=where,
        got=", ".join(f"`{key}`" for key in got) or "none of them",
        expected=expected,
        do="correct it",
    )


class Proofs:
    """Properties over one inventory.

    Args:
        inventory: a plan, a state or an account.
        outputs: further values that properties name, for example a stack's outputs.
    """

    def __init__(self, inventory: Inventory, outputs: Mapping[str, Any] | None = None) -> None:
        self._account = Account(account_of(inventory))
        self._outputs = {
            name: _text(value) for name, value in {**inventory.outputs, **(outputs or {})}.items()
        }

    def prove(self, one: Property) -> Proved:
        """Prove a property.

        Raises:
            InputError: its subject is neither an output nor a principal or resource, or a resource
                is neither an output nor an ARN.
        """
        unknown = [name for name in _named(one) if self._outputs.get(name, "") is None]
        if unknown:
            doubts = tuple(f"what the output `{name}` will be" for name in unknown)
            return Proved(Holds.UNKNOWN, doubts=doubts)
        subject = self._value(one.subject)
        if one.check is Check.NO_PUBLIC_ACCESS:
            return self._account.not_public(subject)
        asked = Asked(
            one.asked.actions,
            one.asked.not_actions,
            tuple(map(self._value, one.asked.resources)),
            tuple(self._context(item) for item in one.asked.context),
        )
        require_resources(asked.resources, f"property `{one.id}`")
        if one.check is Check.STAYS_POSSIBLE:
            return self._account.possible(subject, asked)
        return self._account.never(subject, asked)

    def who_can(self, asked: Asked) -> list[tuple[str, Proved]]:
        """Of each principal, whether one of some requests is allowed to it."""
        return [
            (name, self._account.possible(name, asked)) for name in self._account.picture.principals
        ]

    def _value(self, text: str) -> str:
        return self._account.text(self._outputs.get(text) or text)

    def _context(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            key: [self._value(one) for one in value] if isinstance(value, list) else value
            for key, value in item.items()
        }


def _named(one: Property) -> list[str]:
    """All that may be the name of an output."""
    values = [
        text
        for item in one.asked.context
        for key in ("values", "other_than")
        for text in item.get(key, ())
    ]
    return [one.subject, *one.asked.resources, *values]


def _text(value: object) -> str | None:
    if isinstance(value, Symbolic):
        return f"${{{value.references[0]}}}" if len(value.references) == 1 else None
    return value if isinstance(value, str) else None


__all__ = ["Check", "Holds", "Proofs", "Property", "read_properties"]
