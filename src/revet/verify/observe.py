"""Reading an account: every reader in every region, side by side, with what was denied kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from revet.plan.inventory import Coverage, Inventory
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.terraform_types import Scope
from revet.plan.unread_marks import Mark
from revet.verify.api import Api, crashed, readable
from revet.verify.read_only import MissingResourceError
from revet.verify.readers import TypeReader

_IDENTITY = "aws_caller_identity"


@dataclass(frozen=True, slots=True)
class AccountReading:
    """What was read.

    Args:
        observed: every resource, in the order of the readers.
        coverage: which types were listed where.
        denied: IAM actions that were denied, sorted.
    """

    observed: tuple[Observed, ...]
    coverage: Coverage
    denied: tuple[str, ...] = ()

    def inventory(self, account: str, **stack: Any) -> Inventory:  # noqa: ANN401
        """The inventory that rules judge; see `account_inventory`, also for what a stack gives."""
        return account_inventory(self.observed, account=account, coverage=self.coverage, **stack)


@dataclass(frozen=True, slots=True)
class _Job:
    """One resource that is still to be read."""

    reader: TypeReader
    region: str
    item: Any
    id: str


def observe(
    api: Api,
    readers: Sequence[TypeReader],
    regions: Collection[str],
) -> AccountReading:
    """Read an account.

    Args:
        api: calls to it.
        readers: of the types that are asked for.
        regions: where regional types are read; global ones are read once.

    Returns:
        What was read. A listing that was denied gives one resource for each type that hangs on it,
        of which nothing is known.

    Raises:
        UnreachableError: no answer came, or the credentials are refused.
    """
    places = [
        (reader, region)
        for reader in readers
        for region in (("",) if reader.scope is Scope.GLOBAL else sorted(regions))
    ]
    listed = list(api.each(lambda place: _list(api, *place), places))
    coverage: dict[str, set[str]] = {}
    for reader, region in places:
        for kind in reader.types:
            coverage.setdefault(kind, set()).add(region)
    jobs = [one for one in listed if isinstance(one, _Job)]
    observed = [
        *(one for one in listed if isinstance(one, Observed)),
        *api.each(lambda job: _read(api, job), jobs),
        Observed(_IDENTITY, api.account, {"account_id": api.account}, mode="data"),
    ]
    marks = (mark for one in observed for mark in (one.rest, *one.unknown.values()))
    return AccountReading(
        tuple(observed),
        {kind: frozenset(where) for kind, where in coverage.items()},
        tuple(sorted({mark.action for mark in marks if mark and mark.action})),
    )


def _list(api: Api, reader: TypeReader, region: str) -> Iterable[_Job | Observed]:
    """What is to be read, or what stands for all that could not be listed."""

    def jobs() -> list[_Job]:
        items = reader.items(api, region)
        return [_Job(reader, region, item, reader.identity(item)) for item in items]

    try:
        found = readable(jobs)
    except MissingResourceError as error:
        found = crashed(error)
    return found if isinstance(found, list) else _lost(reader.types, region, found)


def _lost(types: Iterable[str], region: str, mark: Mark) -> list[Observed]:
    return [Observed(kind, EVERY, {}, region, mark) for kind in types]


def _read(api: Api, job: _Job) -> list[Observed]:
    reader, region = job.reader, job.region
    try:
        found = readable(lambda: list(reader.read(api, region, job.item)))
    except MissingResourceError:
        return []  # it was deleted between listing and reading
    if isinstance(found, list):
        return found
    # the listing says that it exists, and nothing else of it is known
    only = Observed(reader.type, job.id, {"id": job.id}, region, found)
    return [only, *_lost(reader.parts, region, found)]
