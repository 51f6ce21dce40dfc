"""Whether one key of a request can meet all that is demanded of it; if so, a value that does.

In turn it is tried whether the request can be without the key, have an empty text, one value, or
several. A value is looked for in each theory that the literals use; that these are the same text is
not demanded, and what a variable stands for elsewhere is not looked at. So "there is none" is
true, and a value that is found has to be tried with the whole request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from revet.iam.prove.domains import ARN, RESOURCES, USUAL_ARN, domain_of
from revet.iam.prove.intervals import Interval, Intervals, number_in
from revet.iam.prove.literals import RESOURCE, SIXTH_VERSION, Literal, Over, Theory
from revet.iam.prove.outlines import have_text
from revet.iam.prove.patterns import NOT_EMPTY, Pattern, letters
from revet.iam.prove.rendered import RENDER
from revet.iam.prove.words import Word, shortest


class Missing(Enum):
    """What a request has for a key that it does not have."""

    MISSING = "missing"


Literals: TypeAlias = frozenset[Literal]
Value: TypeAlias = Missing | Word | frozenset[Word]
"""What a request has for a key: nothing, one text, or several."""

_Few: TypeAlias = tuple[tuple[str, frozenset[str]], ...]
_Text: TypeAlias = Callable[
    [frozenset[Pattern], set[frozenset[Pattern]], frozenset[Pattern]], Word | None
]
"""Finds a text of some kinds in each of some sets that matches none of some patterns."""

_FEW = 16
"""Up to how many values of a variable are tried one by one."""
_ARNS = frozenset((ARN,))
_ANY_TEXT = frozenset((NOT_EMPTY,))
_LINES = {
    Theory.ADDRESS: Intervals(
        (
            Interval(0, (1 << 32) - 1),
            Interval(SIXTH_VERSION, SIXTH_VERSION + (1 << 128) - 1),
        )
    ),
    Theory.INSTANT: Intervals((Interval(),)),
    Theory.NUMBER: Intervals((Interval(),)),
}


def value_of(literals: Literals, demands: Mapping[str, Literals]) -> Value | None:
    """A shortest value of one key that meets all literals.

    Args:
        literals: all of the same key.
        demands: what is demanded of the other keys, for the values of variables.

    Returns:
        `None` when there is none.

    Raises:
        TooHardError: it is not worth looking on.
    """
    return _value(*_asked(literals, demands), _shortest)


def has_value(literals: Literals, demands: Mapping[str, Literals]) -> bool:
    """Whether a value of one key meets all literals; see `value_of`, which takes longer."""
    for literal in literals:
        if literal.variables:
            return _value(*_asked(literals, demands), _some) is not None
    return _value(literals, (), _some) is not None


@lru_cache(maxsize=16384)
def can_hold(literal: Literal) -> bool:
    """Whether a value of a key meets a literal without variables, with nothing else demanded."""
    if literal.absent and literal.key != RESOURCE:
        return True
    return _value(frozenset((literal,)), (), _some) is not None


def _asked(literals: Literals, demands: Mapping[str, Literals]) -> tuple[Literals, _Few]:
    """The literals, and the variables of which each value is tried."""
    if not any(literal.variables for literal in literals):
        return literals, ()
    few = []
    for variable in sorted({one for literal in literals for one in literal.variables}):
        texts = few_values(demands.get(variable, frozenset()))
        if texts is not None:
            few.append((variable, texts))
    return _with_values(literals, demands), tuple(few)


def _with_values(literals: Literals, demands: Mapping[str, Literals]) -> Literals:
    """The literals, those not lenient any more whose variables surely have values.

    They have where another literal holds that fails without them, or where their own keys are
    demanded.
    """
    if not any(literal.lenient and literal.inside for literal in literals):
        return literals
    there = {
        variable
        for literal in literals
        if literal.lenient and not literal.inside
        for variable in literal.variables
    }
    there |= {key for key, ones in demands.items() if not all(one.absent for one in ones)}
    return frozenset(
        replace(one, lenient=False) if one.inside and one.variables <= there else one
        for one in literals
    )


@lru_cache(maxsize=65536)
def _value(literals: Literals, few: _Few, text: _Text) -> Value | None:
    for one in literals:
        if one.opaque and one.negation() in literals:
            return None
    if not few:
        return _met(literals, text)
    names = [name for name, _ in few]
    for chosen in product(*(sorted(texts) for _, texts in few)):
        values = dict(zip(names, chosen, strict=True))
        found = _met(frozenset(literal.filled(values) for literal in literals), text)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def few_values(literals: Literals) -> frozenset[str] | None:
    """The values of a key that can have few; `None` for one that can have many.

    Args:
        literals: all that is demanded of the key.
    """
    sets = (
        [text for pattern in literal.patterns for text in pattern.texts(_FEW)]
        for literal in literals
        if literal.inside and not literal.absent and literal.over is Over.ONE
    )
    few = [frozenset(texts) for texts in sets if texts and None not in texts]
    smallest = min(few, key=len, default=frozenset[str | None]())
    if not few or len(smallest) > _FEW:
        return None
    found = frozenset(text for text in smallest if text is not None)
    return frozenset(text for text in found if _met(_being(literals, text), _some) is not None)


def _being(literals: Literals, text: str) -> Literals:
    key = next(iter(literals)).key
    exactly = Literal(
        key, Theory.TEXT, inside=True, absent=False, empty=not text,
        patterns=frozenset((letters(text),)),
    )  # fmt: skip
    return literals | {exactly}


def _met(literals: Literals, text: _Text) -> Value | None:
    absent, empty, present, key = True, True, True, RESOURCE
    for one in literals:
        key = one.key
        absent = absent and one.absent
        empty = empty and bool(one.empty)
        present = present and (one.inside or one.theory is not Theory.PRESENCE)
    if key == RESOURCE:
        return _of_text(RESOURCES, literals, text)
    if absent:
        return Missing.MISSING
    domain = domain_of(key)
    if domain.empty and empty:
        return ()
    kinds = domain.patterns or _ANY_TEXT
    found: Value | None = _element(kinds, literals, text) if present else None
    if found is None and present and (domain.several or not domain.types):
        found = _several(kinds, literals, text)
    return () if found is None and domain.empty and _may_be_empty(literals) else found


def _may_be_empty(literals: Literals) -> bool:
    return all(literal.empty is not False for literal in literals) and not _contradict(
        literal for literal in literals if literal.empty is None
    )


def _several(kinds: frozenset[Pattern], literals: Literals, text: _Text) -> frozenset[Word] | None:
    """Several values; what an operator for one value makes of them is not known."""
    if all(literal.over is Over.ONE for literal in literals) or _contradict(
        literal for literal in literals if literal.over is Over.ONE
    ):
        return None
    every = [literal for literal in literals if literal.over is Over.EVERY]
    some = [literal for literal in literals if literal.over is Over.SOME]
    demands = [frozenset((*every, one)) for one in some] or [frozenset(every)]
    words = [_element(kinds, demand, text) for demand in demands]
    return None if None in words else frozenset(word for word in words if word is not None)


def _contradict(literals: Iterable[Literal]) -> bool:
    """Whether one literal and its opposite are among some, whatever they mean."""
    known = set(literals)
    return any(literal.negation() in known for literal in known)


def _element(kinds: frozenset[Pattern], literals: Literals, text: _Text) -> Word | None:
    """One value that meets all literals.

    What comes of comparing a text that is not an ARN with one is not known, so of those literals it
    is only seen when they contradict each other.
    """
    about_arns = {literal for literal in literals if literal.arns}
    if not about_arns:
        return _value_among(kinds, literals, text)
    found = _value_among(_ARNS, literals, text)
    if found is not None or _contradict(about_arns):
        return found
    return _value_among(kinds, literals - about_arns, text, _ARNS)


def _value_among(
    kinds: frozenset[Pattern],
    literals: Literals,
    text: _Text,
    others: frozenset[Pattern] = frozenset(),
) -> Word | None:
    word: Word | None = None
    for theory in {literal.theory for literal in literals}:
        line = _LINES.get(theory)
        if line is None:
            continue
        sets = [
            numbers if literal.inside else numbers.outside()
            for literal in literals
            if literal.theory is theory and (numbers := literal.numbers) is not None
        ]
        number = number_in([line, *sets], whole=theory is not Theory.NUMBER)
        if number is None:
            return None
        word = tuple(RENDER[theory](number))
    if word is not None and all(literal.theory is not Theory.TEXT for literal in literals):
        return word
    found = _of_text(kinds, literals, text, others)
    return found if word is None or found is None else word


def _of_text(
    kinds: frozenset[Pattern],
    literals: Literals,
    text: _Text,
    others: frozenset[Pattern] = frozenset(),
) -> Word | None:
    among: set[frozenset[Pattern]] = set()
    outside = others
    for one in literals:
        if one.theory is not Theory.TEXT:
            continue
        if not one.inside:
            outside = outside | one.patterns if outside else one.patterns
        elif not one.lenient:
            among.add(one.patterns)
    return text(kinds, among, outside)


def _shortest(
    kinds: frozenset[Pattern], among: set[frozenset[Pattern]], outside: frozenset[Pattern]
) -> Word | None:
    """A shortest text, of an ARN one with the usual fields where there is one."""
    usual = None
    if USUAL_ARN.places[:4] in {pattern.places[:4] for pattern in kinds}:
        usual = shortest(frozenset((*among, frozenset((USUAL_ARN,)))), outside)
    return usual or shortest(frozenset((*among, kinds)), outside)


def _some(
    kinds: frozenset[Pattern], among: set[frozenset[Pattern]], outside: frozenset[Pattern]
) -> Word | None:
    """Any text; the empty one stands for those that were only seen to exist."""
    seen = have_text((*among, kinds), outside)
    if isinstance(seen, bool):
        return () if seen else None
    return () if any(shortest(*texts) is not None for texts in seen) else None
