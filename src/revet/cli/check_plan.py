"""`revet check PLAN.json`: a plan or a state is read and judged."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from revet.cli.judging import Judging, Loaded, timestamp
from revet.files import read_stream
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.errors import InputError, UsageError
from revet.model.verdict import Verdict
from revet.model.work import Work
from revet.plan import Inventory, Reading
from revet.plan.source import can_parse, has_sources
from revet.plan.state import load_plan_or_state

STDIN = "-"
_OF_STATE = "a state: what Terraform knows of what it deployed, not what a plan would make of it"


def check_plan(subject: str, synth: Path | None, source: Path | None, judging: Judging) -> Verdict:
    """Judge a plan or state file.

    Args:
        subject: its path, or `-` for stdin.
        synth: the synthesized configuration that the plan was made of.
        source: folder of the configuration's files.
        judging: what it is judged against.

    Raises:
        UsageError: a file does not exist.
        InputError: a file cannot be read, or is neither a plan nor a state.
        ConfigError: requirements, baseline or waivers are wrong.
        PrerequisiteError: there is a folder of sources, and no parser for them.
    """
    loaded = judging.load()
    if synth is not None:
        _require_file(synth, "--synth")
    if source is not None and not source.is_dir():
        raise UsageError(
            "no such folder",
            where="--source",
            got=f"`{source}`" + (", a file" if source.exists() else ""),
            expected="the folder of the root module's `.tf` files",
            do="correct the path, or leave it out",
        )
    path = Path(subject)
    if subject != STDIN:
        _require_file(path, "PLAN.json")
    found = _Beside(source) if source is not None or subject == STDIN else _beside(path)
    given = _stdin() if subject == STDIN else path
    inventory = load_plan_or_state(given, synth, found.folder)
    is_state = inventory.reading is Reading.STATE
    if source is not None and is_state:
        raise UsageError(
            "`--source` requires a plan",
            where="--source",
            got="a state, which does not hold the configuration that the files belong to",
            do="leave it out, or pass the plan",
        )
    verdict = _judged(inventory, loaded, "stdin" if subject == STDIN else path.name)
    note = _OF_STATE if is_state else found.note
    if not note:
        return verdict
    notes = {**verdict.provenance.notes, "judged" if is_state else "sources": note}
    return replace(verdict, provenance=replace(verdict.provenance, notes=notes))


def _judged(plan: Inventory, loaded: Loaded, stack: str) -> Verdict:
    """The verdict of the whole catalogue, today."""
    now = dt.datetime.now(dt.UTC)
    verdict = judge(
        plan,
        load_catalog(),
        requirements=loaded.requirements,
        waivers=loaded.waivers,
        baseline=loaded.baseline,
        fail_on=loaded.fail_on,
        today=now.date(),
        stack=stack,
        work=None if loaded.time_limit is None else Work(loaded.time_limit),
        frameworks=loaded.frameworks,
        properties=loaded.properties,
        attacks=loaded.attacks,
    )
    return replace(verdict, provenance=replace(verdict.provenance, time=timestamp(now)))


@dataclass(frozen=True, slots=True)
class _Beside:
    """The sources that lie beside a plan: their folder, or why they are not read."""

    folder: Path | None = None
    note: str = ""


def _beside(plan: Path) -> _Beside:
    folder = plan.parent
    if not has_sources(folder):
        return _Beside()
    if not can_parse():
        return _Beside(note=f"those in `{folder}` were not read: `pip install 'revet[sources]'`")
    return _Beside(folder)


def _stdin() -> bytes:
    try:
        return read_stream(sys.stdin.buffer, "stdin")
    except OSError as error:
        raise InputError(
            "the plan cannot be read",
            where="stdin",
            got=(error.strerror or str(error)).lower(),
            expected="a plan as JSON",
            do="`terraform show -json plan.bin | revet check -`",
        ) from error


def _require_file(path: Path, argument: str) -> None:
    if not path.exists() or path.is_dir():
        raise UsageError(
            "no such file",
            where=argument,
            got=f"`{path}`" + (", a folder" if path.is_dir() else ""),
            expected="a JSON file",
            do="`terraform plan -out=plan.bin`, then `terraform show -json plan.bin > plan.json`"
            if argument == "PLAN.json"
            else "correct the path",
        )
