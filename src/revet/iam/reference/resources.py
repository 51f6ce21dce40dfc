"""The resource types whose ARNs an ARN pattern can meet.

Source: AWS IAM User Guide, "IAM JSON policy elements: Resource"; the formats are those of the
Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from revet.iam.reference.records import ResourceType, Service

_FIELDS = 6
_COMPARED_ALWAYS = (0, 2, 5)
_ANY, _ONE, _ANY_BUT_SLASH, _ONE_BUT_SLASH = "\0*", "\0?", "\0/*", "\0/?"
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_ESCAPED = frozenset("*?$")
_WITHOUT_SLASH = frozenset({"AccessPointName", "AccountId", "Alias", "BucketName", "KeyId"})
"""Placeholders whose values never hold a slash, so that `bucket/*` is no bucket."""

_Glob = tuple[str, ...]


def match_resource_types(
    arn_pattern: str, service: Service, *, any_place: bool = False
) -> tuple[ResourceType, ...]:
    """The resource types of a service with an ARN that a pattern covers.

    Args:
        arn_pattern: an element of `Resource`; may hold `*`, `?`, policy variables and the symbols
            of a plan (`${aws_s3_bucket.x.arn}`), which stand for any text.
        service: whose resource types to look through.
        any_place: leave out of account what stands as partition, region and account.
    """
    fields = _pattern_fields(arn_pattern)
    compared = _COMPARED_ALWAYS if any_place else range(_FIELDS)
    if len(fields) == _FIELDS:
        return tuple(
            kind
            for kind in service.resource_types.values()
            if any(
                all(_meet(fields[at], form[at]) for at in compared)
                for form in map(_format, kind.arns)
            )
        )
    whole = _joined(fields)
    return tuple(
        kind
        for kind in service.resource_types.values()
        if any(_meet(whole, _whole_format(arn)) for arn in kind.arns)
    )


def _pattern_fields(text: str) -> list[_Glob]:
    """The fields of an ARN pattern, six at most."""
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
        if char == ":" and len(fields) < _FIELDS:
            fields.append([])
        else:
            fields[-1].append({"*": _ANY, "?": _ONE}.get(char, char))
        at += 1
    return [tuple(field) for field in fields]


def _joined(fields: Sequence[_Glob]) -> _Glob:
    first, *others = fields
    return (*first, *(part for field in others for part in (":", *field)))


@dataclass(frozen=True, slots=True)
class _Format:
    """One format as an automaton; bit `n` of a mask speaks of part `n`.

    Args:
        literal: the text when it has no placeholder.
        start: literal text that it begins with.
        steps: for each character, the parts that it can take the place of.
        stays: for each character, the parts that can take it and go on.
        one_step: the parts that some character can take the place of.
        loops: the parts that stand for any number of characters.
        end: the bit behind the last part.
    """

    literal: str | None
    start: str
    steps: dict[str, int]
    other_steps: int
    stays: dict[str, int]
    other_stays: int
    one_step: int
    loops: int
    end: int


def _compile(parts: _Glob) -> _Format:
    open_parts = {_ANY, _ONE, _ANY_BUT_SLASH, _ONE_BUT_SLASH}
    bits = {at: 1 << at for at in range(len(parts))}

    def mask(*wanted: str) -> int:
        return sum(bits[at] for at, part in enumerate(parts) if part in wanted)

    start = ""
    for part in parts:
        if part in open_parts:
            break
        start += part
    loops = mask(_ANY, _ANY_BUT_SLASH)
    free = mask(_ONE, _ONE_BUT_SLASH)
    characters = {part for part in parts if part not in open_parts}
    steps = {char: mask(char) | free for char in characters}
    steps["/"] = mask("/") | mask(_ONE)
    return _Format(
        literal="".join(parts) if len(start) == len(parts) else None,
        start=start,
        steps=steps,
        other_steps=free,
        stays={"/": mask(_ANY)},
        other_stays=loops,
        one_step=(1 << len(parts)) - 1 & ~loops,
        loops=loops,
        end=1 << len(parts),
    )


def _meet(pattern: _Glob, form: _Format) -> bool:
    """Whether some text fits both; the pattern drives the automaton of the format."""
    reached = 1 | (2 if form.loops & 1 else 0)
    for part in pattern:
        if part == _ANY:
            lowest = reached & -reached
            reached = (form.end << 1) - lowest
            continue
        if part == _ONE:
            moved, kept = form.one_step, form.loops
        else:
            moved = form.steps.get(part, form.other_steps)
            kept = form.stays.get(part, form.other_stays)
        reached = (reached & moved) << 1 | reached & kept
        reached |= (reached & form.loops) << 1
        if not reached:
            return False
    return bool(reached & form.end)


@cache
def _format(arn: str) -> tuple[_Format, ...]:
    return tuple(_compile(field) for field in _format_fields(arn))


@cache
def _whole_format(arn: str) -> _Format:
    return _compile(_joined(_format_fields(arn)))


def _format_fields(arn: str) -> list[_Glob]:
    return [_format_field(field) for field in arn.split(":", _FIELDS - 1)]


def _format_field(field: str) -> _Glob:
    parts: list[str] = []
    at = 0
    for placeholder in re.finditer(r"\$\{([^{}]*)\}|\*", field):
        parts += field[at : placeholder.start()]
        narrow = placeholder.group(1) in _WITHOUT_SLASH
        parts += (_ONE_BUT_SLASH, _ANY_BUT_SLASH) if narrow else (_ONE, _ANY)
        at = placeholder.end()
    return (*parts, *field[at:])
