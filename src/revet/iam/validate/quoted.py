"""Values of a policy inside a message: short, on one line, printable."""

from __future__ import annotations

LONGEST = 80
"""Characters of a value that a message shows."""


def quoted(text: str) -> str:
    """The value in backticks; long ones cut, unprintable characters escaped.

    Args:
        text: any string of a policy, possibly hostile: a megabyte long, or with lone surrogates.
    """
    return f"`{printable(text if len(text) <= LONGEST else f'{text[:LONGEST]}…')}`"


def printable(text: str) -> str:
    """The text with line breaks and other unprintable characters escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
