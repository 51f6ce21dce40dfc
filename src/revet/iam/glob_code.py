"""Patterns as texts of one character a place, so that they are compared like texts.

A wildcard, variable or reference is one character that no policy holds: AWS takes U+0020 to U+00FF
(and tab, line feed, carriage return) in policies.
"""

from __future__ import annotations

from revet.iam.glob_parts import ANY, Part, Wildcard
from revet.model.work import spend

ANY_CODE, ONE_CODE, OPAQUE_CODE, _NEVER = "\U0010fff0", "\U0010fff1", "\U0010fff2", "\U0010fff3"
_TAKEN = str.maketrans(dict.fromkeys((ANY_CODE, ONE_CODE, OPAQUE_CODE), _NEVER))


def code_of(part: Part) -> str:
    """A part's text."""
    if isinstance(part, str):  # policies hold U+0020 to U+00FF only: the codes are free for us
        return part if part.isascii() else part.translate(_TAKEN)
    if isinstance(part, Wildcard):
        return ANY_CODE if part is ANY else ONE_CODE
    return OPAQUE_CODE


def flat(code: str) -> str:
    """The pattern with `*` in place of variables and references."""
    return code.replace(OPAQUE_CODE, ANY_CODE)


def agree(left: str, right: str, *, mutual: bool = True) -> bool:
    """Whether one text can start with both; `?` on the left, or on both sides, is any character."""
    return all(
        one in (two, ONE_CODE) or (mutual and two == ONE_CODE)
        for one, two in zip(left, right, strict=False)
    )


def fits(code: str, text: str, *, mutual: bool = False) -> bool:
    """Whether a text is in a pattern without variables.

    The leftmost place of each literal between two `*` is the best one, so nothing is tried twice.

    Args:
        code: the pattern.
        text: a text; or a pattern without `*`, whose `?` only `?` and `*` of `code` accept.
        mutual: whether a `?` of the text may also be whatever `code` needs it to be.
    """
    first, *middle = code.split(ANY_CODE)
    if not middle:
        return len(text) == len(first) and _stands(first, text, 0, mutual=mutual)
    last = middle.pop()
    end = len(text) - len(last)
    at = len(first)
    if (
        end < at
        or not _stands(first, text, 0, mutual=mutual)
        or not _stands(last, text, end, mutual=mutual)
    ):
        return False
    for segment in middle:
        at = _find(segment, text, at, end, mutual=mutual)
        if at < 0:
            return False
        at += len(segment)
    return True


def _stands(segment: str, text: str, at: int, *, mutual: bool) -> bool:
    if text.startswith(segment, at):
        return True
    if ONE_CODE not in segment and not (mutual and ONE_CODE in text):
        return False
    return agree(segment, text[at : at + len(segment)], mutual=mutual)


def _find(segment: str, text: str, at: int, end: int, *, mutual: bool) -> int:
    if ONE_CODE not in segment and not (mutual and ONE_CODE in text):
        return text.find(segment, at, end)
    spend((end - at) // 8)
    for start in range(at, end - len(segment) + 1):
        if _stands(segment, text, start, mutual=mutual):
            return start
    return -1
