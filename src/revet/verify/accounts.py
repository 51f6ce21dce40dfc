"""Audit of several accounts: one inventory each, judged alike, and one verdict over all of them.

An account that cannot be read is an account of which no type could be listed: every control that
would have looked at it is unknown, and the whole is undecided. The others are read all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from types import MappingProxyType

from revet.gate.evidence import evidence_from
from revet.gate.judge import NOTHING
from revet.model.account_read import AccountRead, Reach
from revet.model.errors import ConfigError, RevetError
from revet.model.finding import Finding, Origin, Status
from revet.model.requirement import Judged
from revet.model.verdict import Verdict, Waiver, by_type
from revet.plan.observed import EVERY, Observed
from revet.plan.unread_marks import Mark
from revet.verify.api import Api
from revet.verify.audit import AuditInput, enabled_regions, judge_account, read_notes
from revet.verify.observe import AccountReading, observe
from revet.verify.read_only import ReadDeniedError, Reader
from revet.verify.readers import TypeReader


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """An account that is to be read.

    Args:
        account: its id.
        connect: gives a reader of it, or raises why there is none.
        name: what `revet.toml` or the organization calls it; may be empty.
        role: ARN of the role that is assumed; empty for the caller's own credentials.
    """

    account: str
    connect: Callable[[], Reader]
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How accounts are read.

    Args:
        readers: of the types that are read.
        regions: where regional types are read; every enabled region when empty.
        home: the region that global services are asked in.
        origin: `Origin.EMULATED` or `Origin.REAL`.
        side_by_side: how many calls wait for an answer at a time, over all accounts.
    """

    readers: Sequence[TypeReader]
    regions: Collection[str]
    home: str
    origin: Origin
    side_by_side: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of reading an account; why it could not be read, and which regions are disabled."""

    read: AccountRead
    seen: AccountReading
    disabled: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """An account's share of the verdict."""

    read: AccountRead
    verdict: Verdict
    disabled: tuple[str, ...]
    problem: str


def audit_accounts(
    places: Sequence[AccountAccess],
    against: AuditInput,
    manner: Manner,
    *,
    name: str,
    skipped: Iterable[AccountRead] = (),
    notes: Mapping[str, str] = MappingProxyType({}),
    done: Callable[[AccountRead], None] = lambda _: None,
) -> Verdict:
    """Read accounts side by side, and judge each as soon as it is read.

    Args:
        places: the accounts, each once.
        against: what they are judged against.
        manner: how they are read.
        name: of all of them together, the same in every run.
        skipped: accounts that are not read, with the reason.
        notes: more of them for the verdict.
        done: told of each account once it is judged.

    Returns:
        One verdict over all. A control that nothing was in scope for in some account, but was in
        another, says nothing of the former.

    Raises:
        ConfigError: baseline, requirements or waivers name what does not exist.
    """
    began = time.monotonic()
    parts: list[_Part] = []
    with (
        ThreadPoolExecutor(manner.side_by_side) as calls,
        ThreadPoolExecutor(max(2, manner.side_by_side // 2)) as accounts,
    ):
        futures = [accounts.submit(_read, place, manner, calls) for place in places]
        try:
            for future in as_completed(futures):
                part = _judged(future.result(), against, manner.origin)
                parts.append(part)
                done(part.read)
        except BaseException:
            accounts.shutdown(wait=False, cancel_futures=True)
            calls.shutdown(wait=False, cancel_futures=True)
            raise
    parts.sort(key=lambda part: part.read.account)
    reads = sorted((*(part.read for part in parts), *skipped), key=lambda read: read.account)
    verdict = _together(parts, manner)
    took = time.monotonic() - began
    said = {**_notes(parts, reads, manner, took), **notes}
    if against.without_aws_made:
        said["left out"] = "what AWS made by itself (`--without-aws-made`)"
    regions = {region for read in reads for region in read.regions}
    provenance = replace(
        verdict.provenance,
        stack=name,
        account="",
        region=min(regions) if len(regions) == 1 else "",
        target="embedded" if manner.origin is Origin.EMULATED else "aws",
        seconds={"audit": round(took, 3)},
        notes=said,
        accounts=tuple(reads),
    )
    return replace(verdict, provenance=provenance)


def _read(place: AccountAccess, manner: Manner, pool: Executor) -> _Read:
    began = time.monotonic()
    read = AccountRead(place.account, place.name, place.role)
    calls: Mapping[str, int] = {}
    disabled: tuple[str, ...] = ()
    problem = ""
    try:
        api = Api(place.connect(), place.account, manner.home, manner.side_by_side, pool)
        calls = api.calls
        where, disabled = _regions(api, manner.regions)
        seen = observe(api, manner.readers, where)
        read = replace(read, regions=where)
    except ConfigError:
        raise
    except RevetError as error:
        seen = _unread(manner.readers, read, error)
        problem = _problem(read, error)
        read = replace(read, reach=Reach.NOT_READ, why=_why(error))
    took = round(time.monotonic() - began, 3)
    read = replace(read, calls=sum(calls.values()), seconds=took, denied=seen.denied)
    return _Read(read, seen, disabled, problem)


def _regions(api: Api, wanted: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions to read, and those that were asked for and are not enabled."""
    try:
        enabled = enabled_regions(api)
    except ReadDeniedError:
        if not wanted:
            raise
        return tuple(sorted(wanted)), ()  # a region that is not enabled will say so itself
    if not wanted:
        return enabled, ()
    asked = {*wanted}
    return tuple(sorted(asked & {*enabled})), tuple(sorted(asked - {*enabled}))


def _unread(readers: Iterable[TypeReader], read: AccountRead, error: RevetError) -> AccountReading:
    """An account of which no type could be listed."""
    action = getattr(error, "action", "")
    mark = Mark(f"account {read.label} was not read: {_why(error)}", error.do, action)
    lost = [Observed(kind, EVERY, rest=mark) for reader in readers for kind in reader.types]
    return AccountReading(tuple(lost), {}, (action,) if action else ())


def _why(error: RevetError) -> str:
    return f"{error.what} at `{error.where}`" if error.where else error.what


def _problem(read: AccountRead, error: RevetError) -> str:
    said = f": {error.got}" if error.got else ""
    do = f"; {error.do}" if error.do else ""
    return f"account {read.label} was not read: {_why(error)}{said}{do}"


def _judged(found: _Read, against: AuditInput, origin: Origin) -> _Part:
    began = time.monotonic()
    verdict = judge_account(found.seen, found.read.account, against, origin)
    seconds = round(found.read.seconds + time.monotonic() - began, 3)
    read = replace(found.read, seconds=seconds)
    return _Part(read, verdict, found.disabled, found.problem)


def _together(parts: Sequence[_Part], manner: Manner) -> Verdict:
    """One verdict over all accounts, with the provenance of the first."""
    findings = tuple(sorted(_findings(parts), key=Finding.sort_key))
    first = parts[0].verdict
    return replace(
        first,
        findings=findings,
        evidence=tuple(evidence_from(first.requirements, findings, Judged.LIVE, manner.origin)),
        problems=tuple(_problems(parts, manner)),
        unused=_unused(parts),
        not_looked_at=by_type(
            (kind, address)
            for part in parts
            if part.read.reach is Reach.READ
            for kind, addresses in (part.verdict.not_looked_at or {}).items()
            for address in addresses
        ),
    )


def _findings(parts: Sequence[_Part]) -> list[Finding]:
    """All findings; a control is idle only where it is in every account."""
    found = [finding for part in parts for finding in part.verdict.findings]
    busy = {one.control for one in found if one.status is not Status.NOT_EXERCISED}
    return [
        one for one in found if one.status is not Status.NOT_EXERCISED or one.control not in busy
    ]


def _problems(parts: Sequence[_Part], manner: Manner) -> Iterator[str]:
    """What makes the whole doubtful: also an account that has nothing, where all are like that."""
    empty = [_is_empty(part) for part in parts]
    for part in parts:
        if part.problem:
            yield part.problem
        for problem in part.verdict.problems:
            if not problem.startswith(NOTHING) or all(empty):
                yield f"account {part.read.label}: {problem}"
    read = [part for part in parts if part.read.reach is Reach.READ]
    for region in sorted(manner.regions):
        if read and all(region in part.disabled for part in read):
            yield f"region `{region}` is enabled in no account: correct `--region` or `regions`"


def _is_empty(part: _Part) -> bool:
    return any(problem.startswith(NOTHING) for problem in part.verdict.problems)


def _unused(parts: Sequence[_Part]) -> tuple[Waiver, ...]:
    """Waivers that cover nothing in any account."""
    first, *rest = (part.verdict.unused for part in parts)
    return tuple(waiver for waiver in first if all(waiver in other for other in rest))


def _notes(
    parts: Sequence[_Part], reads: Sequence[AccountRead], manner: Manner, took: float
) -> dict[str, str]:
    """What reading took, and what of it could not be done where."""
    calls = sum(read.calls for read in reads)
    read = sum(read.reach is Reach.READ for read in reads)
    regions = sorted({region for read in reads for region in read.regions})
    empty = [part.read.account for part in parts if _is_empty(part)]
    return {
        "read": f"{read} of {len(reads)} accounts, {calls} calls in {took:.1f} s, "
        f"{manner.side_by_side} side by side",
        "regions": ", ".join(regions) or "none",
        **read_notes(manner.readers),
        **_by_account("not enabled", ((part.read.account, part.disabled) for part in parts)),
        **_by_account("denied", ((part.read.account, part.read.denied) for part in parts)),
        **({"nothing to judge": ", ".join(empty)} if empty else {}),
    }


def _by_account(label: str, found: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """A note that says of each thing in which accounts it is; none where there is nothing."""
    accounts: dict[str, list[str]] = {}
    for account, things in found:
        for thing in things:
            accounts.setdefault(thing, []).append(account)
    told = [f"{thing} ({', '.join(names)})" for thing, names in sorted(accounts.items())]
    return {label: ", ".join(told)} if told else {}
