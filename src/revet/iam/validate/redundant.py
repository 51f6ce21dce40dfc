"""Which entries of a list of patterns cover others of the same list.

Observed in Access Analyzer's findings: patterns are compared as texts (`*` runs over colons and
slashes), not by what exists in AWS; one pattern must cover the other by itself; and all that hangs
together is one finding that names every entry, the covering ones too, in the order of the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from revet.iam.globs import Glob
from revet.iam.validate.subject import ActionSubject, ResourceSubject
from revet.iam.validate.variables import OPENING, VERSION

MOST_PAIRS = 4_000_000
"""How many pairs of entries are compared: all of an element with 2,000 entries, which is more than
10,240 characters can hold."""


def redundant_groups(
    entries: Sequence[ActionSubject] | Sequence[ResourceSubject], *, ignore_case: bool
) -> list[list[int]]:
    """Groups of entries of which at least one covers another, by their numbers in the list.

    Args:
        entries: of one element.
        ignore_case: whether case is ignored, as in names of actions.

    Returns:
        The groups; of an element that no policy can hold only those of its first patterns, so that
        hostile input does not cost minutes (`MOST_PAIRS`).
    """
    if len(entries) < 2:  # noqa: PLR2004 - one entry covers no other
        return []
    texts = [entry.text.lower() if ignore_case else entry.text for entry in entries]
    if len(set(texts)) == len(texts) and not any("*" in text or "?" in text for text in texts):
        return []
    groups = _Groups(len(texts))
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        groups.join(first.setdefault(text, number), number)
    variables = entries[0].statement.policy.version == VERSION
    patterns = MOST_PAIRS // len(texts)
    for number, text in enumerate(texts):
        if first[text] != number or not ("*" in text or "?" in text):
            continue
        patterns -= 1
        if patterns < 0:
            break
        for other in _covered(text, texts, variables=variables):
            groups.join(number, other)
    return groups.of_several()


def _covered(text: str, texts: Sequence[str], *, variables: bool) -> list[int]:
    """The numbers of the texts that a text with wildcards covers."""
    plain = "?" not in text and OPENING not in text
    if plain:
        first, *middle, last = text.split("*")
        return [
            number
            for number, other in enumerate(texts)
            if other.startswith(first)
            and other != text
            and (
                _has_in_order(other, len(first), middle, last)
                if OPENING not in other
                else _covers(text, other, variables=variables)
            )
        ]
    literal = re.split(r"[*?]|\$\{", text, maxsplit=1)[0]
    return [
        number
        for number, other in enumerate(texts)
        if other.startswith(literal) and other != text and _covers(text, other, variables=variables)
    ]


def _has_in_order(text: str, at: int, middle: Sequence[str], last: str) -> bool:
    """Whether a text holds the pieces in order from an offset on, the last one at its end.

    The text may be a pattern: its wildcards then count as characters that no piece holds.
    """
    end = len(text) - len(last)
    if end < at or not text.endswith(last):
        return False
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _covers(text: str, other: str, *, variables: bool) -> bool:
    return Glob.parse(text, variables=variables).covers(Glob.parse(other, variables=variables))


class _Groups:
    """Numbers that hang together."""

    __slots__ = ("_leader",)

    def __init__(self, size: int) -> None:
        self._leader = list(range(size))

    def _of(self, number: int) -> int:
        while self._leader[number] != number:
            number = self._leader[number]
        return number

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._of(one), self._of(other)))
        self._leader[second] = first

    def of_several(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for number in range(len(self._leader)):
            found.setdefault(self._of(number), []).append(number)
        return [numbers for numbers in found.values() if len(numbers) > 1]
