"""What a pattern is like as a text of one character a place, so that it is compared like a text.

A wildcard, variable or reference is a character that no policy holds: AWS takes U+0020 to U+00FF
(and tab, line feed, carriage return) in policies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_PLAIN, _NAMELESS = "x", "\u0180"
"""A letter for people, and one that hardly a pattern names."""
_COLONS = 5
ANY, ANY_IN_FIELD, ONE, ONE_IN_FIELD, OPAQUE = map(chr, range(0x10FFF0, 0x10FFF5))
"""The characters of wildcards, and of whatever is not known."""
# A letter from `ANY` on, which no policy holds, is not told from these: less is said then.


@dataclass(frozen=True, slots=True)
class Outline:
    """What every text of a pattern is like, in lower case where the pattern ignores case.

    Args:
        code: the pattern, one character a place.
        head: what it begins with.
        tail: what it ends with, as far as that is behind the last wildcard.
        least: how many letters it has at least.
        exact: whether the head is the whole text.
        is_arn: whether it is an ARN.
        samples: texts of it, first a shortest one; none for a pattern with variables or references.
        pieces: the texts between its wildcards, where each of these takes anything; none where one
            does not, or where the pattern has variables or references.
    """

    code: str
    head: str
    tail: str
    least: int
    exact: bool
    is_arn: bool
    samples: tuple[str, ...]
    pieces: tuple[str, ...]

    def takes(self, code: str) -> bool:
        """Whether the pattern takes a text, or all texts of a pattern; only where it has pieces.

        The leftmost place of each piece is the best one, so nothing is tried twice.

        Args:
            code: the text, or the code of the pattern; in lower case where this ignores case.
        """
        if self.exact:
            return code == self.head
        head, tail = self.head, self.tail
        at, end = len(head), len(code) - len(tail)
        if end < at or not code.startswith(head) or not code.endswith(tail):
            return False
        for piece in self.pieces[1:-1]:
            at = code.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True


def outlined(places: Sequence[str], *, opaque: bool, ignore_case: bool) -> Outline:
    """The outline of a pattern.

    Args:
        places: its letters, and the characters of all that is no letter.
        opaque: whether it has variables or references.
        ignore_case: whether case is ignored.
    """
    code = "".join(places)
    signs = [at for at, place in enumerate(places) if place >= ANY]
    exact = not signs
    head = code if exact else code[: signs[0]]
    tail = code if exact else code[signs[-1] + 1 :]
    arn = not ignore_case and head.startswith("arn:") and code.count(":") >= _COLONS
    if exact:
        return Outline(code, head, tail, len(code), exact, arn, (code, code), (code,))
    ones = code.count(ONE) + code.count(ONE_IN_FIELD)
    letters = len(code) - len(signs)
    samples: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    if not opaque:
        samples = (_shown(code, _PLAIN, ""), _shown(code, _NAMELESS, _NAMELESS))
        if code.count(ANY) == len(signs):
            pieces = tuple(code.split(ANY))
    return Outline(code, head, tail, letters + ones, exact, arn, samples, pieces)


def _shown(code: str, letter: str, text: str) -> str:
    """A pattern with a letter for each wildcard that stands for one, and a text for the others."""
    found = code.replace(ANY, text).replace(ANY_IN_FIELD, text)
    return found.replace(ONE, letter).replace(ONE_IN_FIELD, letter)
