"""What a judged inventory says of requirements for all requests: the proofs (X)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.gate.properties import Check, Proofs, Property
from revet.iam.evaluate import Request
from revet.iam.prove.certificates import digest
from revet.iam.prove.properties import Holds, Proved
from revet.model.errors import ConfigError, InputError, WorkLimitError
from revet.model.finding import Origin, Status, quoted
from revet.model.requirement import Evidence, Judged, Requirement
from revet.model.work import Work, limited
from revet.plan import Inventory

_STATUS = {Holds.HOLDS: Status.PASS, Holds.FAILS: Status.FAIL, Holds.UNKNOWN: Status.UNKNOWN}


@dataclass(frozen=True, slots=True)
class ProofRun:
    """What became of some properties.

    Args:
        evidence: one piece a property, in their order.
        problems: proofs that crashed, or for which there was no time, one line each.
    """

    evidence: tuple[Evidence, ...] = ()
    problems: tuple[str, ...] = ()


def check_required(properties: Sequence[Property], rows: Collection[Requirement]) -> None:
    """Refuse properties that no requirement asks for: nobody would see that one fails.

    Raises:
        ConfigError: a property names no requirement, or one that is not judged by proof.
    """
    asked = {row.id: Judged.PROOF in row.judged for row in rows}
    for one in properties:
        if not asked.get(one.requirement):
            known = quoted([name for name, proved in asked.items() if proved])
            raise ConfigError(
                "a property proves a requirement that does not ask for it",
                where=f"property `{one.id}`",
                got=f"`{one.requirement}`"
                + (", which is not judged by proof" if one.requirement in asked else ""),
                expected=f"a requirement that is judged by proof (`X`): {known or 'there is none'}",
                do="correct `requirement`, or add `X` to the requirement's `judged`",
            )


def prove_all(
    properties: Sequence[Property], inventory: Inventory, origin: Origin, work: Work
) -> ProofRun:
    """Prove properties over an inventory.

    Args:
        properties: what must hold for all requests.
        inventory: a plan, a state or an account.
        origin: of the evidence.
        work: the time limit, which proofs share with the controls.

    Returns:
        Evidence that a property holds, with the hash of its certificate where there is one; that it
        fails, with a request; or that it is not known, with the reason. Words that rest on a
        sensitive policy are left out.
    """
    if not properties:
        return ProofRun()
    evidence: list[Evidence] = []
    problems: list[str] = []
    with limited(work):
        inventory.sensitive_reads()
        try:
            proofs = Proofs(inventory)
            sensitive = inventory.sensitive_reads()
            for one in properties:
                try:
                    evidence.append(_evidence(one, _proved(one, proofs), origin, sensitive))
                except WorkLimitError:
                    raise
                except Exception as error:  # noqa: BLE001 - a problem, never swallowed
                    problems.append(f"property {one.id}: {_crash(error, sensitive)}")
        except WorkLimitError as error:
            left = quoted([one.id for one in properties[len(evidence) + len(problems) :]])
            problems.append(f"{error.what}: {error.got}; not proved: {left}")
        except Exception as error:  # noqa: BLE001 - a problem, never swallowed
            problems.append(f"properties: {_crash(error, inventory.sensitive_reads())}")
    return ProofRun(tuple(evidence), tuple(problems))


def certificate_hash(proved: Proved) -> str:
    """What the certificate of a property that holds is known by; empty where there is none.

    Returns:
        `sha256:` and the SHA-256 of its canonical JSON in hex, as `check-certificate` has it.
    """
    made = proved.certificate if proved.holds is Holds.HOLDS else None
    return f"sha256:{digest(made)}" if made is not None else ""


def _proved(one: Property, proofs: Proofs) -> Proved:
    try:
        return proofs.prove(one)
    except InputError as error:
        return Proved(Holds.UNKNOWN, doubts=(f"{error.what}: {error.got}",))


def _evidence(
    one: Property, proved: Proved, origin: Origin, sensitive: tuple[str, ...]
) -> Evidence:
    hidden = f"; {quoted(sensitive)} is sensitive, and why is not shown" if sensitive else ""
    said = hidden or "".join(f"; {part}" for part in _reasons(one, proved))
    return Evidence(
        one.requirement,
        Judged.PROOF,
        one.id,
        one.subject,
        _STATUS[proved.holds],
        origin,
        f"{_BEGIN[proved.holds]}: {one.text}{said}",
        certificate_hash(proved),
    )


_BEGIN = {
    Holds.HOLDS: "holds",
    Holds.FAILS: "does not hold",
    Holds.UNKNOWN: "not known whether it holds",
}


def _reasons(one: Property, proved: Proved) -> Iterator[str]:
    """The request that decides, or why nothing does."""
    if proved.why:
        yield proved.why
    if proved.witness is not None:
        allowed = one.check is not Check.EACH_ALLOWED
        yield f"{request_text(proved.witness)} is {'allowed' if allowed else 'not allowed'}"
    elif one.check is Check.STAYS_POSSIBLE and proved.holds is Holds.FAILS:
        yield "no such request is allowed"
    yield from proved.doubts


def request_text(request: Request) -> str:
    """A request in one line, for people."""
    context = "".join(f", `{key}` = `{shown}`" for key, shown in _context(request.context))
    return f"`{request.action}` on `{request.resource}` by `{request.principal}`{context}"


def _context(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in sorted(context.items()):
        if value is not None:
            yield key, json.dumps(value)


def _crash(error: Exception, sensitive: tuple[str, ...]) -> str:
    why = f"{quoted(sensitive)} is sensitive, and why is not shown" if sensitive else str(error)
    return f"the proof crashed with {type(error).__name__}: {why}"
