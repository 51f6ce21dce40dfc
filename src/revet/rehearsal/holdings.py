"""What a stack has brought into its target, so that its destroy can say what it leaves there.

Before the first apply, what the target holds is written down; after each apply, what is new. A
destroy compares: what is there, was not there before and is not of another stack, is left behind,
whether the state ever knew of it (a log group that a function has made), knows no more of it
(`terraform state rm`), or was lost. The record is sealed, since the folder that it lies in may come
from anybody.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from revet.files import read_given, replace_file, seal, unseal
from revet.model.errors import InputError, RevetError, raised_as
from revet.plan.address import type_of
from revet.plan.terraform_types import terraform_type
from revet.target.base import Target

FILE = "holdings.sealed"
_PURPOSE = "record of what a stack has made"


@dataclass(frozen=True, slots=True)
class Holdings:
    """The record of one stack on one target.

    Args:
        before: what the target held before the stack's first apply, as `Target.leftovers` lists
            it; None when the target cannot list.
        made: what its applies have added; of two that ran at the same time, what both have.
        addresses: what the state held after the last apply that succeeded, and after those that
            failed since.
    """

    before: frozenset[str] | None = None
    made: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def left(self, found: list[str], others: frozenset[str]) -> list[str]:
        """What is left of the stack.

        Args:
            found: what the target holds after the destroy.
            others: what other stacks have made.
        """
        return sorted(set(found) - (self.before or frozenset()) - (others - self.made))


def read_holdings(workdir: Path) -> Holdings | None:
    """The record in a working folder; None when there is none.

    Raises:
        InputError: it cannot be read, or revet did not write it for this user.
        PrerequisiteError: the key that it is sealed with cannot be used.
    """
    path = workdir / FILE
    what = "the record of what a stack has made cannot be read"
    with raised_as(InputError, what, path, do="make it readable"):
        try:
            sealed = read_given(path)
        except FileNotFoundError:
            return None
    data: dict[str, Any] = json.loads(unseal(sealed, _bound(workdir), str(path)))
    before = data["before"]
    return Holdings(
        None if before is None else frozenset(before),
        frozenset(data["made"]),
        frozenset(data["addresses"]),
    )


def made_by_others(workdir: Path) -> frozenset[str]:
    """What the records of the other stacks on the same target say that they have made.

    A record that cannot be believed excuses nothing.

    Args:
        workdir: of this stack, `<project's folder>/<stack>/<target>`.
    """
    found: set[str] = set()
    for path in workdir.parent.parent.glob(f"*/{workdir.name}/{FILE}"):
        if path.parent.resolve() == workdir.resolve():
            continue
        with contextlib.suppress(RevetError):
            other = read_holdings(path.parent)
            found |= other.made if other else frozenset()
    return frozenset(found)


@contextlib.contextmanager
def recording(target: Target, workdir: Path) -> Iterator[list[str]]:
    """Keep the record up to date while the block applies a plan.

    Args:
        target: where it is applied; what a disposable one holds is not recorded.
        workdir: the working folder.

    Yields:
        A list; what the block puts into it is what the state holds.

    Raises:
        InputError: the record that is there cannot be believed; nothing was applied.
        RevetError: the target does not answer.
        OSError: the record cannot be written; before the block, nothing was applied.
    """
    addresses: list[str] = []
    if target.disposable:
        yield addresses
        return
    before = target.leftovers()
    known = read_holdings(workdir) or Holdings(None if before is None else frozenset(before))
    _write(workdir, known)
    try:
        yield addresses
    except BaseException:
        with contextlib.suppress(RevetError, OSError):  # what has failed counts more
            addresses = [*known.addresses, *addresses]
            _write(workdir, _grown(known, target, before, addresses))
        raise
    _write(workdir, _grown(known, target, before, addresses))


def forget(workdir: Path) -> None:
    """Remove the record of a stack of which nothing is left."""
    (workdir / FILE).unlink(missing_ok=True)


def staying(addresses: Iterable[str]) -> dict[str, str]:
    """What AWS keeps after a destroy, address → what and until when, with its source.

    Only what AWS cannot delete at once has `stays` in the table of Terraform types: a secret with
    a recovery window, for instance, can be (`ForceDeleteWithoutRecovery`), so one that stays is
    left behind.

    Args:
        addresses: of what was destroyed.
    """
    kept = {address: terraform_type(type_of(address)).stays for address in sorted(addresses)}
    return {address: f"{row.what} ({row.source})" for address, row in kept.items() if row}


def _grown(
    known: Holdings, target: Target, before: list[str] | None, addresses: list[str]
) -> Holdings:
    now = target.leftovers()
    new = set() if now is None or before is None else set(now) - set(before)
    return replace(known, made=known.made | new, addresses=frozenset(addresses))


def _write(workdir: Path, holdings: Holdings) -> None:
    data = {
        "before": None if holdings.before is None else sorted(holdings.before),
        "made": sorted(holdings.made),
        "addresses": sorted(holdings.addresses),
    }
    replace_file(workdir / FILE, seal(json.dumps(data).encode(), _bound(workdir)))


def _bound(workdir: Path) -> str:
    """The purpose that binds a record to its stack and target."""
    return f"{_PURPOSE}: {workdir.parent.name}/{workdir.name}"
