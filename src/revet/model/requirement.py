"""Requirements, the evidence for them, and the matrix that joins the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from revet.model.errors import ConfigError
from revet.model.fields import check_fields
from revet.model.finding import Origin, Status


class Judged(StrEnum):
    """How a requirement is judged."""

    CONSTRUCTION = "C"
    PLAN = "P"
    PROOF = "X"
    LIVE = "L"
    ATTACK = "A"

    @property
    def label(self) -> str:
        """The word for a table's heading."""
        return {"C": "construction", "P": "plan", "X": "proof", "L": "live", "A": "attack"}[self]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of a requirements file.

    Args:
        id: stable, for example `TAP-03`.
        text: what is required.
        judged: the ways in which it must be judged, in the order C P X L A.
        constructs: constructs that implement it, as `service.Class` (`s3.Bucket`).
        controls: ids of the controls that judge it, in the plan and live.
        uncovered: of them those about what need not be there, each with the reason that is told
            where it is not: the row is then waived in that respect.
    """

    id: str
    text: str
    judged: tuple[Judged, ...]
    constructs: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    uncovered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequirementSet:
    """A requirements file.

    Args:
        name: blueprint or file it comes from.
        rows: the requirements, in the file's order.
        settings: control id to the parameters that these requirements ask for.
    """

    name: str
    rows: tuple[Requirement, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, name: str, data: Mapping[str, Any]) -> RequirementSet:
        """Read the parsed TOML of a requirements file.

        Args:
            name: shown in messages.
            data: `{"requirement": [{id, text, judged, constructs, controls}], "settings": {…}}`.

        Raises:
            ConfigError: an unknown or missing field, an id twice, an unknown way of judging.
        """
        check_fields(name, "a requirements file", data, _TABLES, ("requirement",))
        rows: list[Requirement] = []
        for number, raw in enumerate(data["requirement"], start=1):
            rows.append(_row(f"{name}, requirement {number}", raw))
            if rows[-1].id in {row.id for row in rows[:-1]}:
                raise ConfigError(
                    "a requirement id appears twice",
                    where=name,
                    got=f"`{rows[-1].id}`",
                    expected="every id once",
                    do="rename or remove one of them",
                )
        return cls(name, tuple(rows), data.get("settings", {}))


_TABLES = {"requirement": list, "settings": dict}
_TEXTS = list[str]
_FIELDS = {
    "id": str, "text": str, "judged": _TEXTS, "constructs": _TEXTS, "controls": _TEXTS,
    "uncovered": dict,
}  # fmt: skip


def _row(where: str, raw: Mapping[str, Any]) -> Requirement:
    check_fields(where, "a requirement", raw, _FIELDS, ("id", "text", "judged"))
    try:
        judged = tuple(sorted({Judged(way) for way in raw["judged"]}, key=list(Judged).index))
    except ValueError as error:
        raise ConfigError(
            "an unknown way of judging",
            where=where,
            got=f"`{raw['judged']}`",
            expected="`C`, `P`, `X`, `L`, `A`",
            do="correct it",
        ) from error
    uncovered = raw.get("uncovered", {})
    for control, reason in uncovered.items():
        if control not in raw.get("controls", ()) or not isinstance(reason, str) or not reason:
            raise ConfigError(
                "what a requirement leaves uncovered is not one of its controls with a reason",
                where=where,
                got=f"`{control} = {reason!r}`",
                expected="one of `controls`, and why there may be nothing to look at",
                do="correct it",
            )
    return Requirement(
        raw["id"],
        raw["text"],
        judged,
        tuple(raw.get("constructs", ())),
        tuple(raw.get("controls", ())),
        uncovered,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against a requirement.

    Args:
        requirement: its id.
        judged: in which of the five ways.
        source: what looked: a construct, a control, a property or an attack, by id.
        subject: construct path, resource address or ARN that was looked at.
        status: the answer.
        origin: synthesis, plan, emulated or real.
        detail: what was seen.
        certificate: `sha256:` and the hash of a proof's certificate; empty where there is none.
    """

    requirement: str
    judged: Judged
    source: str
    subject: str
    status: Status
    origin: Origin
    detail: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement judged in one way.

    Args:
        judged: the way.
        status: the worst of its evidence; *not exercised* without any.
        evidence: all of it.
    """

    judged: Judged
    status: Status
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One requirement with all that speaks for or against it.

    Args:
        requirement: the row of the requirements file.
        cells: one for each way in which it must be judged.
    """

    requirement: Requirement
    cells: tuple[Cell, ...]

    @property
    def status(self) -> Status:
        """The worst of the cells."""
        return worst([cell.status for cell in self.cells])


_WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.NOT_EXERCISED, Status.WAIVED, Status.PASS)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of some statuses; *not exercised* when there is none, and it is worse than pass."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), Status.NOT_EXERCISED)


def matrix(rows: Iterable[Requirement], evidence: Iterable[Evidence]) -> tuple[MatrixRow, ...]:
    """Join requirements with evidence.

    Args:
        rows: the requirements, in the order in which they are shown.
        evidence: in any order; evidence for a way that a requirement does not ask for is left out.

    Returns:
        One row a requirement, one cell for each way in which it must be judged.
    """
    gathered: dict[tuple[str, Judged], list[Evidence]] = {}
    for item in evidence:
        gathered.setdefault((item.requirement, item.judged), []).append(item)
    return tuple(
        MatrixRow(
            row,
            tuple(
                Cell(
                    way,
                    worst(item.status for item in gathered.get((row.id, way), [])),
                    tuple(gathered.get((row.id, way), ())),
                )
                for way in row.judged
            ),
        )
        for row in rows
    )
