"""Patterns of IAM: text with `*`, `?`, policy variables and escapes, as sets of texts.

Source: IAM User Guide, "IAM JSON policy elements: Resource" (wildcards), "IAM policy elements:
Variables and tags" (`${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters
themselves).

A pattern names a set of texts, so two questions about patterns have exact answers: does one contain
the other (`covers`), do they share a text (`overlaps`). Both are decided on the patterns, nothing
is sampled. A policy variable, and a Terraform reference that is not known yet, stand for one text
that is the same wherever they are written; see `Glob.covers` and `Glob.overlaps` for what that
means there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from revet.iam.glob_code import ANY_CODE, ONE_CODE, OPAQUE_CODE, agree, code_of, fits, flat
from revet.iam.glob_parts import (
    ANY,
    ONE,
    Part,
    Symbol,
    Variable,
    Wildcard,
    joined,
    parse_parts,
)
from revet.model.errors import InputError
from revet.model.work import spend


class OpenPatternError(InputError):
    """A pattern with variables or references was asked to match a text."""


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern; make it with `Glob.parse`.

    Equal globs name the same set of texts, whatever they were written like (`**` and `*`).

    Args:
        parts: literals, wildcards, variables and references, in order.
        ignore_case: whether case is ignored (`StringEqualsIgnoreCase`, names of actions).
        text: the pattern as written.
    """

    parts: tuple[Part, ...]
    ignore_case: bool = False
    text: str = field(default="", compare=False)
    _code: str = field(default="", compare=False, repr=False)

    def __hash__(self) -> int:
        """That of one text, which the text remembers: patterns are keys of tables."""
        return hash(self._code)

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        ignore_case: bool = False,
        variables: bool = True,
        wildcards: bool = True,
    ) -> Glob:
        """Read a pattern.

        Args:
            text: the pattern as written.
            ignore_case: whether case is ignored.
            variables: see `parse_parts`.
            wildcards: see `parse_parts`.
        """
        return _parsed(text, ignore_case, variables, wildcards)

    @classmethod
    def literal(cls, text: str, *, ignore_case: bool = False) -> Glob:
        """The pattern that names one text, wildcard characters taken as they are."""
        return cls.of((text,) if text else (), ignore_case=ignore_case, text=text)

    @classmethod
    def of(cls, parts: Iterable[Part], *, ignore_case: bool = False, text: str = "") -> Glob:
        """A pattern of these parts."""
        return cls._of_joined(joined(parts), ignore_case, text)

    @classmethod
    def _of_joined(cls, parts: tuple[Part, ...], ignore_case: bool, text: str) -> Glob:  # noqa: FBT001 - in order
        if ignore_case:
            parts = tuple([part.lower() if isinstance(part, str) else part for part in parts])
        return cls(parts, ignore_case, text, "".join(map(code_of, parts)))

    @property
    def is_literal(self) -> bool:
        """Whether it names exactly one known text (in any case, when case is ignored)."""
        return not self.parts or (len(self.parts) == 1 and isinstance(self.parts[0], str))

    @property
    def is_everything(self) -> bool:
        """Whether it names every text."""
        return self._code == ANY_CODE

    @property
    def is_open(self) -> bool:
        """Whether variables or references must be filled in before it can match."""
        return OPAQUE_CODE in self._code

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The policy variables in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The references of Terraform in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Symbol))

    @property
    def prefix(self) -> str:
        """The text that every text of it starts with, as far as it is known."""
        first = self.parts[0] if self.parts else ""
        return first if isinstance(first, str) else ""

    def fill(self, value: Callable[[Variable | Symbol], str | None]) -> Glob | None:
        """Put texts in place of variables and references; wildcards in them match themselves.

        Args:
            value: the text for one of them, `None` when there is none.

        Returns:
            The pattern, or `None` when a text is missing and there is no default: AWS then lets
            the statement match nothing (`Variables and tags`, "Specifying default values").
        """
        found: list[Part] = []
        for part in self.parts:
            if not isinstance(part, Variable | Symbol):
                found.append(part)
                continue
            text = value(part)
            if text is None and isinstance(part, Variable):
                text = part.default
            if text is None:
                return None
            found.append(text)
        return Glob.of(found, ignore_case=self.ignore_case, text=self.text)

    def loosened(self) -> Glob:
        """The pattern with `*` in place of each variable and reference."""
        parts = [ANY if isinstance(part, Variable | Symbol) else part for part in self.parts]
        return Glob.of(parts, ignore_case=self.ignore_case, text=self.text)

    def matches(self, text: str) -> bool:
        """Whether a text is in the set.

        Raises:
            OpenPatternError: variables or references are not filled in.
        """
        if self.is_open:
            raise OpenPatternError(
                "a pattern with a variable or reference cannot match a text",
                got=f"`{self.text}`",
                expected="only `*` and `?` beside plain text",
                do="fill in the values first",
            )
        return fits(self._code, text.lower() if self.ignore_case else text)

    def covers(self, other: Glob) -> bool:
        """Whether every text of `other` is one of this pattern.

        A variable or reference here is covered only by `*` or by the same variable or reference,
        so that `True` holds for all their values.
        """
        if self.parts == (ANY,):
            return True
        if self.ignore_case or not other.ignore_case:
            if self.parts == other.parts:
                return True
            if ONE_CODE not in self._code and not self.is_open:
                return fits(self._code, other._code.lower() if self.ignore_case else other._code)
        return covers((self,), other)

    def overlaps(self, other: Glob) -> bool:
        """Whether a text is in both.

        A variable or reference may have any value: `False` holds for all their values, `True` says
        that they can have values for which there is such a text, each occurrence looked at by
        itself (so `${a:b}-x-${a:b}` overlaps `1-x-2`).
        """
        left, right = flat(self._code), flat(other._code)
        if self.ignore_case or other.ignore_case:
            left, right = left.lower(), right.lower()
        if ANY_CODE in left and ANY_CODE in right:
            return agree(left.partition(ANY_CODE)[0], right.partition(ANY_CODE)[0]) and agree(
                left.rpartition(ANY_CODE)[2][::-1], right.rpartition(ANY_CODE)[2][::-1]
            )
        if ANY_CODE in left:
            left, right = right, left
        return fits(right, left, mutual=True)


@lru_cache(maxsize=16384)
def _parsed(text: str, ignore_case: bool, variables: bool, wildcards: bool) -> Glob:  # noqa: FBT001 - one table
    parts = parse_parts(text, variables=variables, wildcards=wildcards)
    return Glob._of_joined(parts, ignore_case, text)  # noqa: SLF001 - of the same module


def matcher(glob: Glob) -> Callable[[str], bool]:
    """The test `glob.matches`, prepared: for a pattern that meets many texts.

    Args:
        glob: a pattern without variables and references that does not ignore case.
    """
    segments = glob._code.split(ANY_CODE)  # noqa: SLF001 - of the same module
    if glob.is_literal or glob.ignore_case or ONE_CODE in glob._code:  # noqa: SLF001 - as above
        return glob.matches
    first, middle, last = segments[0], tuple(segments[1:-1]), segments[-1]
    shortest, tail = sum(map(len, segments)), len(last)
    if not middle and not last:
        return lambda text: text.startswith(first)

    def match(text: str) -> bool:
        if not text.startswith(first) or not text.endswith(last) or len(text) < shortest:
            return False
        at, end = len(first), len(text) - tail
        for segment in middle:
            at = text.find(segment, at, end)
            if at < 0:
                return False
            at += len(segment)
        return True

    return match


def covers(globs: Sequence[Glob], other: Glob) -> bool:
    """Whether the globs together contain every text of `other`.

    All patterns are walked at once as one automaton, a bit a place. Where `other` has a wildcard,
    a character that no pattern names is the hardest one to follow, so only that one is tried.

    Args:
        globs: the patterns that may share the work.
        other: the pattern to be contained; its variables and references are opaque, as in
            `Glob.covers`.
    """
    if not other.ignore_case:
        globs = [glob for glob in globs if glob.ignore_case or _may_begin(glob, other)]
    return bool(globs) and Cover(globs).covers(other)


def _may_begin(one: Glob, other: Glob) -> bool:
    """Whether a text of one may begin like a text of the other; quick, and never wrongly false."""
    left, right = one.prefix, other.prefix
    if right and one.parts and isinstance(one.parts[0], Variable | Symbol):
        return False  # what it stands for is none of the known texts
    return left.startswith(right) or right.startswith(left)


class Cover:
    """Patterns that are asked several times what they contain.

    Args:
        globs: as in `covers`.
    """

    __slots__ = ("_walk",)

    def __init__(self, globs: Sequence[Glob]) -> None:
        self._walk = _Walk(globs)

    def covers(self, other: Glob) -> bool:
        """Whether the patterns together contain every text of `other`; see `covers`."""
        return _covers(self._walk, other)


def _covers(walk: _Walk, other: Glob) -> bool:
    waiting = {walk.start}
    for part in other.parts:
        spend(len(waiting))
        if part is ANY:
            waiting = _smallest(walk.stretched(waiting))
        elif isinstance(part, str):
            for letter in part:
                spend(len(waiting))
                cases = _cases(letter) if other.ignore_case else (letter,)
                waiting = _smallest(walk.step(state, one) for state in waiting for one in cases)
        else:
            waiting = _smallest(walk.step(state, part) for state in waiting)
        if 0 in waiting:
            return False
    return all(state & walk.final for state in waiting)


def _cases(letter: str) -> tuple[str, ...]:
    upper = letter.upper()
    return (letter, upper) if len(upper) == 1 else (letter,)


def _smallest(states: Iterable[int]) -> set[int]:
    """States that contain another one are easier to follow: they need not be followed."""
    kept: set[int] = set()
    fresh = set(states)
    if len(fresh) == 1:
        return fresh
    for state in sorted(fresh, key=int.bit_count):
        spend(len(kept))
        if not any(one & state == one for one in kept):
            kept.add(state)
    return kept


class _Walk:
    """Several patterns as one automaton; a state is a bit set of places."""

    __slots__ = ("_any", "_folded", "_letters", "_one", "final", "start")

    def __init__(self, globs: Sequence[Glob]) -> None:
        self._letters: dict[str | Variable | Symbol, int] = {}
        self._folded: dict[str, int] = {}
        self._any = self._one = self.final = 0
        begin, place = 0, 0
        for glob in globs:
            begin |= 1 << place
            for part in glob.parts:
                for letter in part if isinstance(part, str) else (part,):
                    self._add(letter, 1 << place, ignore_case=glob.ignore_case)
                    place += 1
            self.final |= 1 << place
            place += 1
        self.start = self._closed(begin)

    def _add(self, letter: Part, bit: int, *, ignore_case: bool) -> None:
        if letter is ANY:
            self._any |= bit
        elif letter is ONE:
            self._one |= bit
        elif isinstance(letter, str) and ignore_case:
            self._folded[letter] = self._folded.get(letter, 0) | bit
        elif not isinstance(letter, Wildcard):
            self._letters[letter] = self._letters.get(letter, 0) | bit

    def _closed(self, state: int) -> int:
        return state | (state & self._any) << 1

    def step(self, state: int, letter: Part) -> int:
        """The state after one character; a wildcard stands for a character that is nowhere."""
        moving = 0
        if not isinstance(letter, Wildcard):
            moving = self._letters.get(letter, 0)
        if isinstance(letter, str):
            moving |= self._folded.get(letter.lower(), 0)
        if not isinstance(letter, Variable | Symbol):
            moving |= self._one
        return self._closed((state & moving) << 1 | (state & self._any))

    def stretched(self, states: Iterable[int]) -> set[int]:
        """The states after any number of characters that are nowhere."""
        found = set(states)
        fresh = list(found)
        while fresh:
            spend()
            after = self.step(fresh.pop(), ONE)
            if after not in found:
                found.add(after)
                fresh.append(after)
        return found
