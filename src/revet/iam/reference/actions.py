"""The actions that a pattern covers.

Source: AWS IAM User Guide, "IAM JSON policy elements: Action": prefix and name are compared
without regard to case, `*` stands for any characters and `?` for one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain

from revet.iam.globs import Glob, matcher
from revet.iam.reference.records import Action
from revet.iam.reference.services import all_services, service
from revet.model.work import spend

_WILDCARD = re.compile(r"[*?]")
_AFTER_ALL_NAMES = "\uffff"


@lru_cache(maxsize=128)
def match_actions(pattern: str) -> tuple[Action, ...]:
    """All actions that a pattern covers, in the order of their names.

    Args:
        pattern: an element of `Action`: `s3:GetObject`, `s3:Get*`, `*`; any case.
    """
    wanted = pattern.lower()
    if wanted.strip("*") == "" and wanted:
        return _every_action()
    return tuple(chain.from_iterable(_by_service(wanted)))


def spelled(action: str) -> str | None:
    """An action as AWS writes it; `None` when AWS's data has no such action.

    Args:
        action: its prefix and name, any case.
    """
    prefix, _, name = action.lower().partition(":")
    found = service(prefix)
    written = None if found is None else found.spellings.get(name)
    return None if written is None else f"{prefix}:{written}"


def fits_an_action(pattern: str) -> bool:
    """Whether a pattern covers an action; for a wide one that is known long before all are.

    Args:
        pattern: as in `match_actions`.
    """
    wanted = pattern.lower()
    return any(_by_service("*:*" if wanted and not wanted.strip("*") else wanted))


def _by_service(wanted: str) -> Iterator[tuple[Action, ...]]:
    prefix, colon, name = wanted.partition(":")
    if not colon:
        return
    if _WILDCARD.search(prefix) is None:
        yield _in_service(prefix, name)
        return
    fits = _matcher(prefix)
    for candidate in all_services():
        spend()
        if fits(candidate, 0):
            yield _in_service(candidate, name)


def _in_service(prefix: str, name: str) -> tuple[Action, ...]:
    found = service(prefix)
    if found is None:
        return ()
    wildcard = _WILDCARD.search(name)
    if wildcard is None:
        action = found.actions.get(name)
        return () if action is None else (action,)
    index = _index(prefix)
    literal, rest = name[: wildcard.start()], name[wildcard.start() :]
    first = bisect_left(index.names, literal)
    last = bisect_left(index.names, literal + _AFTER_ALL_NAMES, first)
    if rest == "*":
        return index.actions[first:last]
    fits = _matcher(rest)
    start = len(literal)
    parts = [part for part in _WILDCARD.split(rest) if part]
    rarest = min(parts, key=index.text.count) if len(parts) > 1 else "".join(parts)
    spend(1 + (last - first) // 16)
    numbers = index.holding(rarest, first, last) if rarest else range(first, last)
    return tuple(index.actions[at] for at in numbers if fits(index.names[at], start))


@dataclass(frozen=True, slots=True)
class _Index:
    """The actions of one service, prepared for looking through.

    Args:
        names: in lower case, sorted.
        actions: in the same order.
        text: all names, each followed by a line break.
        offsets: where each name begins in `text`, and the end of it.
    """

    names: tuple[str, ...]
    actions: tuple[Action, ...]
    text: str
    offsets: tuple[int, ...]

    def holding(self, part: str, first: int, last: int) -> Iterator[int]:
        """Numbers of the names from `first` to before `last` that have a text in them.

        One search through the joined names is faster than one through each of them.
        """
        at = self.text.find(part, self.offsets[first], self.offsets[last])
        while at >= 0:
            number = bisect_right(self.offsets, at) - 1
            yield number
            at = self.text.find(part, self.offsets[number + 1], self.offsets[last])


@cache
def _index(prefix: str) -> _Index:
    table = all_services()[prefix].actions
    names = tuple(table)
    offsets = accumulate((len(name) + 1 for name in names), initial=0)
    text = "".join(f"{name}\n" for name in names)
    return _Index(names, tuple(table.values()), text, tuple(offsets))


@cache
def _every_action() -> tuple[Action, ...]:
    return tuple(action for prefix in all_services() for action in _index(prefix).actions)


def _matcher(glob: str) -> Callable[[str, int], object]:
    """A test whether a text fits a glob from an offset on; truthy or not."""
    if "?" not in glob:
        test = matcher(Glob.parse(glob, variables=False))
        return lambda text, at: test(text[at:])
    # The pieces between two `*` are looked for one after another: the leftmost place of each is the
    # best one, so nothing is tried twice, as one regular expression for the whole glob would.
    pieces = glob.split("*")
    first, *middle, last = (
        re.compile("".join("." if char == "?" else re.escape(char) for char in piece), re.DOTALL)
        for piece in (pieces if len(pieces) > 1 else (*pieces, ""))
    )
    if len(pieces) == 1:
        return first.fullmatch
    tail = len(pieces[-1])

    def fits(text: str, at: int) -> bool:
        found = first.match(text, at)
        end = len(text) - tail
        for piece in middle:
            if found is None:
                return False
            found = piece.search(text, found.end(), max(end, 0))
        return found is not None and found.end() <= end and last.match(text, end) is not None

    return fits
