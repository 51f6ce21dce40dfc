"""What a judged inventory says of requests that somebody could send: the attacks (A).

They are simulated: each is decided by evaluation over the documents, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from revet.gate.attacks import Answered, Attacks, Removals
from revet.gate.claims import ATTACK, ClaimRun, because, decide_each, refused, request_text
from revet.iam.prove.bearing import LAYERS
from revet.iam.prove.properties import Holds
from revet.model.attack import Attack, Expected
from revet.model.errors import InputError
from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged
from revet.model.work import Work
from revet.plan import Inventory

SIMULATED = "simulated: decided by evaluation over the documents, nothing was sent"
"""Ends what is said of an attack."""


def attempt_all(
    attacks: Sequence[Attack], inventory: Inventory, origin: Origin, work: Work
) -> ClaimRun:
    """Decide attacks over an inventory.

    Args:
        attacks: requests and what they must meet with; each counts among these.
        inventory: a plan, a state or an account.
        origin: of the evidence.
        work: the time limit, which attacks share with controls and proofs.

    Returns:
        Evidence that an attack meets with what is expected and counts; that it does not meet with
        it, with the request; or that it is not known or does not count, with the reason. Words that
        rest on a sensitive policy are left out.
    """

    def begin() -> Callable[[Attack, tuple[str, ...]], Evidence]:
        decided = Attacks(inventory)
        among = decided.removals(attacks)
        return lambda one, sensitive: _evidence(_answered(one, decided, among), origin, sensitive)

    return decide_each(ATTACK, attacks, begin, inventory, work)


def _answered(one: Attack, decided: Attacks, among: Removals) -> Answered:
    try:
        return decided.answer_one(one, among)
    except InputError as error:
        return Answered(one, Holds.UNKNOWN, reasons=(refused(error),))


def _evidence(answered: Answered, origin: Origin, sensitive: tuple[str, ...]) -> Evidence:
    one = answered.attack
    status, said = _result(answered)
    return Evidence(
        one.requirement,
        Judged.ATTACK,
        one.id,
        ", ".join(one.principals),
        status,
        origin,
        f"{said}{because(_reasons(answered), sensitive)}; {SIMULATED}",
    )


def _result(answered: Answered) -> tuple[Status, str]:
    """The status, and the words that a sensitive policy does not keep back."""
    expected = answered.attack.expect
    by = answered.attack.by
    match answered.holds:
        case Holds.FAILS:
            wanted = f"{expected.value} by {LAYERS[by].value}" if by else expected.value
            return Status.FAIL, f"must be {wanted}, and is not"
        case Holds.UNKNOWN:
            return Status.UNKNOWN, f"not known whether it is {expected.value}"
        case Holds.HOLDS:
            denied = expected is Expected.DENIED and answered.layers
            said = f"denied by {', '.join(answered.layers)}" if denied else expected.value
            if answered.counts:
                return Status.PASS, said
            return Status.UNKNOWN, f"{said}, but does not count"


def _reasons(answered: Answered) -> Iterator[str]:
    """Why it is so, and the requests that decide: of an attack that fails those that fail it."""
    yield from answered.reasons
    yield from answered.idle
    if answered.holds is not Holds.UNKNOWN:
        yield from (request_text(one.decision.request) for one in answered.deciding)
