"""Attacks decided over a plan, a state or an account, and whether they count.

Nothing is sent here: what AWS would answer is decided over the documents. A request counts only
when the answer rests on what it names: an attack, when it is allowed without its guard; a request
that must still work, when it is denied without its grant; and when the guards and grants that
others name make no difference to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from revet.gate.attack_file import read_attacks
from revet.gate.output_values import OutputValues
from revet.iam.evaluate import Request
from revet.iam.prove.attempts import SELF, Attempt, Attempts, Tried
from revet.iam.prove.bearing import EVERYTHING, LAYERS
from revet.iam.prove.grounded import Ground
from revet.iam.prove.guards import Removal, removal_of
from revet.iam.prove.properties import Holds
from revet.iam.prove.requests import why_impossible
from revet.iam.symbol import symbols
from revet.model.attack import Attack, Expected
from revet.model.errors import InputError
from revet.plan import Inventory
from revet.plan.account import account_of

_BLOCK = "aws_s3_bucket_public_access_block"

Removals: TypeAlias = Mapping[str, tuple[Attack, Removal | str]]
"""Id of an attack to the attack and what it names; a text says why there is nothing to take out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of one attack.

    Args:
        attack: the attack.
        holds: whether each of its requests met with what is expected.
        tried: its requests, one for each principal.
        reasons: why it fails, or is not known.
        idle: why it does not count, although it holds; empty when it counts.
    """

    attack: Attack
    holds: Holds
    tried: tuple[Tried, ...] = ()
    reasons: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that deny its requests."""
        return tuple(dict.fromkeys(layer.value for one in self.tried for layer in one.layers))

    @property
    def deciding(self) -> tuple[Tried, ...]:
        """The requests that did not meet with what is expected; all, where each did."""
        wanted = self.attack.expect is Expected.ALLOWED
        return tuple(one for one in self.tried if one.allowed is not wanted) or self.tried

    @property
    def counts(self) -> bool:
        """Whether it is evidence: it holds, by what it names and nothing else."""
        return self.holds is Holds.HOLDS and not self.idle


class Attacks:
    """Attacks over one inventory.

    Args:
        inventory: a plan, a state or an account.
        outputs: further values that attacks name, for example a stack's outputs.
    """

    def __init__(self, inventory: Inventory, outputs: Mapping[str, Any] | None = None) -> None:
        self._inventory = inventory
        self._outputs = OutputValues(inventory, outputs)
        picture = account_of(inventory)
        self._ground = Ground(picture)
        self._shown_account = picture.account
        self._without: dict[Removal, Attempts] = {}

    def answer(self, attacks: Sequence[Attack]) -> list[Answered]:
        """Decide attacks, and whether they count among each other.

        Raises:
            InputError: one names a principal, a role or a VPC endpoint that is not there.
        """
        among = self.removals(attacks)
        return [self.answer_one(one, among) for one in attacks]

    def removals(self, attacks: Sequence[Attack]) -> Removals:
        """What attacks name, so that each can be decided among all of them."""
        return {one.id: (one, self._removal(one)) for one in attacks}

    def answer_one(self, attack: Attack, among: Removals) -> Answered:
        """Decide an attack, and whether it counts.

        Args:
            attack: one of those in `among`.
            among: the attacks that it counts among, from `removals`.

        Raises:
            InputError: it names a principal, a role or a VPC endpoint that is not there.
        """
        known = [(one, found) for one, found in among.values() if isinstance(found, Removal)]
        return self._answer(attack, among[attack.id][1], known)

    def attempts(self, attack: Attack) -> list[Attempt]:
        """The requests of an attack, one for each principal."""
        return [
            Attempt(
                principal,
                attack.action,
                self._value(attack.resource),
                {key: self._value(value) for key, value in attack.context.items()},
                attack.given,
                self._value(attack.assume.role) if attack.assume else "",
                {k: self._value(v) for k, v in attack.assume.context.items()}
                if attack.assume
                else {},
                self._outputs.address(attack.endpoint) if attack.endpoint else "",
                self._owner(attack),
            )
            for principal in map(self._value, attack.principals)
        ]

    def _answer(
        self, attack: Attack, own: Removal | str, known: Sequence[tuple[Attack, Removal]]
    ) -> Answered:
        unknown = (
            *self._outputs.unknown(_names(attack)),
            *self._outputs.elsewhere(attack.account, self._shown_account),
        )
        if unknown:
            return Answered(attack, Holds.UNKNOWN, reasons=unknown)
        attempts = self.attempts(attack)
        named = not symbols(self._outputs.of(attack.resource))
        impossible = dict.fromkeys(
            why for one in attempts for why in _why_impossible(one, named=named)
        )
        if impossible:
            why = f"no request can be as the attack says: {'; '.join(impossible)}"
            return Answered(attack, Holds.UNKNOWN, reasons=(why,))
        tried = tuple(self._in(Removal()).attempt(one) for one in attempts)
        wrong = [one for one in tried if one.allowed is (attack.expect is Expected.DENIED)]
        if wrong:
            said = [f"`{one.decision.request.principal}` is {_words(one)}" for one in wrong]
            return Answered(attack, Holds.FAILS, tried, tuple(said))
        doubts = _doubts(tried)
        if doubts:
            return Answered(attack, Holds.UNKNOWN, tried, doubts)
        if attack.by:
            holds, reasons = self._denied_by(attack, attempts)
            if holds is not Holds.HOLDS:
                return Answered(attack, holds, tried, reasons)
        idle = [own] if isinstance(own, str) else self._idle(attack, attempts, own, known)
        return Answered(attack, Holds.HOLDS, tried, idle=tuple(dict.fromkeys(idle)))

    def _denied_by(
        self, attack: Attack, attempts: Iterable[Attempt]
    ) -> tuple[Holds, tuple[str, ...]]:
        """Whether the requests are possible when the layer that is to deny them does not count."""
        view = EVERYTHING.without(LAYERS[attack.by])
        found = [self._in(Removal()).attempt(one, view) for one in attempts]
        denied = [one for one in found if one.allowed is False]
        if denied:
            why = f"without the {attack.by} layer it is {_words(denied[0])}, too"
            return Holds.FAILS, (why,)
        doubts = _doubts(found)
        return (Holds.UNKNOWN, doubts) if doubts else (Holds.HOLDS, ())

    def _idle(
        self,
        attack: Attack,
        attempts: Sequence[Attempt],
        own: Removal,
        known: Sequence[tuple[Attack, Removal]],
    ) -> Iterator[str]:
        """Why an attack does not count."""
        word = "guard" if attack.expect is Expected.DENIED else "grant"
        for attempt in attempts:
            found = self._in(own).attempt(_left(attack, attempt, own))
            if found.allowed is None:
                yield f"without its {word} the answer is not known: {'; '.join(_doubts([found]))}"
            elif not _is_contrary(attack, found):
                yield f"without its {word} the answer is the same"
        seen = set()
        for other, removal in known:
            within = bool(own.reach) and own.reach <= removal.reach
            if within or removal in seen or not removal.reach:
                continue
            seen.add(removal)
            without = [self._in(removal).attempt(attempt) for attempt in attempts]
            named = " and ".join(map(str, other.guard or other.grant))
            doubts = _doubts(without)
            if any(_is_contrary(attack, one) for one in without):
                yield f"what `{other.id}` names changes the answer: {named}"
            elif doubts:
                yield (
                    f"whether what `{other.id}` names changes the answer is not known "
                    f"({named}): {'; '.join(doubts)}"
                )

    def _in(self, removal: Removal) -> Attempts:
        if removal not in self._without:
            self._without[removal] = Attempts(self._ground.picture, removal)
        return self._without[removal]

    def _removal(self, attack: Attack) -> Removal | str:
        """What an attack names; a text says why there is nothing to take out."""
        named = attack.guard or attack.grant
        if not named:
            if attack.expect is Expected.ALLOWED and attack.given:
                return Removal()
            word = "guard" if attack.expect is Expected.DENIED else "grant"
            return f"it names no {word}"
        found = Removal()
        for one in named:
            unknown = self._outputs.unknown([one.at])
            if unknown:
                return unknown[0]
            try:
                found |= removal_of(self._ground.picture, self._meant(one.at), one)
            except InputError as error:
                return f"{error.what}: {error.got}; expected {error.expected}"
        return found

    def _meant(self, name: str) -> frozenset[str]:
        """What a name may mean: a value, what has it, and of a bucket's settings the bucket."""
        value, address = self._outputs.of(name), self._outputs.address(name)
        names = {value, self._ground.text(value), address}
        resource = self._inventory.resources.get(address)
        if resource is not None and resource.type == _BLOCK:
            bucket = self._inventory.target(resource, "bucket")
            names |= {bucket.address} if bucket is not None else set()
        return frozenset(names)

    def _owner(self, attack: Attack) -> str:
        """The account that owns the resource, where the file or a reference tells."""
        if attack.owner:
            return self._value(attack.owner)
        made = symbols(self._outputs.of(attack.resource))
        return self._ground.account if made else ""

    def _value(self, text: str) -> str:
        return self._ground.text(self._outputs.of(text))


def _why_impossible(attempt: Attempt, *, named: bool) -> Iterator[str]:
    """Why AWS can get no such request.

    Args:
        attempt: the request.
        named: whether its resource is written out; the text of a reference may be made up.
    """
    is_whole = attempt.resource != SELF and (named or attempt.resource.startswith("arn:"))
    resource = attempt.resource if is_whole else "*"
    context = {**attempt.context, **attempt.role_context}
    request = Request(attempt.principal, attempt.action, resource, context)
    yield from why_impossible(request, written=named)


def _is_contrary(attack: Attack, tried: Tried) -> bool:
    """Whether a request certainly meets with the contrary of what is expected."""
    return tried.allowed is (attack.expect is Expected.DENIED)


def _left(attack: Attack, attempt: Attempt, own: Removal) -> Attempt:
    """The request without what is given, where nothing else is said to grant it."""
    by_given = attack.expect is Expected.ALLOWED and not own.reach
    return replace(attempt, given=()) if by_given else attempt


def _names(attack: Attack) -> list[str]:
    """All that may be the name of an output."""
    assume = attack.assume
    return [
        *attack.principals,
        attack.resource,
        *attack.context.values(),
        *((assume.role, *assume.context.values()) if assume else ()),
        attack.account,
        attack.owner,
        attack.endpoint,
    ]


def _doubts(tried: Iterable[Tried]) -> tuple[str, ...]:
    """Why answers are not known; none when all are."""
    unknown = [one for one in tried if one.allowed is None]
    found = [doubt for one in unknown for doubt in one.doubts or ("it cannot be decided",)]
    return tuple(dict.fromkeys(found))


def _words(tried: Tried) -> str:
    layers = ", ".join(tried.layers)
    return f"{tried.outcome.value.replace('_', ' ')}{f' ({layers})' if layers else ''}"


__all__ = ["Answered", "Attacks", "read_attacks"]
