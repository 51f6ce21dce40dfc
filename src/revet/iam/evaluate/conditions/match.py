"""What the kinds of conditions have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from revet.iam.evaluate.context import Context

Match: TypeAlias = Callable[[str, Context], bool | None]
"""Whether one value of the request is among the condition's values; `None`: is not known."""


def any_of(answers: list[bool | None]) -> bool | None:
    """`True` when one is, `None` when one is not known, else `False`."""
    return True if True in answers else None if None in answers else False
