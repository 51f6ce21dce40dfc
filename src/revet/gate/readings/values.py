"""Whether a text says something to whoever reads it."""

from __future__ import annotations


def says_something(text: str) -> bool:
    """Whether there is a character that can be seen: blanks and control characters say nothing."""
    return any(one.isprintable() and not one.isspace() for one in text)
