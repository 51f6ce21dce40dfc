"""How a `Resource` pattern meets an ARN.

Source: IAM User Guide, "IAM JSON policy elements: Resource": wildcards stay within one field of the
ARN (the parts between colons), but a `*` at the end of a field may reach over colons. The part
after the fifth colon is one field; it may hold colons itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from revet.iam.globs import ANY, ONE, Glob, Part, matcher

_COLONS = 5


def resource_matcher(glob: Glob) -> Callable[[str], bool]:
    """The test whether an ARN, or `*`, is named by a pattern of `Resource`.

    It holds for no text that `glob.matches` does not hold for, and for the usual patterns it is
    the same.

    Args:
        glob: a pattern without variables and references.
    """
    kinds = {kind for _, kind in _marked(glob.parts)}
    if kinds <= {_REACHES}:
        return matcher(glob)
    expression = re.compile("".join(_expression(glob.parts)), re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None


_REACHES, _STAYS, _ONE = ".*", "[^:]*", "[^:]"


def _marked(parts: tuple[Part, ...]) -> Iterator[tuple[Part, str]]:
    """The wildcards, each with the expression that says how far it reaches."""
    colons = 0
    for place, part in enumerate(parts):
        if isinstance(part, str):
            colons += part.count(":")
            continue
        if colons >= _COLONS:
            yield part, _REACHES
            continue
        after = parts[place + 1] if place + 1 < len(parts) else ""
        ends = after == "" or (isinstance(after, str) and after.startswith(":"))
        yield part, _ONE if part is ONE else _REACHES if ends else _STAYS


def _expression(parts: tuple[Part, ...]) -> Iterator[str]:
    marks = _marked(parts)
    for part in parts:
        if isinstance(part, str):
            yield re.escape(part)
            continue
        _, kind = next(marks)
        yield "." if part is not ANY and kind == _REACHES else kind
