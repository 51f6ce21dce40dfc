"""The name that a user most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_CLOSE_ENOUGH = 0.75


def similar(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to a name, for "did you mean", or None when none is close.

    Case does not count. The same name in another case is always close.

    Args:
        name: what the user wrote.
        candidates: the names that exist, in the case to be shown.
    """
    shown = {candidate.lower(): candidate for candidate in sorted(candidates, reverse=True)}
    best = get_close_matches(name.lower(), shown, n=1, cutoff=_CLOSE_ENOUGH)
    return shown[best[0]] if best else None
