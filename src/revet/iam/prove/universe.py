"""The actions of a question as bits of a number.

All actions of AWS's data count, and what policies write beside: an action that the data does not
know, and for a pattern that fits no known action one that it would fit. Services that no pattern
names are not told apart: they are one bit.

Source: AWS Service Authorization Reference, see `revet.iam.reference`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from revet.iam.compiled.action_sets import ActionSet, action_glob
from revet.iam.glob_parts import ANY, Wildcard
from revet.iam.globs import Glob, matcher
from revet.iam.reference.actions import spelled
from revet.iam.reference.services import all_services, service

_AFTER_ALL_NAMES = "\uffff"


class _Named(NamedTuple):
    """What a set of actions names.

    Args:
        everything: whether a pattern names all actions.
        services: the actions that it names of each service, as bits in the order of their names.
        wide: the patterns that may name actions of several services.
        strange: the patterns that fit no known action.
    """

    everything: bool
    services: Mapping[str, int]
    wide: tuple[Glob, ...]
    strange: tuple[Glob, ...]


class Universe:
    """The actions that some sets of actions tell apart.

    Args:
        sets: all sets of the question.
    """

    def __init__(self, sets: Iterable[ActionSet]) -> None:
        told = {one: _named(one) for one in sets}
        named: set[str] = set()
        wide = False
        strange: list[Glob] = []
        for one in told.values():
            named.update(one.services)
            wide = wide or bool(one.wide)
            strange += one.strange
        self._named = told
        self._prefixes = _all() if wide else tuple(sorted(named))
        self._first, count = _places(self._prefixes)
        self._strange: dict[ActionSet, int] = {}
        self._unknown = _unknown(strange) if strange else []
        for at, name in enumerate(self._unknown, count):
            for actions in told:
                if any(glob.matches(name) for glob in actions.globs if not glob.is_everything):
                    self._strange[actions] = self._strange.get(actions, 0) | 1 << at
        self._others = "" if wide else next((one for one in _all() if one not in self._first), "")
        self._count = count + len(self._unknown)
        self.all = (1 << self._count + bool(self._others)) - 1

    @property
    def names(self) -> tuple[str, ...]:
        """The actions in lower case; of the services that no pattern names, one stands for all."""
        known = (name for prefix in self._prefixes for name in _actions(prefix))
        return (*known, *self._unknown, *(_actions(self._others)[:1] if self._others else ()))

    def bits(self, actions: ActionSet) -> int:
        """The actions of one of the sets."""
        named = self._named[actions]
        if named.everything:
            found = self.all
        else:
            found = self._strange.get(actions, 0)
            for prefix, bits in named.services.items():
                found |= bits << self._first[prefix]
            for glob in named.wide:
                found |= _anywhere(glob)
        return self.all & ~found if actions.negated else found

    def name(self, bits: int) -> str:
        """An action of some, as AWS writes it."""
        name = self._name_at((bits & -bits).bit_length() - 1)
        return spelled(name) or name

    def _name_at(self, place: int) -> str:
        known = self._count - len(self._unknown)
        if place >= known:
            return (*self._unknown, *_actions(self._others)[:1])[place - known]
        prefix, first = next(one for one in reversed(self._first.items()) if one[1] <= place)
        return f"{prefix}:{_names(prefix)[place - first]}"


@cache
def _all() -> tuple[str, ...]:
    return tuple(sorted(all_services()))


@lru_cache(maxsize=1024)
def _places(prefixes: tuple[str, ...]) -> tuple[dict[str, int], int]:
    """Where the actions of each service begin, one service after the other, and where they end."""
    first: dict[str, int] = {}
    count = 0
    for prefix in prefixes:
        first[prefix] = count
        count += len(_names(prefix))
    return first, count


@cache
def _names(prefix: str) -> tuple[str, ...]:
    """The actions of a service without its prefix, sorted."""
    found = service(prefix)
    return found.action_names if found else ()


@cache
def _actions(prefix: str) -> tuple[str, ...]:
    return tuple([f"{prefix}:{name}" for name in _names(prefix)])


@lru_cache(maxsize=8192)
def _named(actions: ActionSet) -> _Named:
    """What a set of actions names."""
    everything, services = False, dict[str, int]()
    wide: list[Glob] = []
    strange: list[Glob] = []
    for text in actions.texts:
        prefix, found = _of_pattern(text)
        if prefix is None:
            glob = action_glob(text)
            if glob.is_everything:
                everything = True
                continue
            wide.append(glob)
            found = _anywhere(glob)
        elif prefix in all_services():
            services[prefix] = services.get(prefix, 0) | found
        if not found:
            strange.append(action_glob(text))
    return _Named(everything, services, tuple(wide), tuple(strange))


@lru_cache(maxsize=65536)
def _of_pattern(text: str) -> tuple[str | None, int]:
    """The service that a pattern names, and its actions as bits in the order of their names.

    Args:
        text: as written.

    Returns:
        `None` for the service where it may name several.
    """
    lower = text.lower()
    prefix, colon, name = lower.partition(":")
    plain = colon and "?" not in lower and "$" not in lower and "*" not in prefix
    if not plain or "*" in name.removesuffix("*"):
        glob = action_glob(text)
        service_of = _service(glob)
        return service_of, 0 if service_of is None else _in_service(glob, service_of)
    names = _names(prefix)
    if not name.endswith("*"):
        at = bisect_left(names, name)
        return prefix, 1 << at if names[at : at + 1] == (name,) else 0
    head = name[:-1]
    first = bisect_left(names, head)
    return prefix, (1 << bisect_left(names, head + _AFTER_ALL_NAMES, first)) - (1 << first)


def _unknown(strange: Iterable[Glob]) -> list[str]:
    """Names that the patterns fit that fit no known action."""
    return sorted({name for glob in strange for name in _fitting(glob) if spelled(name) is None})


@lru_cache(maxsize=16384)
def _in_service(glob: Glob, prefix: str) -> int:
    """The actions of a service that a pattern fits, as bits in the order of their names."""
    names, head = _actions(prefix), glob.prefix
    first = bisect_left(names, head)
    if glob.is_literal:
        return 1 << first if names[first : first + 1] == (head,) else 0
    last = bisect_left(names, head + _AFTER_ALL_NAMES, first)
    if glob.parts[1:] == (ANY,):
        return (1 << last) - (1 << first)
    fits = matcher(Glob.of(glob.parts))  # all names are in lower case
    longest = max((part for part in glob.parts[1:] if isinstance(part, str)), key=len, default="")
    if not longest:
        return _as_bits([fits(name) for name in names[first:last]]) << first if first < last else 0
    found, lines = 0, _lines(prefix)
    end = lines.begins[last]
    at = lines.text.find(longest, lines.begins[first], end)
    while at >= 0:
        place = bisect_right(lines.begins, at) - 1
        if fits(names[place]):
            found |= 1 << place
        at = lines.text.find(longest, lines.begins[place + 1], end)
    return found


class _Lines(NamedTuple):
    """The actions of a service as one text, which is searched faster than each of them.

    Args:
        text: each followed by a line break.
        begins: where each begins, and the end.
    """

    text: str
    begins: tuple[int, ...]


@cache
def _lines(prefix: str) -> _Lines:
    names = _actions(prefix)
    begins = accumulate([len(name) + 1 for name in names], initial=0)
    return _Lines("".join([f"{name}\n" for name in names]), tuple(begins))


@lru_cache(maxsize=256)
def _anywhere(glob: Glob) -> int:
    """The actions of all services that a pattern fits, as bits in the order of their names."""
    fits = matcher(Glob.of(glob.parts))  # all names are in lower case
    return _as_bits([fits(name) for prefix in _all() for name in _actions(prefix)])


def _as_bits(flags: list[bool]) -> int:
    return int("".join("1" if flag else "0" for flag in reversed(flags)), 2)


def _service(glob: Glob) -> str | None:
    """The service that a pattern names; `None` where it may name several."""
    prefix, colon, _ = glob.prefix.partition(":")
    return prefix if colon else "" if glob.is_literal else None


def _fitting(glob: Glob) -> Iterable[str]:
    name = "".join("x" if isinstance(part, Wildcard) else str(part) for part in glob.parts)
    if name.count(":") == 1:
        yield name
