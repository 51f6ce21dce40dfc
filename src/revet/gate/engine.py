"""Run controls over an inventory. The engine iterates, a rule judges one thing, nothing is lost.

Every control that is selected gives a finding for every resource in its scope. A value that the
inventory does not know makes the finding *unknown*. A rule that crashes, or that answers nothing,
is a problem: it makes the whole verdict undecided, which is louder than a failure.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from revet.gate.catalog import Control
from revet.gate.selection import Selected
from revet.gate.sensitive import without_words
from revet.gate.time_spent import TimeSpent
from revet.model.errors import AbsentError, InputError, UnknownValueError, WorkLimitError
from revet.model.finding import Finding, Origin, Outcome, Status, noncompliant, quoted, unknown
from revet.model.work import Work, default_seconds, limited
from revet.plan import Inventory, Resource
from revet.plan.looked_at import note, noting

_ANSWERS = (Status.PASS, Status.FAIL, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ControlRun:
    """What the engine found.

    Args:
        findings: one for each control and resource in its scope, worst first.
        problems: rules that crashed or gave no answer, one line each.
        seen: addresses of the resources that a control judged, or that the plan handed out to one
            that did; controls of labels alone do not count.
    """

    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """A resource of which every control says the same, whatever it would ask.

    Args:
        resource: as a state has it; not in the inventory that is judged.
        outcome: what is said of it: that the account has no such resource, for one.
    """

    resource: Resource
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Run:
    """What all findings of a run share; `judge` says what each is."""

    inventory: Inventory
    subject: str
    origin: Origin
    only: frozenset[str] | None
    settled: Sequence[Settled]


def run_controls(
    inventory: Inventory,
    selected: Iterable[Selected],
    *,
    subject: str,
    origin: Origin | None = None,
    work: Work | None = None,
    only: frozenset[str] | None = None,
    settled: Sequence[Settled] = (),
) -> ControlRun:
    """Run controls over an inventory; `judge` says what is given, and calls the subject the stack.

    Returns:
        What was found. Once the time is over nothing more is asked, and a problem says where the
        time went.
    """
    findings: list[Finding] = []
    problems: list[str] = []
    seen: set[str] = set()
    run = _Run(inventory, subject, origin or Origin(inventory.reading.value), only, settled)
    choices = tuple(selected)
    spent = TimeSpent(work or Work(default_seconds(len(inventory.resources))), len(choices))
    with limited(spent.work):
        try:
            for choice in choices:
                if idle := _idle(choice, run):
                    findings.append(idle)
                else:
                    with noting(set() if choice.control.meta.labels_only else seen):
                        _judge(run, choice, spent, findings, problems)
                spent.finished += 1
        except WorkLimitError:
            problems.append(spent.problem())
    return ControlRun(
        tuple(sorted(findings, key=Finding.sort_key)), tuple(problems), frozenset(seen)
    )


def _judge(
    run: _Run,
    choice: Selected,
    spent: TimeSpent,
    findings: list[Finding],
    problems: list[str],
) -> None:
    """Ask one control about everything in its scope."""
    control = choice.control.meta.id
    with spent.on(control, "its scope"):
        scope = _scope(run, choice, problems)
    for resource, settled in scope:
        address = resource.address if resource else run.subject
        answer: Outcome | str | None = settled
        if answer is None:
            with spent.on(control, address):
                answer = _ask(choice, resource, run.inventory)
        if isinstance(answer, str):
            problems.append(f"{control} {address}: {answer}")
        else:
            note((address,))
            findings.append(_finding(choice, resource, run, answer))


def _scope(
    run: _Run, choice: Selected, problems: list[str]
) -> list[tuple[Resource | None, Outcome | None]]:
    """What a control judges, each with what is settled of it; no resource is the inventory."""
    control, inventory = choice.control, run.inventory
    if control.whole_plan:
        asked = choice.named or _applies(control, inventory, problems)
        return [(None, None)] if asked else []
    kinds, every = control.meta.resources, control.every_type
    found = inventory.resources.values() if every else inventory.of_type(*kinds)
    near: list[tuple[Resource, Outcome | None]] = [
        (one, None) for one in found if run.only is None or one.address in run.only
    ]
    near += [(s.resource, s.outcome) for s in run.settled if every or s.resource.type in kinds]
    return [(one, outcome) for one, outcome in near if _applies(control, one, problems)]


def _applies(control: Control, subject: Resource | Inventory, problems: list[str]) -> bool:
    """Whether a control is about something; what could not be listed may be of any kind."""
    if control.applies is None:
        return True
    one = subject if isinstance(subject, Resource) else None
    try:
        return control.applies(subject)
    except WorkLimitError:
        raise
    except Exception as error:  # noqa: BLE001 - reported as a problem, never swallowed
        if isinstance(error, UnknownValueError) and one is not None and one.unread is not None:
            return True
        where = f"{control.meta.id} {one.address}" if one else control.meta.id
        problems.append(f"{where}: {_crash(error)}")
        return False


def _ask(choice: Selected, resource: Resource | None, inventory: Inventory) -> Outcome | str:
    """The rule's answer, or the text of a problem; nothing that a sensitive policy says."""
    inventory.sensitive_reads()
    answer = _answer(choice, resource, inventory)
    sensitive = inventory.sensitive_reads()
    return without_words(answer, sensitive) if sensitive else answer


def _answer(choice: Selected, resource: Resource | None, inventory: Inventory) -> Outcome | str:
    if resource is not None and resource.unread is not None:
        mark = resource.unread
        return unknown(f"{mark.why}: the resources could not be listed", resolve=mark.resolve)
    subject = () if resource is None else (resource,)
    rule: Callable[..., object] = choice.control.rule
    try:
        answer = rule(*subject, inventory, **choice.settings)
    except WorkLimitError:
        raise
    except UnknownValueError as error:
        answer = unknown(
            f"`{error.path}` is not known: {error.why}", resolve=error.resolve, paths=(error.path,)
        )
    except AbsentError as error:
        said = f"`{error.where}` names {error.got}, which the account does not have"
        answer = noncompliant(said, paths=(error.where,))
    except InputError as error:
        answer = unknown(
            f"{error.what}: {error.got}" if error.got else error.what,
            resolve=error.do,
            paths=(error.where,) if error.where else (),
        )
    except Exception as error:  # noqa: BLE001 - reported as a problem, never swallowed
        return _crash(error)
    if not isinstance(answer, Outcome) or answer.status not in _ANSWERS:
        return f"the rule gave no answer but `{answer!r}`"
    return answer


def _crash(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"the rule crashed with {type(error).__name__}: {error} ({place})"


def _finding(choice: Selected, resource: Resource | None, run: _Run, outcome: Outcome) -> Finding:
    meta = choice.control.meta
    return Finding(
        control=meta.id,
        address=resource.address if resource else run.subject,
        status=outcome.status,
        severity=meta.severity,
        required=meta.required,
        implemented=_with_maker(outcome, resource),
        impact=meta.impact,
        fix=outcome.fix or meta.fix,
        fix_construct=meta.fix_construct,
        paths=outcome.paths,
        related=outcome.related,
        resolve=outcome.resolve,
        construct_path=resource.construct_path if resource else "",
        source=resource.source if resource else None,
        origin=run.origin,
        account=run.inventory.account,
        region=resource.provider_region if resource else "",
    )


def _with_maker(outcome: Outcome, resource: Resource | None) -> str:
    """What was found, marked when AWS made the resource by itself."""
    ours = resource is None or not resource.made_by or outcome.status is Status.PASS
    return outcome.why if ours else f"{outcome.why} (made by AWS by itself)"


def _idle(choice: Selected, run: _Run) -> Finding | None:
    """What is said of a control that does not run; `None` when it does."""
    reading = run.inventory.reading.value
    if not run.inventory.shows(choice.control.meta.readings):
        outcome = Outcome(Status.NOT_EXERCISED, f"an {reading} does not show what it judges")
    elif choice.missing:
        names = quoted(choice.missing)
        outcome = Outcome(
            Status.NOT_EXERCISED,
            f"it needs the setting {names}",
            resolve=f"set {names} under `[settings.{choice.control.meta.id}]`",
        )
    else:
        return None
    return _finding(choice, None, run, outcome)
