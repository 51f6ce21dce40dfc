"""Patterns of texts, one place a letter, as automata read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import product
from math import prod
from typing import TypeAlias

from revet.iam.compiled.resources import Reach, wildcards_of
from revet.iam.compiled.values import ArnGlob
from revet.iam.glob_parts import ANY, Symbol, Variable, Wildcard
from revet.iam.globs import Glob
from revet.iam.prove import outline
from revet.iam.prove.outline import Outline, outlined

_COLON = ":"
_COLONS = 5


class Wild(Enum):
    """What a place takes that is no letter of its own."""

    ANY = "any text"
    ANY_IN_FIELD = "any text without a colon"
    ONE = "any letter"
    ONE_IN_FIELD = "any letter but a colon"

    __hash__ = object.__hash__


_CODES = {
    Wild.ANY: outline.ANY,
    Wild.ANY_IN_FIELD: outline.ANY_IN_FIELD,
    Wild.ONE: outline.ONE,
    Wild.ONE_IN_FIELD: outline.ONE_IN_FIELD,
}

Opaque: TypeAlias = Variable | Symbol
"""A policy variable, or a reference that only the deployment resolves: some text."""
Place: TypeAlias = str | Wild | Opaque


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern.

    Args:
        places: letters, wildcards, variables and references.
        ignore_case: whether letters are compared without case; they are in lower case then.
    """

    places: tuple[Place, ...]
    ignore_case: bool = False
    opaque: frozenset[Opaque] = field(init=False, compare=False, repr=False, default=frozenset())
    """Its variables and references."""
    _hash: int = field(init=False, compare=False, repr=False, default=0)
    _outline: Outline | None = field(init=False, compare=False, repr=False, default=None)

    def __post_init__(self) -> None:
        """Make what is asked for often."""
        object.__setattr__(self, "_hash", hash((self.places, self.ignore_case)))
        if not {Variable, Symbol}.isdisjoint(map(type, self.places)):
            opaque = frozenset(place for place in self.places if isinstance(place, Opaque))
            object.__setattr__(self, "opaque", opaque)

    def __hash__(self) -> int:
        """Made once: patterns are keys of tables."""
        return self._hash

    @property
    def outline(self) -> Outline:
        """What its texts are like, made when that is first asked for."""
        found = self._outline
        if found is None:
            codes = [
                place
                if isinstance(place, str)
                else _CODES[place]
                if isinstance(place, Wild)
                else outline.OPAQUE
                for place in self.places
            ]
            found = outlined(codes, opaque=bool(self.opaque), ignore_case=self.ignore_case)
            object.__setattr__(self, "_outline", found)
        return found

    def texts(self, most: int) -> list[str | None]:
        """The texts that it names; `None` where it names more than some, or ones not known."""
        options = []
        for place in self.places:
            if not isinstance(place, str):
                return [None]
            both = self.ignore_case and place.upper() != place
            options.append((place, place.upper()) if both else (place,))
        if prod(map(len, options)) > most:
            return [None]
        return ["".join(letters) for letters in product(*options)]

    def filled(self, values: Mapping[Opaque, str]) -> Pattern:
        """The pattern with texts in place of variables."""
        places: list[Place] = []
        for place in self.places:
            value = values.get(place) if isinstance(place, Opaque) else None
            if value is None:
                places.append(place)
            else:
                places.extend(value.lower() if self.ignore_case else value)
        return Pattern(tuple(places), self.ignore_case)


def letters(text: str, *, ignore_case: bool = False) -> Pattern:
    """The pattern that names one text."""
    return Pattern(tuple(text.lower() if ignore_case else text), ignore_case)


@lru_cache(maxsize=16384)
def of_text(glob: Glob) -> Pattern:
    """The pattern of a value that is compared as a text: its wildcards reach over anything."""
    return Pattern(tuple(_places(glob, in_field=False)), glob.ignore_case)


def of_arn(glob: ArnGlob) -> Pattern:
    """The pattern of a value of an ARN operator: field by field, the last one may hold colons.

    Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Amazon Resource Name
    (ARN) condition operators".
    """
    places: list[Place] = []
    for number, part in enumerate(glob.fields):
        places.extend([_COLON] if number else [])
        places.extend(_places(part, in_field=number < _COLONS))
    return Pattern(tuple(places))


@lru_cache(maxsize=16384)
def of_resource(glob: Glob) -> Pattern:
    """The pattern of a `Resource`; how far its wildcards reach, see `compiled.resources`."""
    reaches = iter([reach for _, reach in wildcards_of(glob.parts)])
    places: list[Place] = []
    for part in glob.parts:
        if isinstance(part, str):
            places.extend(part)
        else:
            places.append(_place(part, in_field=next(reaches) is Reach.FIELD))
    return Pattern(tuple(places), glob.ignore_case)


def of_open_resource(glob: Glob) -> Pattern:
    """As `of_resource`, with wildcards that reach as far as values of variables can let them.

    A value may hold the colons, or begin with one, that set a wildcard free.
    """
    return of_text(glob) if glob.is_open else of_resource(glob)


def _places(glob: Glob, *, in_field: bool) -> Iterator[Place]:
    for part in glob.parts:
        if isinstance(part, str):
            yield from part
        else:
            yield _place(part, in_field=in_field)


def _place(part: Wildcard | Opaque, *, in_field: bool) -> Place:
    if not isinstance(part, Wildcard):
        return part
    if part is ANY:
        return Wild.ANY_IN_FIELD if in_field else Wild.ANY
    return Wild.ONE_IN_FIELD if in_field else Wild.ONE


EVERYTHING = Pattern((Wild.ANY,))
NOT_EMPTY = Pattern((Wild.ONE, Wild.ANY))


def opaque_in(patterns: Iterable[Pattern]) -> frozenset[Opaque]:
    """All variables and references in patterns."""
    found: frozenset[Opaque] = frozenset()
    for pattern in patterns:
        if pattern.opaque:
            found |= pattern.opaque
    return found
