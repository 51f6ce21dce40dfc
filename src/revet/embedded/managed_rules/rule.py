"""What a managed rule is: the resources that it looks at, and what it says of one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from moto.backends import get_backend

from revet.embedded.call import Moto

ACCOUNT_TYPE = "AWS::::Account"
"""Config's type of an account as a whole."""
Parameters = Mapping[str, str]
_NUMBER = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where rules are evaluated.

    Args:
        account: twelve digits.
        region: of the recorder.
        partition: of the region.
    """

    account: str
    region: str
    partition: str

    def backend(self, service: str) -> Moto:
        """Moto's backend of a regional service."""
        return get_backend(service)[self.account][self.region]  # type: ignore[call-overload]

    def global_backend(self, service: str) -> Moto:
        """Moto's backend of a service that has one for all regions."""
        return get_backend(service)[self.account][self.partition]  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class Subject:
    """One resource.

    Args:
        type: Config's name of its type.
        id: as Config names it.
        thing: moto's object; for an account its `Place`.
    """

    type: str
    id: str
    thing: Moto


class Outcome(Enum):
    """Whether a resource complies."""

    COMPLIANT = auto()
    NON_COMPLIANT = auto()
    NOT_APPLICABLE = auto()
    """The rule does not look at this resource."""
    UNKNOWN = auto()
    """It cannot be decided here."""


class ParameterError(Exception):
    """A parameter of a rule is not valid; the text says which and why."""


class Finding(NamedTuple):
    """What a rule says of one resource.

    Args:
        outcome: whether it complies.
        annotation: why not, or why that is not known; empty where there is nothing to say.
    """

    outcome: Outcome
    annotation: str = ""


NOT_APPLICABLE = Finding(Outcome.NOT_APPLICABLE)
COMPLIANT = Finding(Outcome.COMPLIANT)
Judge = Callable[[Subject, Parameters, Place], Finding]


@dataclass(frozen=True, slots=True)
class ManagedRule:
    """One managed rule.

    Args:
        type: Config's type of the resources that it looks at; empty where these are of several.
        subjects: those that exist at a place.
        judge: says what the rule says of one of them, with the rule's parameters, their defaults
            filled in.
        parameters: names of those that `judge` evaluates. A rule that is given another one is not
            evaluated.
        types: those that are looked at here of a rule for several, of which AWS has more: it is
            evaluated only where its scope names types, and all of these are here.
        has_all_types: whether `types` are all that AWS has: without a scope, it looks at all.
    """

    type: str
    subjects: Callable[[Place], Iterable[Subject]]
    judge: Judge
    parameters: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    has_all_types: bool = False


def complies(holds: object, otherwise: str) -> Finding:
    """A resource complies when something holds.

    Args:
        holds: read as true or false.
        otherwise: the annotation when it does not.
    """
    return COMPLIANT if holds else violates(otherwise)


def violates(why: str) -> Finding:
    """A resource does not comply."""
    return Finding(Outcome.NON_COMPLIANT, why)


def unknown(why: str) -> Finding:
    """It is not known whether a resource complies."""
    return Finding(Outcome.UNKNOWN, why)


def listed(text: str | None) -> list[str]:
    """The values of a parameter that is a list with commas."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def is_true(parameters: Parameters, name: str) -> bool:
    """A parameter that is `true` or `false`; false without it.

    Raises:
        ParameterError: it is neither.
    """
    text = parameters.get(name, "false").strip().lower()
    if text not in ("true", "false"):
        raise ParameterError(f"{name} is neither true nor false: {text}")
    return text == "true"


def number(parameters: Parameters, name: str) -> int | None:
    """A parameter that is a whole number of at most five digits; none without it.

    Raises:
        ParameterError: it is not.
    """
    text = parameters.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text.strip()):
        raise ParameterError(f"{name} is not a number: {text}")
    return int(text)


def the_account(place: Place) -> Iterable[Subject]:
    """The account as a whole."""
    yield Subject(ACCOUNT_TYPE, place.account, place)
