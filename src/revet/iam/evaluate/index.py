"""Which statements name a text: one look-up for all statements, which are bits of a number."""

from __future__ import annotations

from collections.abc import Sequence

from revet.iam.compiled import GlobSet
from revet.iam.evaluate.context import Context, fill_in
from revet.iam.globs import ANY, Glob

_PREFIX_AND_STAR = 2


class TextIndex:
    """The sets of texts of many statements.

    Literal patterns and those that end in their only `*` are found in dictionaries; the others are
    tried one by one.

    Args:
        sets: one set a statement; statement `i` is bit `i`.
    """

    __slots__ = ("_always", "_inverted", "_literals", "_opened", "_others", "_prefixes")

    def __init__(self, sets: Sequence[GlobSet]) -> None:
        self._always = self._inverted = 0
        self._literals: dict[str, int] = {}
        prefixes: dict[int, dict[str, int]] = {}
        others: dict[Glob, int] = {}
        opened: dict[Glob, int] = {}
        for place, globs in enumerate(sets):
            bit = 1 << place
            if globs.negated:
                self._inverted |= bit
            for glob in globs.globs:
                if glob.is_everything:
                    self._always |= bit
                elif glob.is_literal:
                    self._literals[glob.prefix] = self._literals.get(glob.prefix, 0) | bit
                elif glob.is_open:
                    opened[glob] = opened.get(glob, 0) | bit
                elif len(glob.parts) == _PREFIX_AND_STAR and glob.prefix and glob.parts[1] is ANY:
                    table = prefixes.setdefault(len(glob.prefix), {})
                    table[glob.prefix] = table.get(glob.prefix, 0) | bit
                else:
                    others[glob] = others.get(glob, 0) | bit
        self._prefixes = tuple(sorted(prefixes.items()))
        self._others = tuple((glob.prefix, glob, mask) for glob, mask in others.items())
        self._opened = tuple((glob.prefix, glob, mask) for glob, mask in opened.items())

    def find(self, text: str, wanted: int, context: Context) -> tuple[int, int]:
        """The statements whose set holds a text.

        Args:
            text: the text; in lower case where the patterns ignore case.
            wanted: the statements that are asked for.
            context: the request's values for variables.

        Returns:
            Those that hold it, and those of which that cannot be told.
        """
        hits = self._always | self._literals.get(text, 0)
        for length, table in self._prefixes:
            mask = table.get(text[:length])
            if mask is not None:
                hits |= mask
        for prefix, glob, mask in self._others:
            if mask & wanted & ~hits and text.startswith(prefix) and glob.matches(text):
                hits |= mask
        if not self._opened:
            return (hits ^ self._inverted) & wanted, 0
        return self._with_open(text, wanted, context, hits)

    def _with_open(self, text: str, wanted: int, context: Context, hits: int) -> tuple[int, int]:
        maybe = 0
        for prefix, glob, mask in self._opened:
            if not mask & wanted & ~hits:
                continue
            if not text.startswith(prefix) and not mask & self._inverted:
                continue
            filled, sure = fill_in(glob, context)
            if filled is None:
                hits |= mask & self._inverted  # the statement matches nothing
            elif filled.matches(text):
                if sure:
                    hits |= mask
                else:
                    maybe |= mask
        maybe &= wanted & ~hits
        return (hits ^ self._inverted) & wanted & ~maybe, maybe

    def find_any(self, wanted: int) -> tuple[int, int]:
        """As `find`, for a text that is not known."""
        maybe = wanted & ~self._always
        return (self._always ^ self._inverted) & wanted & ~maybe, maybe
