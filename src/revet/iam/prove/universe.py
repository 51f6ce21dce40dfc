"""The actions of a question as bits of a number.

All actions of AWS's data count, and what policies write beside: an action that the data does not
know, and for a pattern that fits no known action one that it would fit. Services that no pattern
names are not told apart: they are one bit.

Source: AWS Service Authorization Reference, see `revet.iam.reference`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from revet.iam.compiled.elements import GlobSet
from revet.iam.glob_parts import ANY, Wildcard
from revet.iam.globs import Glob, matcher
from revet.iam.reference.actions import spelled
from revet.iam.reference.services import all_services, service

_AFTER_ALL_NAMES = "\uffff"


class Universe:
    """The actions that some sets of actions tell apart.

    Args:
        sets: all sets of the question.
    """

    def __init__(self, sets: Iterable[GlobSet]) -> None:
        written = {glob: None for one in sets for glob in one.globs}
        globs = {glob: _service(glob) for glob in written if not glob.is_everything}
        named = set(globs.values())
        services = all_services()
        self._prefixes = _all() if None in named else tuple(sorted(services.keys() & named))
        first, count = _places(self._prefixes)
        self._first = first
        self._bits = {glob: self._known(glob, prefix) for glob, prefix in globs.items()}
        unknown = {name for glob in globs if not self._bits[glob] for name in _fitting(glob)}
        self._unknown = sorted([name for name in unknown if spelled(name) is None])
        for at, name in enumerate(self._unknown, count):
            for glob in globs:
                if glob.matches(name):
                    self._bits[glob] |= 1 << at
        self._others = next((one for one in _all() if one not in first), "")
        self._count = count + len(self._unknown)
        self.all = (1 << self._count + bool(self._others)) - 1

    def _known(self, glob: Glob, prefix: str | None) -> int:
        if prefix is None:
            return _anywhere(glob)
        first = self._first.get(prefix)
        return 0 if first is None else _in_service(glob, prefix) << first

    @property
    def names(self) -> tuple[str, ...]:
        """The actions in lower case; of the services that no pattern names, one stands for all."""
        known = (name for prefix in self._prefixes for name in _actions(prefix))
        return (*known, *self._unknown, *(_actions(self._others)[:1] if self._others else ()))

    def bits(self, actions: GlobSet) -> int:
        """The actions of one of the sets."""
        found = 0
        for glob in actions.globs:
            found |= self.all if glob.is_everything else self._bits[glob]
        return self.all & ~found if actions.negated else found

    def name(self, bits: int) -> str:
        """An action of some, as AWS writes it."""
        name = self._name_at((bits & -bits).bit_length() - 1)
        return spelled(name) or name

    def _name_at(self, place: int) -> str:
        for prefix, first in reversed(self._first.items()):
            if first <= place < first + len(_actions(prefix)):
                return _actions(prefix)[place - first]
        known = self._count - len(self._unknown)
        return (*self._unknown, *_actions(self._others)[:1])[place - known]


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
        count += len(_actions(prefix))
    return first, count


@cache
def _actions(prefix: str) -> tuple[str, ...]:
    found = service(prefix)
    return tuple([f"{prefix}:{name}" for name in found.action_names]) if found else ()


@lru_cache(maxsize=16384)
def _in_service(glob: Glob, prefix: str) -> int:
    """The actions of a service that a pattern fits, as bits in the order of their names."""
    if glob.is_open:
        return 0
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
