"""How a `Resource` pattern meets an ARN.

Source: IAM User Guide, "IAM JSON policy elements: Resource": wildcards stay within one field of the
ARN (the parts between colons), but a `*` at the end of a field may reach over colons. The part
after the fifth colon is one field; it may hold colons itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from revet.iam.globs import ANY, Glob, Part, matcher

_COLONS = 5


class _Reach(Enum):
    """What a wildcard may stand for."""

    ALL = "any characters"
    FIELD = "characters that are no colon"


def resource_matcher(glob: Glob) -> Callable[[str], bool]:
    """The test whether an ARN, or `*`, is named by a pattern of `Resource`.

    It holds for no text that `glob.matches` does not hold for, and for the usual patterns it is
    the same.

    Args:
        glob: a pattern without variables and references.
    """
    if all(reach is _Reach.ALL for _, reach in _wildcards(glob.parts)):
        return matcher(glob)
    return _Confined(glob.parts).matches


def _wildcards(parts: tuple[Part, ...]) -> Iterator[tuple[Part, _Reach]]:
    """The wildcards, each with how far it reaches."""
    colons = 0
    for place, part in enumerate(parts):
        if isinstance(part, str):
            colons += part.count(":")
            continue
        after = parts[place + 1] if place + 1 < len(parts) else ""
        ends = after == "" or (isinstance(after, str) and after.startswith(":"))
        free = colons >= _COLONS or (part is ANY and ends)
        yield part, _Reach.ALL if free else _Reach.FIELD


class _Confined:
    """A pattern whose wildcards do not all reach over colons, as an automaton.

    A state is a bit set of places in the pattern, so that no place is tried twice.
    """

    __slots__ = ("_final", "_letters", "_loops", "_ones")

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._letters: dict[str, int] = {}
        self._ones = dict.fromkeys(_Reach, 0)
        self._loops = dict.fromkeys(_Reach, 0)
        place = 0
        wildcards = _wildcards(parts)
        for part in parts:
            if isinstance(part, str):
                for letter in part:
                    self._letters[letter] = self._letters.get(letter, 0) | 1 << place
                    place += 1
                continue
            wildcard, reach = next(wildcards)
            table = self._loops if wildcard is ANY else self._ones
            table[reach] |= 1 << place
            place += 1
        self._final = 1 << place

    def matches(self, text: str) -> bool:
        """Whether the pattern names a text."""
        loops = self._loops[_Reach.ALL] | self._loops[_Reach.FIELD]
        state = 1 | (1 & loops) << 1
        for letter in text:
            moving = self._letters.get(letter, 0) | self._ones[_Reach.ALL]
            staying = self._loops[_Reach.ALL]
            if letter != ":":
                moving |= self._ones[_Reach.FIELD]
                staying |= self._loops[_Reach.FIELD]
            state = (state & moving) << 1 | (state & staying)
            state |= (state & loops) << 1
            if not state:
                return False
        return bool(state & self._final)
