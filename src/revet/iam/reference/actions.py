"""The actions that a pattern covers.

Source: AWS IAM User Guide, "IAM JSON policy elements: Action": prefix and name are compared
without regard to case, `*` stands for any characters and `?` for one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache

from revet.iam.reference.records import Action
from revet.iam.reference.services import all_services, service

_WILDCARD = re.compile(r"[*?]")
_AFTER_ALL_NAMES = "\uffff"


def match_actions(pattern: str) -> tuple[Action, ...]:
    """All actions that a pattern covers, in the order of their names.

    Args:
        pattern: an element of `Action`: `s3:GetObject`, `s3:Get*`, `*`; any case.
    """
    wanted = pattern.lower()
    if wanted.strip("*") == "" and wanted:
        return _every_action()
    prefix, colon, name = wanted.partition(":")
    if not colon:
        return ()
    if _WILDCARD.search(prefix) is None:
        return _in_service(prefix, name)
    fits = _matcher(prefix)
    found: list[Action] = []
    for candidate in all_services():
        if fits(candidate, 0):
            found.extend(_in_service(candidate, name))
    return tuple(found)


def _in_service(prefix: str, name: str) -> tuple[Action, ...]:
    found = service(prefix)
    if found is None:
        return ()
    wildcard = _WILDCARD.search(name)
    if wildcard is None:
        action = found.actions.get(name)
        return () if action is None else (action,)
    names, actions = _sorted_actions(prefix)
    literal, rest = name[: wildcard.start()], name[wildcard.start() :]
    first = bisect_left(names, literal)
    last = bisect_left(names, literal + _AFTER_ALL_NAMES, first)
    if rest == "*":
        return actions[first:last]
    fits = _matcher(rest)
    start = len(literal)
    return tuple(actions[at] for at in range(first, last) if fits(names[at], start))


@cache
def _sorted_actions(prefix: str) -> tuple[Sequence[str], tuple[Action, ...]]:
    table = all_services()[prefix].actions
    return tuple(table), tuple(table.values())


@cache
def _every_action() -> tuple[Action, ...]:
    return tuple(action for prefix in all_services() for action in _sorted_actions(prefix)[1])


def _matcher(glob: str) -> Callable[[str, int], object]:
    """A test whether a text fits a glob from an offset on; truthy or not."""
    if "?" in glob:
        return re.compile(
            "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in glob) + r"\Z"
        ).match
    first, *middle, last = glob.split("*")

    def fits(text: str, at: int) -> bool:
        if not text.startswith(first, at) or not text.endswith(last):
            return False
        at += len(first)
        end = len(text) - len(last)
        for part in middle:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return at <= end

    return fits
