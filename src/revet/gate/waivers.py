"""Waivers: findings that somebody answers for, until a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from revet.files import read_toml
from revet.model.errors import ConfigError
from revet.model.fields import check_fields, check_name
from revet.model.finding import Finding, Status
from revet.model.verdict import Waiver

_FIELDS: dict[str, type] = {
    "control": str,
    "address": str,
    "reason": str,
    "owner": str,
    "expires": object,
    "approver": str,
    "ticket": str,
    "fingerprint": str,
}
_NEEDED = ("control", "address", "reason", "owner")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONG_AGO = dt.date.min
_WAIVABLE = (Status.FAIL, Status.UNKNOWN)


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read a waiver file.

    Args:
        path: TOML with `[[waiver]]` tables: `control`, `address` (an instance address or `*`),
            `reason`, `owner`, `expires` (a date, the last day on which it holds); optional
            `approver`, `ticket`, `fingerprint`.

    Returns:
        The waivers in the file's order. One whose date is missing or unreadable is among them: it
        counts as expired, and its `flaw` says why, so that the others are not lost.

    Raises:
        ConfigError: the file cannot be read, or a field is unknown, of the wrong type or missing.
    """
    data = read_toml(path, "a waiver file")
    check_fields(str(path), "a waiver file", data, {"waiver": list})
    return tuple(
        _waiver(f"{path}, waiver {number}", raw)
        for number, raw in enumerate(data.get("waiver", []), start=1)
    )


def _waiver(where: str, raw: Mapping[str, Any]) -> Waiver:
    check_fields(where, "a waiver", raw, _FIELDS, _NEEDED)
    if raw.get("fingerprint") == "":
        raise ConfigError(
            "a waiver with an empty fingerprint",
            where=where,
            got='`fingerprint = ""`, which would cover every finding',
            expected="the fingerprint that the finding shows",
            do="give it, or remove the field",
        )
    fields = {name: value for name, value in raw.items() if name != "expires"}
    expires, flaw = _date(raw.get("expires"))
    return Waiver(**fields, expires=expires, flaw=flaw)


def _date(value: object) -> tuple[dt.date, str]:
    if value is None:
        return _LONG_AGO, "`expires` is missing; a waiver needs a last day, for example 2030-12-31"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value, ""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value), ""
        except ValueError:
            pass
    return _LONG_AGO, f"`expires = {value!s}` is not a date; write it as 2030-12-31"


@dataclass(frozen=True, slots=True)
class Waived:
    """Findings after the waivers.

    Args:
        findings: those that a waiver covers have status *waived* and say why.
        expired: waivers that hold no longer, or never did.
        unused: waivers that hold and covered nothing.
    """

    findings: tuple[Finding, ...]
    expired: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]


def waive(findings: Iterable[Finding], waivers: Iterable[Waiver], today: dt.date) -> Waived:
    """Apply waivers to failures and unknowns.

    Args:
        findings: of the engine.
        waivers: in any order; the first that covers a finding is the one that is shown with it.
        today: the day for which they must hold.
    """
    rows = tuple(waivers)
    expired = tuple(waiver for waiver in rows if waiver.flaw or waiver.expires < today)
    by_control: dict[str, list[Waiver]] = {}
    for waiver in rows:
        by_control.setdefault(waiver.control, []).append(waiver)
    used: set[int] = set()
    result: list[Finding] = []
    for finding in findings:
        covering = [
            waiver
            for waiver in by_control.get(finding.control, ())
            if finding.status in _WAIVABLE and waiver.covers(finding, today)
        ]
        used.update(id(waiver) for waiver in covering)
        result.append(_waived(finding, covering[0]) if covering else finding)
    unused = tuple(row for row in rows if row not in expired and id(row) not in used)
    return Waived(tuple(result), expired, unused)


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    text = f"{waiver.reason} ({waiver.owner}, until {waiver.expires.isoformat()})"
    return replace(finding, status=Status.WAIVED, waiver=text)


def check_known(waivers: Iterable[Waiver], controls: Collection[str]) -> None:
    """Make sure that waivers name controls that exist.

    Raises:
        ConfigError: one does not; a mistyped id would cover nothing without a word.
    """
    what, do = "a waiver names a control that does not exist", "correct it, or remove the waiver"
    for waiver in waivers:
        check_name(waiver.control, controls, what, f"waiver for `{waiver.address}`", do=do)
