"""What `Action` and `NotAction` say, as sets of names, and what AWS would not take.

Source: IAM User Guide, "IAM JSON policy elements: Action": a service prefix, a colon, and a name,
compared without case; `*` stands for any characters and `?` for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from revet.iam.glob_parts import ONE, Part
from revet.iam.globs import Glob

_BREAK = "\n"


class ActionSet:
    """The actions that match one of some patterns, or none of them.

    Most policies write most actions out, so these are looked up as texts, and the patterns are
    made when somebody asks for them.

    Args:
        texts: the patterns as written.
        negated: whether the set is everything else (`NotAction`).
    """

    __slots__ = ("_globs", "_hash", "_parts", "negated", "texts")

    perhaps: tuple[Glob, ...] = ()
    """As `ResourceSet.perhaps`: of every pattern it is known that it counts."""

    def __init__(self, texts: tuple[str, ...], *, negated: bool = False) -> None:
        self.texts = texts
        self.negated = negated
        self._hash = hash(texts)
        self._globs: tuple[Glob, ...] | None = None
        self._parts: tuple[frozenset[str], tuple[Glob, ...]] | None = None

    def __repr__(self) -> str:
        """Short form for test output."""
        return f"ActionSet({self.texts!r}, negated={self.negated})"

    def __eq__(self, other: object) -> bool:
        """Whether another set is written like this one."""
        if not isinstance(other, ActionSet):
            return NotImplemented
        return self is other or (self.texts == other.texts and self.negated is other.negated)

    def __hash__(self) -> int:
        """Made once: sets are keys of tables."""
        return self._hash

    @property
    def globs(self) -> tuple[Glob, ...]:
        """The patterns."""
        if self._globs is None:
            self._globs = tuple([action_glob(text) for text in self.texts])
        return self._globs

    @property
    def written(self) -> frozenset[str]:
        """The names that are written out, in lower case."""
        return self._told_apart()[0]

    @property
    def wild(self) -> tuple[Glob, ...]:
        """The other patterns."""
        return self._told_apart()[1]

    def holds(self, action: str) -> bool:
        """Whether an action is in the set, for sets that are asked about one.

        Args:
            action: in lower case.
        """
        for text in self.texts:
            pattern = text.lower()
            if pattern == action:
                return not self.negated
            head, star, rest = pattern.partition("*")
            if not star and "?" not in head:
                continue
            if rest or "?" in head or "$" in head:
                if action_glob(text).matches(action):
                    return not self.negated
            elif action.startswith(head):
                return not self.negated
        return self.negated

    def _told_apart(self) -> tuple[frozenset[str], tuple[Glob, ...]]:
        if self._parts is None:
            wild = [text for text in self.texts if "*" in text or "?" in text or "$" in text]
            written = set(self.texts).difference(wild) if wild else self.texts
            lower = _BREAK.join(written).lower().split(_BREAK) if written else ()
            self._parts = frozenset(lower), tuple([action_glob(text) for text in wild])
        return self._parts


EVERY_ACTION = ActionSet(("*",))
"""What a statement is about that has none or both of `Action` and `NotAction`."""


class ReadActions(NamedTuple):
    """What `Action` or `NotAction` says.

    Args:
        named: the set; with all that it may hold where that is not known.
        faults: why AWS would not take it.
        open: why it is not known.
    """

    named: ActionSet
    faults: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read_actions(named: tuple[str, ...], others: tuple[str, ...]) -> ReadActions:
    """What `Action` and `NotAction` say; everything where AWS would not take them.

    Args:
        named: the patterns of `Action`.
        others: those of `NotAction`.
    """
    odd = _odd_actions(named + others)
    if odd or bool(named) == bool(others):
        faults = [
            f"the action `{action}` names no service"
            if is_plain(action)
            else f"`{action!a}` has characters that no action of AWS has"
            for action in odd
        ]
        return ReadActions(EVERY_ACTION, tuple(faults))
    texts = named or others
    opened = [text for text in texts if "${" in text and action_glob(text).symbols]
    if not opened:
        return ReadActions(ActionSet(texts, negated=not named))
    reasons = [f"the action `{text}` is not known before the deployment" for text in opened]
    if named:
        texts = tuple([_loosened(text) if text in opened else text for text in texts])
    else:
        texts = tuple([text for text in texts if text not in opened])
    wide = ActionSet(texts, negated=not named) if texts else EVERY_ACTION
    return ReadActions(wide, open=tuple(reasons))


def _loosened(text: str) -> str:
    """A pattern with `*` in place of references."""

    def shown(part: Part) -> str:
        return part if isinstance(part, str) else "?" if part is ONE else "*"

    return "".join(map(shown, action_glob(text).parts))


def action_glob(text: str) -> Glob:
    """The pattern that an element of `Action` is."""
    return Glob.parse(text, ignore_case=True, variables=False)


def _odd_actions(actions: Iterable[str]) -> list[str]:
    """Actions that AWS does not take, and which may stand for any."""
    return [one for one in actions if not is_plain(one) or (":" not in one and one.strip("*"))]


def is_plain(text: str) -> bool:
    """Whether a text has only characters that names of AWS have."""
    return text.isascii() and text.isprintable()
