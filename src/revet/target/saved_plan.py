"""A plan that Terraform has saved: the only thing that is ever applied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.model.errors import BlockedError, InputError, raised_as
from revet.model.verdict import Decision, Verdict

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan is going to do.

    A resource that somebody changed by hand shows as an update. `resource_drift` is left out: it
    also lists what the provider merely writes differently (`null` and an empty map).

    Args:
        create: addresses that are created.
        update: addresses that are changed in place.
        delete: addresses that are deleted.
        replace: addresses that are deleted and created anew.
        outputs: names of the outputs that change.
    """

    create: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @classmethod
    def from_plan(cls, plan: Mapping[str, Any]) -> Changes:
        """Read them from a plan's JSON (format version 1.x)."""
        found: dict[str, list[str]] = {"create": [], "update": [], "delete": [], "replace": []}
        for change in plan.get("resource_changes", ()):
            if change["mode"] == "managed":
                kind = kind_of(change["change"]["actions"])
                found.get(kind, []).append(change["address"])
        return cls(
            **{kind: tuple(addresses) for kind, addresses in found.items()},
            outputs=tuple(
                name
                for name, change in plan.get("output_changes", {}).items()
                if change["actions"] != ["no-op"]
            ),
        )

    @property
    def total(self) -> int:
        """Operations on resources; a replacement counts twice, as in Terraform's messages."""
        single = len(self.create) + len(self.update) + len(self.delete)
        return single + 2 * len(self.replace)

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change: no resource, no output."""
        return self.total == 0 and not self.outputs

    def __str__(self) -> str:
        """`3 to create, 1 to delete`; `no changes` for none."""
        parts = (
            (self.create, "to create"),
            (self.update, "to update"),
            (self.replace, "to replace"),
            (self.delete, "to delete"),
            (self.outputs, "outputs"),
        )
        return ", ".join(f"{len(items)} {text}" for items, text in parts if items) or "no changes"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A saved plan file and what it says.

    Args:
        path: the file that `terraform plan -out` wrote.
        sha256: of that file's bytes.
        changes: what it is going to do.
        json_bytes: `terraform show -json` of exactly that file.
    """

    path: Path
    sha256: str
    changes: Changes
    json_bytes: bytes


def kind_of(actions: list[str]) -> str:
    """`create`, `update`, `delete`, `replace`, or what Terraform calls it (`no-op`, `read`)."""
    return "replace" if {"create", "delete"} <= set(actions) else actions[0]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as 64 hex digits.

    Raises:
        InputError: it cannot be read.
    """
    digest = hashlib.sha256()
    with readable(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def readable(path: Path) -> AbstractContextManager[None]:
    """Say so when a saved plan cannot be read in the block, as an `InputError`."""
    return raised_as(InputError, "a saved plan cannot be read", path, do="plan again")


def read_plan_json(raw: bytes, path: Path) -> dict[str, Any]:
    """The JSON form of a plan.

    Raises:
        InputError: it is no JSON object.
    """
    try:
        plan = json.loads(raw)
    except ValueError as error:
        raise InputError(
            "the plan's JSON cannot be read",
            where=str(path),
            got=str(error),
            do="plan again",
        ) from error
    if not isinstance(plan, dict):
        raise InputError("the plan's JSON is not an object", where=str(path), do="plan again")
    return plan


def require_allowed(saved: SavedPlan, verdict: Verdict, found: str) -> None:
    """Refuse to apply anything but the plan that a verdict has allowed.

    Args:
        saved: the plan that is to be applied.
        verdict: what the gate said.
        found: SHA-256 of the bytes that are about to be applied.

    Raises:
        BlockedError: the verdict does not allow it, or is about other bytes.
    """
    if verdict.decision is not Decision.ALLOWED:
        reasons = (*verdict.problems, *verdict.blockers)
        raise BlockedError(
            "the gate has not allowed this plan",
            where=str(saved.path),
            got=f"{verdict.decision.value}: {reasons[0] if reasons else 'no reason given'}",
            expected="allowed",
            do="correct what the verdict names, then plan and check again",
        )
    judged = verdict.provenance.plan_hash
    if not judged or judged != found or saved.sha256 != found:
        raise BlockedError(
            "this is not the plan that the gate has judged",
            where=str(saved.path),
            got=f"sha256 {found}",
            expected=f"sha256 {judged or 'of a plan: the verdict names none'}",
            do="plan and check again; a plan file must not be changed in between",
        )
