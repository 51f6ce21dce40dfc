"""Properties of an account as data; `docs/schemas/properties.schema.json` describes the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.gate.access_fields import misfit, read_layers, require_known, require_texts, unique
from revet.iam.account import PrincipalKind
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.asked import Asked
from revet.model.errors import ConfigError
from revet.model.fields import check_fields

_WHAT = "a property"
_FIELDS = {
    "id": str, "requirement": str, "text": str, "check": str, "expect": str, "subject": str,
    "subjects": list, "every": str, "like": list, "except": list, "actions": list,
    "not_actions": list, "resources": list, "context": list, "account": str, "region": str,
    "layers": list, "by": str, "endpoint": str, "given": list,
}  # fmt: skip
_CONTEXT_FIELDS = {"key": str, "values": list, "other_than": list, "absent": bool}
_REGION = "aws:RequestedRegion"
_ANY_PRINCIPAL = "principal"
_OF_REQUESTS = (
    "actions", "not_actions", "resources", "context", "region", "layers", "by", "endpoint",
    "every", "given",
)  # fmt: skip


class Check(StrEnum):
    """What a property says of its requests."""

    ACCESS_NOT_GRANTED = "access-not-granted"
    """None is allowed; `expect = "denied"` says the same."""
    STAYS_POSSIBLE = "stays-possible"
    """One is allowed."""
    NO_PUBLIC_ACCESS = "no-public-access"
    EACH_ALLOWED = "each-allowed"
    """`expect = "allowed"`: each is allowed."""


_EXPECTED = {"denied": Check.ACCESS_NOT_GRANTED, "allowed": Check.EACH_ALLOWED}
_CHECKS = tuple(one for one in Check if one is not Check.EACH_ALLOWED)


@dataclass(frozen=True, slots=True)
class Property:
    """One property.

    Args:
        id: stable in its file.
        requirement: id of the requirement that it proves.
        text: what holds, one sentence.
        check: what it says.
        subjects: outputs, addresses or ARNs of what carries the policies; it holds for each.
        every: in their place all principals of a kind, or `principal` for all of them.
        like: patterns of addresses or ARNs that those must fit; none for all.
        but: patterns of those that it is not about.
        asked: the requests; outputs stand for their values.
        account: id of the account that it is about, or an output; empty for whichever it is.
        out: the layers that do not count.
        by: the layer whose denial it must be; `None` where that does not matter.
        endpoint: output or address of the VPC endpoint that the requests go through.
        given: actions that an identity policy allows the subjects on everything, beside what they
            have: what somebody could grant them one day.
    """

    id: str
    requirement: str
    text: str
    check: Check
    subjects: tuple[str, ...]
    asked: Asked
    every: str = ""
    like: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    account: str = ""
    out: frozenset[Layer] = field(default_factory=frozenset)
    by: Layer | None = None
    endpoint: str = ""
    given: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What it is about, in words."""
        if not self.every:
            return ", ".join(self.subjects)
        parts = [f"every {self.every}"]
        parts += [f"like {', '.join(self.like)}"] if self.like else []
        parts += [f"except {', '.join(self.but)}"] if self.but else []
        return " ".join(parts)

    @property
    def names(self) -> list[str]:
        """All that may be the name of an output."""
        values = [
            text
            for item in self.asked.context
            for key in ("values", "other_than")
            for text in item.get(key, ())
        ]
        patterns = (*self.subjects, *self.like, *self.but, *self.asked.resources)
        return [*patterns, *values, self.account, self.endpoint]


def read_properties(path: Path) -> list[Property]:
    """Read a properties file.

    Raises:
        ConfigError: it cannot be read or is not one.
    """
    data = read_toml(path, "a properties file")
    check_fields(str(path), "a properties file", data, {"property": list}, {"property"})
    found = [_property(f"{path}, property {at}", raw) for at, raw in enumerate(data["property"], 1)]
    unique(str(path), _WHAT, [one.id for one in found])
    return found


def _property(where: str, raw: Any) -> Property:  # noqa: ANN401 - as parsed
    check_fields(where, _WHAT, raw, _FIELDS, ("id", "requirement", "text"))
    check = _check(where, raw)
    _require_subjects(where, raw)
    about = [key for key in _OF_REQUESTS if key in raw]
    if check is Check.NO_PUBLIC_ACCESS and about:
        raise _misfit(where, about, "`no-public-access` takes none of them")
    if check is not Check.NO_PUBLIC_ACCESS and ("actions" in raw) is ("not_actions" in raw):
        raise _misfit(where, about, "exactly one of `actions` and `not_actions`")
    for key in ("actions", "not_actions", "resources", "context", "given"):
        require_texts(where, _WHAT, key, raw)
    named = [action for key in ("actions", "not_actions", "given") for action in raw.get(key, ())]
    require_known(named, where)
    out, by = read_layers(where, _WHAT, raw)
    if by is not None and check is not Check.ACCESS_NOT_GRANTED:
        raise _misfit(where, ["by"], '`by` goes with `expect = "denied"` alone')
    asked = Asked(
        tuple(raw.get("actions", ())),
        tuple(raw.get("not_actions", ())),
        tuple(raw.get("resources", ("*",))),
        tuple(_context(where, raw)),
    )
    return Property(
        raw["id"],
        raw["requirement"],
        raw["text"],
        check,
        tuple(raw.get("subjects", [raw["subject"]] if "subject" in raw else [])),
        asked,
        raw.get("every", ""),
        tuple(raw.get("like", ())),
        tuple(raw.get("except", ())),
        raw.get("account", ""),
        out,
        by,
        raw.get("endpoint", ""),
        tuple(raw.get("given", ())),
    )


def _check(where: str, raw: Mapping[str, Any]) -> Check:
    if ("check" in raw) is ("expect" in raw):
        got = [key for key in ("check", "expect") if key in raw]
        raise _misfit(where, got, "exactly one of `check` and `expect`")
    if "expect" in raw:
        if raw["expect"] not in _EXPECTED:
            raise _unknown(where, "expect", raw["expect"], _EXPECTED)
        return _EXPECTED[raw["expect"]]
    if raw["check"] not in _CHECKS:
        raise _unknown(where, "check", raw["check"], _CHECKS)
    return Check(raw["check"])


def _unknown(where: str, key: str, got: str, known: Iterable[str]) -> ConfigError:
    return ConfigError(
        f"a property has an unknown {key}",
        where=where,
        got=f"`{got}`",
        expected=", ".join(f"`{one}`" for one in known),
        do="write one of them",
    )


def _require_subjects(where: str, raw: Mapping[str, Any]) -> None:
    named = [key for key in ("subject", "subjects", "every") if raw.get(key)]
    if len(named) != 1:
        raise _misfit(where, named, "exactly one of `subject`, `subjects` and `every`")
    kinds = (*PrincipalKind, _ANY_PRINCIPAL)
    if "every" in raw and raw["every"] not in kinds:
        raise _unknown(where, "kind of principal", raw["every"], kinds)
    for key in ("subjects", "like", "except"):
        require_texts(where, _WHAT, key, raw)
        if key != "subjects" and key in raw and "every" not in raw:
            raise _misfit(where, [key], f"`{key}` goes with `every` alone")


def _context(where: str, raw: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    keys: set[str] = set()
    items = list(raw.get("context", ()))
    if "region" in raw:
        items.append({"key": _REGION, "values": [raw["region"]]})
    for item in items:
        check_fields(where, "a context of a property", item, _CONTEXT_FIELDS, {"key"})
        if len(set(item) & {"values", "other_than", "absent"}) != 1:
            raise _misfit(where, item, "one of `values`, `other_than` and `absent` for a key")
        if item.get("absent") is False or item["key"].lower() in keys:
            raise _misfit(where, [item["key"]], "each key once, and `absent = true`")
        keys.add(item["key"].lower())
        for key in ("values", "other_than"):
            require_texts(where, _WHAT, key, item)
        yield item


def _misfit(where: str, got: Iterable[str], expected: str) -> ConfigError:
    return misfit(where, _WHAT, got, expected)
