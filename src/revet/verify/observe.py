"""Reading an account: every reader in every region, side by side, with what was denied kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revet.plan.inventory import Coverage, Inventory
from revet.plan.observed import EVERY, Observed, account_inventory
from revet.plan.terraform_types import Scope
from revet.plan.unread_marks import Mark, denied
from revet.plan.values import Unread
from revet.verify.api import Api, crashed
from revet.verify.read_only import MissingResourceError, ReadDeniedError, UnreachableError
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

    def inventory(
        self,
        account: str,
        names: Mapping[tuple[str, str, str], str] | None = None,
        outputs: Mapping[str, Mapping[str, Any]] | None = None,
        lost: Mapping[str, Unread | None] | None = None,
    ) -> Inventory:
        """The inventory that rules judge; see `account_inventory`."""
        return account_inventory(
            self.observed,
            account=account,
            coverage=self.coverage,
            names=names,
            outputs=outputs,
            lost=lost,
        )


@dataclass(frozen=True, slots=True)
class _Job:
    """One resource that is still to be read."""

    reader: TypeReader
    region: str
    item: Any
    id: str


@dataclass(slots=True)
class _Listing:
    """What the listings answer."""

    jobs: list[_Job] = field(default_factory=list)
    lost: list[Observed] = field(default_factory=list)
    coverage: dict[str, set[str]] = field(default_factory=dict)


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
    found = _Listing()
    for listing in api.each(lambda place: (_list(api, *place),), places):
        found.jobs += listing.jobs
        found.lost += listing.lost
        for kind, where in listing.coverage.items():
            found.coverage.setdefault(kind, set()).update(where)
    observed = [
        *found.lost,
        *api.each(lambda job: _read(api, job), found.jobs),
        Observed(_IDENTITY, api.account, {"account_id": api.account}, mode="data"),
    ]
    return AccountReading(
        tuple(observed),
        {kind: frozenset(where) for kind, where in found.coverage.items()},
        tuple(sorted(set(_denials(observed)))),
    )


def _list(api: Api, reader: TypeReader, region: str) -> _Listing:
    try:
        jobs = [
            _Job(reader, region, item, reader.identity(item)) for item in reader.items(api, region)
        ]
    except UnreachableError:
        raise
    except ReadDeniedError as error:
        mark = denied(error.action)
    except Exception as error:  # noqa: BLE001 - the mark says what went wrong
        mark = crashed(error)
    else:
        covered = {kind: {region} for kind in reader.types}
        return _Listing(jobs, [], covered)
    lost = [Observed(kind, EVERY, {}, region, mark) for kind in reader.types]
    return _Listing([], lost, {kind: {region} for kind in reader.types})


def _read(api: Api, job: _Job) -> Iterable[Observed]:
    try:
        return list(job.reader.read(api, job.region, job.item))
    except UnreachableError:
        raise
    except MissingResourceError:
        return []  # it was deleted between listing and reading
    except ReadDeniedError as error:
        return _only_known(job, denied(error.action))
    except Exception as error:  # noqa: BLE001 - the mark says what went wrong
        return _only_known(job, crashed(error))


def _only_known(job: _Job, mark: Mark) -> list[Observed]:
    """A resource of which the listing says that it exists, and of which nothing else is known."""
    return [
        Observed(job.reader.type, job.id, {"id": job.id}, job.region, mark),
        *(Observed(kind, EVERY, {}, job.region, mark) for kind in job.reader.parts),
    ]


def _denials(observed: Iterable[Observed]) -> Iterator[str]:
    for item in observed:
        if item.rest is not None and item.rest.action:
            yield item.rest.action
        yield from (mark.action for mark in item.unknown.values() if mark.action)
