"""Whether an ARN pattern and an ARN format have an ARN in common, field by field.

A format is an ARN with placeholders, `arn:${Partition}:s3:::${BucketName}`. It is compiled to an
automaton whose states are the bits of one number, and the pattern drives it.

Source: AWS IAM User Guide, "IAM JSON policy elements: Resource".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

FIELDS = 6
_ANY, _ONE, _ANY_BUT_SLASH, _ONE_BUT_SLASH = "\0*", "\0?", "\0/*", "\0/?"
_SIGNS = {"*": _ANY, "?": _ONE}
_AS_REGEX = {_ANY: ".*", _ONE: ".", _ANY_BUT_SLASH: "[^/]*", _ONE_BUT_SLASH: "[^/]"}
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}|\*")
_ESCAPED = frozenset("*?$")
_WITHOUT_SLASH = frozenset({"AccessPointName", "AccountId", "Alias", "BucketName", "KeyId"})
"""Placeholders whose values never hold a slash, so that `bucket/*` is no bucket."""

Glob = Sequence[str]
"""Characters and the wildcards above; a plain text is such a sequence too."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An ARN pattern, split.

    Args:
        fields: six at most.
    """

    fields: tuple[Glob, ...]

    def joined(self) -> Glob:
        """The whole pattern as one."""
        return _joined(self.fields)

    @property
    def resource_start(self) -> str:
        """The text that the resource field starts with."""
        field = self.fields[FIELDS - 1]
        if isinstance(field, str):
            return field
        wild = (at for at, part in enumerate(field) if len(part) > 1)
        return "".join(field[: next(wild, None)])


@dataclass(frozen=True, slots=True)
class CompiledFormat:
    """One field of a format, or a whole one; bit `n` of a mask speaks of part `n`.

    Args:
        start: literal text that it begins with.
        steps: for each character, the parts that it can take the place of.
        other_steps: the same for every other character.
        slash_stays: the parts that can take a slash and go on.
        stays: the parts that can take any other character and go on.
        end: the bit behind the last part.
        fits: a test for texts without wildcards; truthy or not.
    """

    start: str
    steps: dict[str, int]
    other_steps: int
    slash_stays: int
    stays: int
    end: int
    fits: Callable[[str], object]


def read_pattern(text: str) -> Pattern:
    """Split an ARN pattern; variables and symbols of a plan become wildcards."""
    if "$" not in text:
        return Pattern(tuple(map(_read_field, text.split(":", FIELDS - 1))))
    fields: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        char = text[at]
        variable = _VARIABLE.match(text, at) if char == "$" else None
        if variable is not None:
            name = variable.group(1)
            fields[-1].append(name if name in _ESCAPED else _ANY)
            at = variable.end()
            continue
        if char == ":" and len(fields) < FIELDS:
            fields.append([])
        else:
            fields[-1].append(_SIGNS.get(char, char))
        at += 1
    return Pattern(tuple(tuple(field) for field in fields))


def meet(pattern: Glob, form: CompiledFormat) -> bool:
    """Whether some text fits both."""
    if isinstance(pattern, str):
        return form.fits(pattern) is not None
    stays = form.stays
    reached = 1 | (stays & 1) << 1
    for part in pattern:
        if part == _ANY:
            reached = (form.end << 1) - (reached & -reached)
            continue
        if part == _ONE:
            moved, kept = (form.end - 1) & ~stays, stays
        else:
            moved = form.steps.get(part, form.other_steps)
            kept = form.slash_stays if part == "/" else stays
        reached = (reached & moved) << 1 | reached & kept
        reached |= (reached & stays) << 1
        if not reached:
            return False
    return bool(reached & form.end)


@cache
def compiled(field: str) -> CompiledFormat:
    """The automaton of one field of a format."""
    return _compile(_format_parts(field))


@cache
def joined_format(arn: str) -> CompiledFormat:
    """The automaton of a whole format, for patterns with less than six fields."""
    return _compile(_joined([_format_parts(field) for field in arn.split(":", FIELDS - 1)]))


def _read_field(field: str) -> Glob:
    if "*" in field or "?" in field:
        return tuple(_SIGNS.get(char, char) for char in field)
    return field


def _joined(fields: Sequence[Glob]) -> Glob:
    first, *others = fields
    return (*first, *(part for field in others for part in (":", *field)))


def _is_character(part: str) -> bool:
    return len(part) == 1


def _format_parts(field: str) -> Glob:
    parts: list[str] = []
    at = 0
    for placeholder in _PLACEHOLDER.finditer(field):
        parts += field[at : placeholder.start()]
        narrow = placeholder.group(1) in _WITHOUT_SLASH
        parts += (_ONE_BUT_SLASH, _ANY_BUT_SLASH) if narrow else (_ONE, _ANY)
        at = placeholder.end()
    return (*parts, *field[at:])


def _compile(parts: Glob) -> CompiledFormat:
    def mask(*wanted: str) -> int:
        return sum(1 << at for at, part in enumerate(parts) if part in wanted)

    free = mask(_ONE, _ONE_BUT_SLASH)
    steps = {char: mask(char) | free for char in filter(_is_character, parts)}
    steps["/"] = mask("/", _ONE)
    return CompiledFormat(
        start="".join(takewhile(_is_character, parts)),
        steps=steps,
        other_steps=free,
        slash_stays=mask(_ANY),
        stays=mask(_ANY, _ANY_BUT_SLASH),
        end=1 << len(parts),
        fits=re.compile(
            "".join(_AS_REGEX.get(part) or re.escape(part) for part in parts), re.DOTALL
        ).fullmatch,
    )
