"""What is wrong with a name in a source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Kinds of findings."""

    OUTDATED_PACKAGE = "outdated-package"
    UNKNOWN_MODULE = "unknown-module"
    UNKNOWN_CLASS = "unknown-class"
    NOT_INSTALLED = "not-installed"
    LOSSY_DICTIONARY = "lossy-dictionary"


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """One wrong name, or one dictionary that would lose keys.

    Args:
        code: what kind it is.
        line: from 1.
        column: from 1, in characters.
        got: the dotted name as it is written out, or the lost keys.
        right: the right dotted name; empty when there is no confident answer.
        suggestions: near names, best first, when there is no confident answer.
        fixable: whether `repair` writes the right name.
        why: a sentence that says more, when the names alone do not explain it.
    """

    code: Code
    line: int
    column: int
    got: str
    right: str = ""
    suggestions: tuple[str, ...] = ()
    fixable: bool = False
    why: str = ""
