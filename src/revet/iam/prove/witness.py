"""From what a request has to meet to a request.

Variables get values first, for what is found for one key may hold the value of another: the values
that their own keys are demanded to have, or a text that no pattern names. Then each key has a
shortest value on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product, takewhile
from typing import NamedTuple

from revet.iam.glob_parts import Symbol, Variable
from revet.iam.prove.cells import Literals, Missing, Value, few_values, value_of
from revet.iam.prove.literals import RESOURCE, Literal, Theory
from revet.iam.prove.patterns import Place, letters
from revet.iam.prove.search import Found
from revet.iam.prove.universe import Universe

_CANDIDATES = ("x1", "a:b", "zzz-unnamed-7", "111122223333")
"""Values for variables whose keys may have any."""
_TRIES = 24
_FIRST = 4
"""How many values with which patterns meet are tried before any others."""


class Witness(NamedTuple):
    """One request.

    Args:
        action: as AWS writes it.
        resource: an ARN or `*`.
        context: values by key in lower case; `None` says that the request does not have the key.
    """

    action: str
    resource: str
    context: Mapping[str, str | list[str] | None]


def witnesses(found: Found, universe: Universe) -> Iterator[Witness]:
    """Requests that meet the demands, as far as each key tells by itself.

    Args:
        found: what the search found.
        universe: the actions.
    """
    named: set[str] = set()
    for literals in found.demands.values():
        for literal in literals:
            named |= literal.variables
    if not named:  # so that nothing has to be tried
        witness = _witness(found, universe, {})
        if witness is not None:
            yield witness
        return
    variables = sorted(named)
    options = [_candidates(found.demands, variable) for variable in variables]
    for chosen in islice(product(*options), _TRIES):
        witness = _witness(found, universe, dict(zip(variables, chosen, strict=True)))
        if witness is not None:
            yield witness


def _candidates(demands: Mapping[str, Literals], variable: str) -> list[str | None]:
    texts: list[str | None] = []
    there = Literal(variable, Theory.PRESENCE, inside=True, absent=False, empty=False)
    value = value_of(demands.get(variable, frozenset()) | {there}, demands)
    if isinstance(value, tuple) and all(isinstance(letter, str) for letter in value):
        texts.append("".join(map(str, value)))
    few = few_values(demands.get(variable, frozenset()))
    meeting = {
        text
        for literals in demands.values()
        if any(variable in literal.variables for literal in literals)
        for text in _meeting(variable, literals)
    }
    ordered = sorted(meeting)
    first, rest = ordered[:_FIRST], ordered[_FIRST:]
    return [*texts, *sorted(few or ()), *first, None, "", *_CANDIDATES, *rest]


def _meeting(variable: str, literals: Literals) -> Iterator[str]:
    """The values with which a pattern is a text that another pattern of the same key names.

    `home/${aws:username}/*` is a text of `home/admin/*` where the name is `admin`.
    """
    patterns = [pattern for literal in literals for pattern in literal.patterns]
    texts = [text for one in patterns for text in one.outline.samples[:1]]
    for places in (pattern.places for pattern in patterns if pattern.opaque):
        names = [isinstance(one, Variable) and one.key == variable for one in places]
        if True not in names:
            continue
        at = names.index(True)
        head = places[:at]
        tail = tuple(takewhile(_is_letter, places[at + 1 :]))
        whole = at + 1 + len(tail) == len(places)
        if not all(map(_is_letter, head)):
            continue
        begin, end = "".join(map(str, head)), "".join(map(str, tail))
        for text in texts:
            stop = len(text) - len(end) if whole or not end else text.find(end, at)
            if text.startswith(begin) and at <= stop and text.startswith(end, stop):
                yield text[at:stop]


def _is_letter(place: Place) -> bool:
    return isinstance(place, str)


def _witness(found: Found, universe: Universe, values: Mapping[str, str | None]) -> Witness | None:
    demands = dict(found.demands)
    if values:
        for key, literals in found.demands.items():
            demands[key] = frozenset([literal.filled(values) for literal in literals])
    for variable, text in values.items():
        if text is None:
            missing = Literal(variable, Theory.PRESENCE, inside=False, absent=True, empty=False)
            demands[variable] = demands.get(variable, frozenset()) | {missing}
            continue
        exactly = Literal(
            variable, Theory.TEXT, inside=True, absent=False, empty=not text,
            patterns=frozenset((letters(text),)),
        )  # fmt: skip
        demands[variable] = demands.get(variable, frozenset()) | {exactly}
    context: dict[str, str | list[str] | None] = {}
    for key, literals in demands.items():
        value = value_of(literals, demands)
        if value is None:
            return None
        context[key] = _written(value)
    resource = context.pop(RESOURCE, "*")
    return Witness(universe.name(found.actions), str(resource), context)


def _written(value: Value) -> str | list[str] | None:
    if isinstance(value, Missing):
        return None
    if isinstance(value, frozenset):
        return sorted(_text(word) for word in value)
    return _text(value)


def _text(word: tuple[object, ...]) -> str:
    return "".join(
        [letter if isinstance(letter, str) else f"${{{_name(letter)}}}" for letter in word]
    )


def _name(letter: object) -> str:
    return letter.text if isinstance(letter, Symbol) else str(letter)
