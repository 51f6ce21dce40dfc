"""A verdict beside an earlier one: what is new, what got worse, what is in order now, what is gone.

Findings are the same in both when control, address and origin are. Nothing else is looked at: a
failure that is worded differently is the same failure, and a resource that was renamed is another
one. Only what fails or is unknown, now or before, is part of a comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from revet.model.account_read import Reach
from revet.model.finding import Change, Compared, Comparison, Finding, Origin, Status
from revet.model.verdict import Verdict

_OPEN = (Status.FAIL, Status.UNKNOWN)
_WORST_FIRST = (*_OPEN, Status.NOT_EXERCISED, Status.WAIVED, Status.PASS)

_SETTLED = {
    Status.WAIVED: (Change.WAIVED, ""),
    Status.NOT_EXERCISED: (Change.GONE, "it is not exercised any more"),
    Status.PASS: (Change.FIXED, ""),
}
"""What is not open now to what has happened to it, whatever it was before."""

_Key = tuple[str, str, Origin]


def compare(verdict: Verdict, previous: Verdict, *, fail_on_new: bool = False) -> Comparison:
    """Compare a verdict with an earlier one.

    Nothing counts as fixed unless the same control looked at the same subject again and found it
    in order. Where this verdict never looked (a check beside a rehearsal has no live checks), the
    earlier findings are left out, and a note says how many. The same goes for accounts that an
    audit does not read now.

    Args:
        verdict: what was found out now.
        previous: what was found out before.
        fail_on_new: whether failures that were failures before shall not block. Unknowns block
            whether they are new or not, and so does a failure that was unknown before.

    Returns:
        The comparison, the same for the same verdicts whatever the order of their findings.
    """
    now, before = _statuses(verdict.findings), _statuses(previous.findings)
    looked_at = {origin for _, _, origin in now}
    ran = {control for control, _, _ in now} | {control.id for control in verdict.controls}
    away = {
        key: account for key, account in _elsewhere(verdict, previous).items() if key not in now
    }
    unseen = [key for key, status in before.items() if status in _OPEN and key[2] not in looked_at]
    changes = [
        change
        for key in before.keys() | now.keys()
        if key[2] in looked_at
        and key not in away
        and (change := _change(key, before.get(key), now.get(key), ran)) is not None
    ]
    order = list(Change)
    earlier = previous.provenance
    return Comparison(
        stack=earlier.stack,
        stage=earlier.stage,
        time=earlier.time,
        plan_hash=earlier.plan_hash,
        changes=tuple(sorted(changes, key=lambda item: (order.index(item.change), item.key))),
        fail_on_new=fail_on_new,
        notes=tuple(_notes(verdict, previous, unseen, away)),
    )


def _elsewhere(verdict: Verdict, previous: Verdict) -> dict[_Key, str]:
    """What an audit said that fails in accounts that this one has not read, with the account."""
    p = verdict.provenance
    if p.stage != "audit":
        return {}
    read = {one.account for one in p.accounts if one.reach is Reach.READ}
    looked_at = read if p.accounts else {p.account}
    return {
        (finding.control, finding.address, finding.origin): finding.account
        for finding in previous.findings
        if finding.status in _OPEN and finding.account not in ("", *looked_at)
    }


def _statuses(findings: Iterable[Finding]) -> dict[_Key, Status]:
    """The worst status of everything that was looked at."""
    found: dict[_Key, Status] = {}
    for finding in findings:
        key = (finding.control, finding.address, finding.origin)
        old = found.get(key, finding.status)
        found[key] = min(old, finding.status, key=_WORST_FIRST.index)
    return found


def _change(key: _Key, before: Status | None, now: Status | None, ran: set[str]) -> Compared | None:
    """What happened to one subject; None when it is and was in order."""
    if before not in _OPEN and now not in _OPEN:
        return None
    if now is None:
        why = "it is not judged any more" if key[0] in ran else "the control does not run any more"
        kind, note = Change.GONE, why
    elif now in _SETTLED:
        kind, note = _SETTLED[now]
    elif before is None:
        kind, note = Change.NEW, ""
    else:
        worse = _WORST_FIRST.index(now) < _WORST_FIRST.index(before)
        kind, note = Change.REGRESSED if worse else Change.UNCHANGED, ""
    return Compared(kind, *key, before, now, note)


def _notes(
    verdict: Verdict, previous: Verdict, unseen: list[_Key], away: Mapping[_Key, str]
) -> Iterable[str]:
    if previous.provenance.stack != verdict.provenance.stack:
        yield (
            f"the earlier verdict is about `{previous.provenance.stack}`, "
            f"this one about `{verdict.provenance.stack}`"
        )
    if previous.problems:
        yield "the earlier verdict was undecided: what it did not see is new here"
    for origin in Origin:
        number = sum(key[2] is origin for key in unseen)
        if number:
            yield _left_out(number, f"origin `{origin.value}`", "nothing was looked at there now")
    for account, number in sorted(Counter(away.values()).items()):
        yield _left_out(number, f"account `{account}`", "it was not read now")


def _left_out(number: int, what: str, why: str) -> str:
    return f"{number} earlier finding{'s' * (number != 1)} of {what} not compared: {why}"
