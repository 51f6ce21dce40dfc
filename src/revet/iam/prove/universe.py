"""The actions of a question as bits of a number.

All actions of AWS's data count, and what policies write beside: an action that the data does not
know, and for a pattern that fits no known action one that it would fit. Services that no pattern
names are not told apart: they are one bit.

Source: AWS Service Authorization Reference, see `revet.iam.reference`.
"""

from __future__ import annotations

from collections.abc import Iterable

from revet.iam.compiled.policy import GlobSet
from revet.iam.glob_parts import Wildcard
from revet.iam.globs import Glob
from revet.iam.reference.actions import match_actions
from revet.iam.reference.services import all_services, service


class Universe:
    """The actions that some sets of actions tell apart.

    Args:
        sets: all sets of the question.
    """

    def __init__(self, sets: Iterable[GlobSet]) -> None:
        globs = list({glob: None for one in sets for glob in one.globs})
        named = {_service(glob) for glob in globs if not glob.is_everything}
        services = set(all_services())
        prefixes = services if None in named else services & named
        self._names = [
            f"{prefix}:{name}" for prefix in sorted(prefixes) for name in _actions(prefix)
        ]
        self._places = {name: place for place, name in enumerate(self._names)}
        known = {glob: self._known(glob) for glob in globs}
        unknown = {name for glob, bits in known.items() if not bits for name in _fitting(glob)}
        first = len(self._names)
        self._names.extend(sorted(unknown - self._places.keys()))
        others = sorted(services - prefixes)
        self.all = (1 << len(self._names) + bool(others)) - 1
        self._bits = {
            glob: self.all if glob.is_everything else bits | self._further(glob, first)
            for glob, bits in known.items()
        }
        self._names.extend(
            f"{prefix}:{name}" for prefix in others[:1] for name in _actions(prefix)[:1]
        )

    def _known(self, glob: Glob) -> int:
        if glob.is_everything:
            return -1
        if _service(glob) is None:
            return sum(1 << at for at, name in enumerate(self._names) if glob.matches(name))
        found = 0
        for action in match_actions(glob.prefix if glob.is_literal else _text(glob)):
            found |= 1 << self._places[str(action).lower()]
        return found

    def _further(self, glob: Glob, first: int) -> int:
        names = enumerate(self._names[first:], first)
        return sum(1 << at for at, name in names if glob.matches(name))

    @property
    def names(self) -> tuple[str, ...]:
        """The actions in lower case; of the services that no pattern names, one stands for all."""
        return tuple(self._names[: self.all.bit_length()])

    def bits(self, actions: GlobSet) -> int:
        """The actions of one of the sets."""
        found = 0
        for glob in actions.globs:
            found |= self._bits[glob]
        return self.all & ~found if actions.negated else found

    def name(self, bits: int) -> str:
        """An action of some, as AWS writes it."""
        name = self._names[(bits & -bits).bit_length() - 1]
        known = match_actions(name)
        return str(known[0]) if known else name


def _actions(prefix: str) -> list[str]:
    found = service(prefix)
    return list(found.actions) if found else []


def _service(glob: Glob) -> str | None:
    """The service that a pattern names; `None` where it may name several."""
    prefix, colon, _ = glob.prefix.partition(":")
    return prefix if colon else "" if glob.is_literal else None


def _text(glob: Glob) -> str:
    return "".join(part.value if isinstance(part, Wildcard) else str(part) for part in glob.parts)


def _fitting(glob: Glob) -> Iterable[str]:
    name = "".join("x" if isinstance(part, Wildcard) else str(part) for part in glob.parts)
    if name.count(":") == 1:
        yield name
