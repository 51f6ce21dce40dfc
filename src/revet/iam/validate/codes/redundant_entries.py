"""Which entries of a list of patterns cover others of the same list.

Observed in Access Analyzer's findings: patterns are compared as texts (`*` runs over colons and
slashes), not by what exists in AWS; one pattern must cover the other by itself; and all that hangs
together is one finding that names every entry, the covering ones too, in the order of the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from revet.iam.glob_parts import ONE
from revet.iam.globs import Cover, Glob, matcher
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.variables import OPENING, VERSION
from revet.iam.validate.written import WrittenAction, WrittenResource, WrittenStatement
from revet.model.work import spend

_OPEN = re.compile(r"[*?]|\$\{")
_MOST_PAIRS = 4_000_000
"""How many pairs of entries are compared: all of an element with 2,000 entries, which is more than
10,240 characters can hold."""
_MOST_STEPS = 200_000
"""How many characters are followed through patterns with `?` or variables: a second's worth."""


def _redundant_groups(
    entries: Sequence[WrittenAction | WrittenResource], *, ignore_case: bool
) -> list[list[int]]:
    """Groups of entries of which at least one covers another, by their numbers in the list.

    Of an element that no policy can hold only those of its first patterns, so that hostile input
    does not cost minutes (`_MOST_PAIRS`); the same where comparing them is so much work that only
    patterns made for it need it (`_MOST_STEPS`).
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
    globs = _Globs(variables=variables)
    patterns = _MOST_PAIRS // len(texts)
    for number, text in enumerate(texts):
        if first[text] != number or not ("*" in text or "?" in text):
            continue
        patterns -= 1
        if patterns < 0:
            break
        for other in _covered(text, texts, globs):
            groups.join(number, other)
        if globs.steps > _MOST_STEPS:
            break
    return groups.of_several()


def _covered(text: str, texts: Sequence[str], globs: _Globs) -> list[int]:
    """The numbers of the texts that a text with wildcards covers."""
    spend(len(texts))
    literal = _OPEN.split(text, maxsplit=1)[0]
    plain = "?" not in text and OPENING not in text
    matches = matcher(Glob.parse(text)) if plain else None
    return [
        number
        for number, other in enumerate(texts)
        if other.startswith(literal)
        and other != text
        and (matches(other) if matches and OPENING not in other else globs.cover(text, other))
    ]


class _Globs:
    """The patterns of one element, each read once.

    Attributes:
        steps: characters that were followed through patterns so far.
    """

    __slots__ = ("_covers", "_known", "_variables", "steps")

    def __init__(self, *, variables: bool) -> None:
        self._variables = variables
        self._known: dict[str, _Pattern] = {}
        self._covers: tuple[str, Cover] = ("", Cover(()))
        self.steps = 0

    def _pattern(self, text: str) -> _Pattern:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = _pattern(Glob.parse(text, variables=self._variables))
        return known

    def cover(self, text: str, other: str) -> bool:
        """Whether one pattern covers another one; no more once too much was asked."""
        one, two = self._pattern(text), self._pattern(other)
        if self.steps > _MOST_STEPS or one.least > two.least or not one.letters <= two.letters:
            return False
        if not all(any(part in whole for whole in two.literals) for part in one.literals):
            return False
        if self._covers[0] != text:
            self._covers = (text, Cover((one.glob,)))
        self.steps += two.least + len(two.glob.parts) * len(one.glob.parts)
        return self._covers[1].covers(two.glob)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern, and what any pattern that it covers must have at least.

    Args:
        glob: the pattern.
        literals: its literal parts: they stand in what it covers, since a wildcard there may be a
            character that no part has.
        letters: in them.
        least: length of its shortest text, a variable counted as nothing.
    """

    glob: Glob
    literals: tuple[str, ...]
    letters: frozenset[str]
    least: int


def _pattern(glob: Glob) -> _Pattern:
    literals = tuple(part for part in glob.parts if isinstance(part, str))
    wild = sum(part is ONE for part in glob.parts)
    return _Pattern(glob, literals, frozenset("".join(literals)), sum(map(len, literals)) + wild)


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


def _overlaps(
    entries: Sequence[WrittenAction | WrittenResource], advice: str, *, ignore_case: bool
) -> Hits:
    """Entries of an element, and then of its negation, of which one covers another."""
    for negated in (False, True):
        alike = [entry for entry in entries if entry.negated is negated]
        for group in _redundant_groups(alike, ignore_case=ignore_case):
            found = [alike[number] for number in group]
            narrow = max(found, key=lambda entry: len(entry.text))
            yield hit(
                f"{len(found)} {advice}, such as {quoted(narrow.text)}.",
                *(entry.place for entry in found),
            )


@check(Level.SUGGESTION, answers=None)
def redundant_action(statement: WrittenStatement) -> Hits:
    """An action that another entry of the same element already covers; case is ignored."""
    advice = "actions overlap so that one of them covers another. Remove what adds nothing"
    return _overlaps(statement.actions, advice, ignore_case=True)


@check(Level.SUGGESTION, answers=None)
def redundant_resource(statement: WrittenStatement) -> Hits:
    """A resource that another entry of the same element already covers."""
    advice = (
        "resources overlap so that one of them covers another. "
        "Look at the wildcards, or remove what adds nothing"
    )
    return _overlaps(statement.resources, advice, ignore_case=False)
