"""Which statements name a text: one look-up for all statements, which are bits of a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache

from revet.iam.compiled.action_sets import ActionSet
from revet.iam.compiled.resource_sets import ResourceSet
from revet.iam.compiled.values import read_arn_glob
from revet.iam.evaluate.context import Context, fill_in
from revet.iam.globs import Glob, matcher

_Tests = tuple[tuple[Callable[[str], bool], int], ...]


class TextIndex:
    """The sets of texts of many statements.

    Literal patterns are found in a dictionary. The others are sorted by the head that they demand,
    the text before a certain colon (the service of an action or ARN), so that few have to be tried.

    Args:
        sets: one set a statement; statement `i` is bit `i`.
        colons: how many colons the head of a text has.
        test: makes the test of one pattern.
    """

    __slots__ = (
        "_always",
        "_colons",
        "_headless",
        "_heads",
        "_inverted",
        "_literals",
        "_opened",
        "_perhaps",
        "_sets",
        "_test",
    )

    def __init__(
        self,
        sets: Sequence[ActionSet | ResourceSet],
        *,
        colons: int,
        test: Callable[[Glob], Callable[[str], bool]] = matcher,
    ) -> None:
        self._sets = tuple(sets)
        self._colons = colons
        self._test = test
        always = inverted = 0
        literals: dict[str, int] = {}
        others: dict[Glob, int] = {}
        opened: dict[Glob, int] = {}
        perhaps: dict[Glob, int] = {}
        bit = 1
        for globs in sets:
            if globs.negated:
                inverted |= bit
            for glob in globs.perhaps:
                perhaps[glob] = perhaps.get(glob, 0) | bit
            for text in globs.written:
                literals[text] = literals.get(text, 0) | bit
            for glob in globs.wild:
                if glob.is_everything:
                    always |= bit
                elif glob.is_literal:
                    literals[glob.prefix] = literals.get(glob.prefix, 0) | bit
                elif glob.is_open:
                    opened[glob] = opened.get(glob, 0) | bit
                else:
                    others[glob] = others.get(glob, 0) | bit
            bit <<= 1
        self._always, self._inverted, self._literals = always, inverted, literals
        self._headless, self._heads = self._by_head(others)
        self._opened = [(glob.prefix, glob, mask) for glob, mask in opened.items()]
        self._perhaps = tuple(perhaps.items())

    def _by_head(self, patterns: Mapping[Glob, int]) -> tuple[_Tests, dict[str, _Tests]]:
        """The tests of patterns without head, and by head; the former are among the latter, too."""
        found: dict[str, list[tuple[Callable[[str], bool], int]]] = {}
        for glob, mask in patterns.items():
            found.setdefault(self._head(glob.prefix), []).append(
                (_prepared(glob, self._test), mask)
            )
        headless: _Tests = tuple(found.pop("", ()))
        return headless, {head: (*tests, *headless) for head, tests in found.items()}

    def _head(self, text: str) -> str:
        """The text up to the colon that ends the head; empty when there are too few."""
        if self._colons == 1:
            return text.partition(":")[0] if ":" in text else ""
        at = -1
        for _ in range(self._colons):
            at = text.find(":", at + 1)
            if at < 0:
                return ""
        return text[:at]

    def find(self, text: str, wanted: int, context: Context) -> tuple[int, int]:
        """The statements whose set holds a text.

        Args:
            text: the text; in lower case where the patterns ignore case.
            wanted: the statements that are asked for.
            context: the request's values for variables.

        Returns:
            Those that hold it, and those of which that is not known.
        """
        hits = self._always | self._literals.get(text, 0)
        for matches, mask in self._heads.get(self._head(text), self._headless):
            if mask & wanted & ~hits and matches(text):
                hits |= mask
        if not (self._opened or self._perhaps):
            return (hits ^ self._inverted) & wanted, 0
        return self._with_open(text, wanted, context, hits)

    def _with_open(self, text: str, wanted: int, context: Context, hits: int) -> tuple[int, int]:
        maybe = 0
        for prefix, glob, mask in self._opened:
            if not mask & wanted & ~hits:
                continue
            if not text.startswith(prefix) and not mask & self._inverted:
                continue
            found = _fits_open(glob, text, context, self._test)
            if found is _Filled.WITHOUT_VALUE:
                hits |= mask & self._inverted  # the statement matches nothing
            elif found is _Filled.FITS:
                hits |= mask
            elif found is _Filled.PERHAPS:
                maybe |= mask
        for glob, mask in self._perhaps:
            if mask & wanted & ~hits and glob.loosened().matches(text):
                maybe |= mask
        maybe &= wanted & ~hits
        return (hits ^ self._inverted) & wanted & ~maybe, maybe

    def find_any(self, wanted: int) -> tuple[int, int]:
        """As `find`, for a text that is not known."""
        maybe = wanted & ~self._always
        return (self._always ^ self._inverted) & wanted & ~maybe, maybe

    def find_among(self, possible: Glob, wanted: int) -> tuple[int, int]:
        """As `find`, for an ARN of which only the resource part is not known.

        Args:
            possible: a pattern of ARNs, the first five fields without wildcards.
            wanted: the statements that are asked for.
        """
        sure = maybe = 0
        for place, globs in enumerate(self._sets):
            bit = 1 << place
            if not bit & wanted:
                continue
            if any(_names_all(glob, possible) for glob in globs.globs):
                found: bool | None = True
            elif any(glob.overlaps(possible) for glob in globs.globs + globs.perhaps):
                found = None
            else:
                found = False
            if found is None:
                maybe |= bit
            elif found is not globs.negated:
                sure |= bit
        return sure, maybe


class _Filled(Enum):
    """What becomes of a pattern with variables for a text."""

    FITS = "fits"
    PERHAPS = "what stands for a variable is not known"
    DIFFERS = "does not fit"
    WITHOUT_VALUE = "a variable has no value"


def _fits_open(
    glob: Glob, text: str, context: Context, test: Callable[[Glob], Callable[[str], bool]]
) -> _Filled:
    filled, sure = fill_in(glob, context)
    if filled is None:
        return _Filled.WITHOUT_VALUE
    if not (test(filled) if sure else filled.matches)(text):
        return _Filled.DIFFERS
    return _Filled.FITS if sure else _Filled.PERHAPS  # what is not known may hold colons


def names(
    globs: ResourceSet,
    text: str,
    context: Context,
    test: Callable[[Glob], Callable[[str], bool]],
) -> bool | None:
    """Whether a set holds a text, as `TextIndex.find` says of many: for sets asked about one text.

    Args:
        globs: the set.
        text: the text; in lower case where the patterns ignore case.
        context: the request's values for variables.
        test: makes the test of one pattern.

    Returns:
        `None` when that is not known.
    """
    maybe = False
    for glob in globs.globs:
        if glob.is_everything:
            return not globs.negated
        if glob.is_open:
            found = _fits_open(glob, text, context, test)
            if found is _Filled.FITS or (globs.negated and found is _Filled.WITHOUT_VALUE):
                return not globs.negated
            maybe = maybe or found is _Filled.PERHAPS
        elif glob.is_literal:
            if text == glob.prefix:
                return not globs.negated
        elif text.startswith(glob.prefix) and _prepared(glob, test)(text):
            return not globs.negated
    maybe = maybe or any(glob.loosened().matches(text) for glob in globs.perhaps)
    return None if maybe else globs.negated


@lru_cache(maxsize=16384)
def _prepared(glob: Glob, test: Callable[[Glob], Callable[[str], bool]]) -> Callable[[str], bool]:
    """The test of a pattern, made once: texts come in the right case."""
    return test(Glob.of(glob.parts, text=glob.text) if glob.ignore_case else glob)


def _names_all(glob: Glob, possible: Glob) -> bool:
    """Whether a pattern names every ARN of another one, field by field: none reaches further."""
    if glob.is_everything:
        return True
    pattern, texts = read_arn_glob(glob.text, variables=True), possible.prefix.split(":", 5)
    if pattern is None or pattern.is_open or len(texts) < len(pattern.fields):
        return False
    parts = [*map(Glob.literal, texts[:-1]), Glob.of((texts[-1], *possible.parts[1:]))]
    return all(field.covers(part) for field, part in zip(pattern.fields, parts, strict=True))
