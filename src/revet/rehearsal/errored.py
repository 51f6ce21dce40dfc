"""The state that Terraform could not write where it belongs, to a full disk for instance.

Terraform then writes `errored.tfstate` into the folder that it runs in
(https://developer.hashicorp.com/terraform/language/state/backends#manual-state-pull-push). That
folder is synthesized anew by the next run, so the file is moved beside the state, and put in its
place as soon as that can be written again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from revet.model.errors import RevetError, TargetError, raised_as

FILE = "errored.tfstate"


@contextlib.contextmanager
def kept(directory: Path, workdir: Path, again: str) -> Iterator[None]:
    """Keep the state that Terraform could not write as the block failed, and say where it is.

    Args:
        directory: that Terraform runs in.
        workdir: where it is kept.
        again: the command that goes on.

    Raises:
        TargetError: there is one.
    """
    try:
        yield
    except RevetError as error:
        path = directory / FILE
        if not path.is_file():
            raise
        place = path
        with contextlib.suppress(OSError):  # it stays where it is, which is said
            place = path.replace(workdir / FILE)
        raise TargetError(
            "Terraform could not write its state; what it has made is in a file beside it",
            where=str(place),
            got=" ".join(error.what.split()),
            expected="room for the state",
            do=f"free some space, then {again}, which puts the file in the state's place"
            if place != path
            else f"keep a copy of that file, free some space, then `terraform state push {path}`",
        ) from error


def restore(workdir: Path, state: Path | None) -> bool:
    """Put a state that was kept in its place.

    Args:
        workdir: where it was kept.
        state: the state file; None when a backend of the configuration's own keeps the state.

    Returns:
        Whether there was one.

    Raises:
        TargetError: it cannot be put there; the message says what to do.
    """
    path = workdir / FILE
    if not path.is_file():
        return False
    newer = _read(path)
    older = _read(state) if state is not None and state.is_file() else {}
    if state is None or newer is None or not _follows(newer, older):
        raise TargetError(
            "an earlier run could not write its state, and what it has kept does not follow on the "
            "state that is there",
            where=str(path),
            got="another lineage or an older serial" if state is not None else "a remote state",
            expected="the state that holds what was deployed",
            do=f"`terraform state push {path}` in the stack's folder, then remove that file",
        )
    with raised_as(
        TargetError,
        "the state that an earlier run has kept cannot be put in its place",
        path,
        do="free some space, and run the same command again",
    ):
        path.replace(state)
    return True


def _read(path: Path) -> Mapping[str, Any] | None:
    """A state; None when it is cut off or something else."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and "serial" in content else None


def _follows(newer: Mapping[str, Any], older: Mapping[str, Any] | None) -> bool:
    """Whether a state comes after another; one that is broken or empty comes before all."""
    if not older:
        return True
    return bool(newer.get("lineage") == older.get("lineage") and newer["serial"] > older["serial"])
