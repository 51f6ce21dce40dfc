"""Attacks as data; `docs/schemas/attacks.schema.json` describes the fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.gate.access_fields import misfit, read_layers, require_known, require_texts, unique
from revet.iam.account import PublicAccessBlock
from revet.iam.prove.bearing import LAYERS
from revet.model.attack import Assume, Attack, Expected, Guard
from revet.model.errors import ConfigError
from revet.model.fields import check_fields

_WHAT = "an attack"
_FIELDS = {
    "id": str, "requirement": str, "principal": str, "principals": list, "action": str,
    "resource": str, "context": dict, "expect": str, "guard": dict | list, "grant": dict | list,
    "given": list, "assume": dict, "by": str, "account": str, "owner": str, "region": str,
    "endpoint": str,
}  # fmt: skip
_GUARD_FIELDS = {"at": str, "layer": str, "sid": str, "condition": str, "setting": str}
_ASSUME_FIELDS = {"role": str, "context": dict}
_REGION = "aws:RequestedRegion"


def read_attacks(path: Path) -> list[Attack]:
    """Read a file of attacks.

    Raises:
        ConfigError: it cannot be read or is not one.
    """
    data = read_toml(path, "a file of attacks")
    check_fields(str(path), "a file of attacks", data, {"attack": list}, {"attack"})
    found = [_attack(f"{path}, attack {at}", raw) for at, raw in enumerate(data["attack"], 1)]
    unique(str(path), _WHAT, [one.id for one in found])
    return found


def _attack(where: str, raw: Any) -> Attack:  # noqa: ANN401 - as parsed
    check_fields(where, _WHAT, raw, _FIELDS, ("id", "requirement", "action", "resource"))
    if ("principal" in raw) is ("principals" in raw):
        got = [key for key in ("principal", "principals") if key in raw]
        raise misfit(where, _WHAT, got, "exactly one of `principal` and `principals`")
    for key in ("principals", "given"):
        require_texts(where, _WHAT, key, raw)
    require_known((raw["action"], *raw.get("given", ())), where)
    if "*" in raw["action"] or "?" in raw["action"]:
        raise misfit(where, _WHAT, ["action"], "one action, without wildcards")
    if raw.get("expect", Expected.DENIED) not in list(Expected):
        raise ConfigError(
            "an attack expects something unknown",
            where=where,
            got=f"`{raw['expect']}`",
            expected=", ".join(f"`{one.value}`" for one in Expected),
            do="write one of them",
        )
    expect = Expected(raw.get("expect", Expected.DENIED))
    other = "grant" if expect is Expected.DENIED else "guard"
    if other in raw:
        raise misfit(where, _WHAT, [other], f'no `{other}` with `expect = "{expect}"`')
    _, by = read_layers(where, _WHAT, raw)
    if by is not None and expect is Expected.ALLOWED:
        raise misfit(where, _WHAT, ["by"], '`by` goes with `expect = "denied"` alone')
    return Attack(
        raw["id"],
        raw["requirement"],
        tuple(raw.get("principals", [raw["principal"]] if "principal" in raw else [])),
        raw["action"],
        raw["resource"],
        _context(where, raw),
        expect,
        _guards(where, raw.get("guard", [])),
        _guards(where, raw.get("grant", [])),
        tuple(raw.get("given", ())),
        _assume(where, raw),
        raw.get("by", ""),
        raw.get("account", ""),
        raw.get("owner", ""),
        raw.get("region", ""),
        raw.get("endpoint", ""),
    )


def _context(where: str, raw: Mapping[str, Any]) -> Mapping[str, str]:
    context = raw.get("context", {})
    for key, value in context.items():
        if not isinstance(value, str):
            raise misfit(where, _WHAT, [f"context.{key}"], "a text for each key")
    if "region" in raw and _REGION.lower() in map(str.lower, context):
        raise misfit(where, _WHAT, ["region", "context"], f"`{_REGION}` once")
    return {**context, **({_REGION: raw["region"]} if "region" in raw else {})}


def _assume(where: str, raw: Mapping[str, Any]) -> Assume | None:
    if "assume" not in raw:
        return None
    check_fields(where, "the `assume` of an attack", raw["assume"], _ASSUME_FIELDS, {"role"})
    return Assume(raw["assume"]["role"], _context(f"{where}, assume", raw["assume"]))


def _guards(where: str, raw: Any) -> tuple[Guard, ...]:  # noqa: ANN401 - as parsed
    found = []
    for item in raw if isinstance(raw, list) else [raw]:
        check_fields(where, "a guard or grant", item, _GUARD_FIELDS, {"at"})
        if "setting" in item and set(item) - {"at", "setting"}:
            raise misfit(where, "a guard or grant", item, "nothing but `at` beside `setting`")
        if "condition" in item and "sid" not in item:
            raise misfit(where, "a guard or grant", item, "the `sid` of the condition's statement")
        for key, known in (("layer", tuple(LAYERS)), ("setting", PublicAccessBlock.__slots__)):
            if key in item and item[key] not in known:
                raise ConfigError(
                    f"a guard or grant names an unknown {key}",
                    where=where,
                    got=f"`{item[key]}`",
                    expected=", ".join(f"`{one}`" for one in known),
                    do="write one of them",
                )
        found.append(Guard(**item))
    return tuple(found)
