"""What properties and attacks share: a requirement asks for them, and each becomes evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from revet.iam.evaluate import Request
from revet.model.errors import ConfigError, InputError, WorkLimitError
from revet.model.finding import quoted
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.work import Work, limited
from revet.plan import Inventory


class Claim(Protocol):
    """A property or an attack."""

    @property
    def id(self) -> str:
        """Stable in its file."""

    @property
    def requirement(self) -> str:
        """Id of the requirement that it is evidence for."""


_Claim = TypeVar("_Claim", bound=Claim)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of claim, in words.

    Args:
        judged: the way of judging that it is evidence for.
        name: what one is called.
        names: what several are called.
        verb: what one does to its requirement.
        act: what deciding one is called.
        left: what those are for which there was no time.
    """

    judged: Judged
    name: str
    names: str
    verb: str
    act: str
    left: str


PROPERTY = Kind(
    Judged.PROOF, "property", "properties", "a property proves", "the proof", "not proved"
)
ATTACK = Kind(
    Judged.ATTACK, "attack", "attacks", "an attack tries", "the evaluation", "not decided"
)


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """What became of some claims.

    Args:
        evidence: one piece a claim, in their order.
        problems: claims that crashed, or for which there was no time, one line each.
    """

    evidence: tuple[Evidence, ...] = ()
    problems: tuple[str, ...] = ()


def check_required(kind: Kind, claims: Sequence[Claim], rows: Collection[Requirement]) -> None:
    """Refuse claims that no requirement asks for: nobody would see that one fails.

    Raises:
        ConfigError: one names no requirement, or one that is not judged that way.
    """
    way = f"judged by {kind.judged.label}"
    asked = {row.id: kind.judged in row.judged for row in rows}
    for one in claims:
        if not asked.get(one.requirement):
            known = quoted([name for name, wanted in asked.items() if wanted])
            raise ConfigError(
                f"{kind.verb} a requirement that does not ask for it",
                where=f"{kind.name} `{one.id}`",
                got=f"`{one.requirement}`"
                + (f", which is not {way}" if one.requirement in asked else ""),
                expected=f"a requirement that is {way} (`{kind.judged}`): "
                f"{known or 'there is none'}",
                do=f"correct `requirement`, or add `{kind.judged}` to the requirement's `judged`",
            )


def decide_each(
    kind: Kind,
    claims: Sequence[_Claim],
    begin: Callable[[], Callable[[_Claim, tuple[str, ...]], Evidence]],
    inventory: Inventory,
    work: Work,
) -> ClaimRun:
    """Decide claims one by one over an inventory.

    Args:
        kind: what they are.
        claims: properties or attacks.
        begin: reads the inventory once, and gives what decides a claim. That takes the sensitive
            attributes whose policies were read: no words that rest on them may be shown.
        inventory: a plan, a state or an account.
        work: the time limit, which they share with the controls.

    Returns:
        The evidence; a crash and a lack of time are problems, so that the verdict is undecided.
    """
    if not claims:
        return ClaimRun()
    evidence: list[Evidence] = []
    problems: list[str] = []
    with limited(work):
        inventory.sensitive_reads()
        try:
            decide = begin()
            sensitive = inventory.sensitive_reads()
            for one in claims:
                work.check()
                try:
                    evidence.append(decide(one, sensitive))
                except WorkLimitError:
                    raise
                except Exception as error:  # noqa: BLE001 - a problem, never swallowed
                    problems.append(f"{kind.name} {one.id}: {_crash(kind, error, sensitive)}")
        except WorkLimitError as error:
            left = quoted([one.id for one in claims[len(evidence) + len(problems) :]])
            problems.append(f"{error.what}: {error.got}; {kind.left}: {left}")
        except Exception as error:  # noqa: BLE001 - a problem, never swallowed
            problems.append(f"{kind.names}: {_crash(kind, error, inventory.sensitive_reads())}")
    return ClaimRun(tuple(evidence), tuple(problems))


def refused(error: InputError) -> str:
    """Why a claim that names what is not there is not known."""
    return f"{error.what}: {error.got}"


def because(reasons: Iterator[str], sensitive: tuple[str, ...]) -> str:
    """Reasons to stand behind an answer; none of their words where a sensitive policy was read."""
    return f"; {_hidden(sensitive)}" if sensitive else "".join(f"; {part}" for part in reasons)


def request_text(request: Request) -> str:
    """A request in one line, for people."""
    context = "".join(f", `{key}` = `{shown}`" for key, shown in _context(request.context))
    return f"`{request.action}` on `{request.resource}` by `{request.principal}`{context}"


def _context(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in sorted(context.items()):
        if value is not None:
            yield key, json.dumps(value)


def _crash(kind: Kind, error: Exception, sensitive: tuple[str, ...]) -> str:
    why = _hidden(sensitive) if sensitive else str(error)
    return f"{kind.act} crashed with {type(error).__name__}: {why}"


def _hidden(sensitive: tuple[str, ...]) -> str:
    return f"{quoted(sensitive)} is sensitive, and why is not shown"
