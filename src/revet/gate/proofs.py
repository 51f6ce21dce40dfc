"""What a judged inventory says of requirements for all requests: the proofs (X)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from revet.gate.claims import PROPERTY, ClaimRun, because, decide_each, refused, request_text
from revet.gate.properties import Check, Proofs, Property
from revet.iam.prove.properties import Holds, Proved
from revet.model.errors import InputError
from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged
from revet.model.work import Work
from revet.plan import Inventory

_STATUS = {Holds.HOLDS: Status.PASS, Holds.FAILS: Status.FAIL, Holds.UNKNOWN: Status.UNKNOWN}
_BEGIN = {
    Holds.HOLDS: "holds",
    Holds.FAILS: "does not hold",
    Holds.UNKNOWN: "not known whether it holds",
}


def prove_all(
    properties: Sequence[Property], inventory: Inventory, origin: Origin, work: Work
) -> ClaimRun:
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

    def begin() -> Callable[[Property, tuple[str, ...]], Evidence]:
        proofs = Proofs(inventory)
        return lambda one, sensitive: _evidence(one, _proved(one, proofs), origin, sensitive)

    return decide_each(PROPERTY, properties, begin, inventory, work)


def certificate_hash(proved: Proved) -> str:
    """What the certificate of a property that holds is known by; empty where there is none.

    Returns:
        `sha256:` and the SHA-256 of its canonical JSON in hex, as `check-certificate` has it.
    """
    made = proved.certificate if proved.holds is Holds.HOLDS else None
    return f"sha256:{made.digest()}" if made is not None else ""


def _proved(one: Property, proofs: Proofs) -> Proved:
    try:
        return proofs.prove(one)
    except InputError as error:
        return Proved(Holds.UNKNOWN, doubts=(refused(error),))


def _evidence(
    one: Property, proved: Proved, origin: Origin, sensitive: tuple[str, ...]
) -> Evidence:
    return Evidence(
        one.requirement,
        Judged.PROOF,
        one.id,
        one.subject,
        _STATUS[proved.holds],
        origin,
        f"{_BEGIN[proved.holds]}: {one.text}{because(_reasons(one, proved), sensitive)}",
        certificate_hash(proved),
    )


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
