"""The resource types whose ARNs an ARN pattern can meet.

Source: AWS IAM User Guide, "IAM JSON policy elements: Resource"; the formats are those of the
Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from revet.iam.reference.arn_formats import (
    FIELDS,
    CompiledFormat,
    Pattern,
    compiled,
    joined_format,
    meet,
    read_pattern,
)
from revet.iam.reference.records import ResourceType
from revet.iam.reference.tables import Service

_SERVICE, _RESOURCE = 2, 5
_ORDER = (0, 1, 3, 4)
_SEPARATOR = re.compile("[/:]")


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
    found = _service_formats(service).met_by(arn_pattern, any_place=any_place)
    return tuple(dict.fromkeys(form.kind for form in found))


@dataclass(frozen=True, slots=True)
class Format:
    """One ARN format of a resource type.

    Args:
        number: of this format among those it is looked through with.
        kind: the resource type.
        arn: the format as AWS writes it.
        fields: its six fields.
        resource: the automaton of the last one.
        head: number of the first five in `Formats.heads`.
    """

    number: int
    kind: ResourceType
    arn: str
    fields: tuple[str, ...]
    resource: CompiledFormat
    head: int


@dataclass(frozen=True, slots=True)
class Formats:
    """Formats to look through, with an index over the start of their resource field.

    Args:
        rows: all of them.
        heads: automata of the different first five fields.
        by_start: by the text and separator that resource fields start with, numbers of the rows
            that a pattern with this start can meet.
        others: numbers of the rows that a pattern with any start can meet.
    """

    rows: tuple[Format, ...]
    heads: tuple[tuple[CompiledFormat, ...], ...]
    by_start: dict[str, tuple[int, ...]]
    others: tuple[int, ...]

    def met_by(self, arn_pattern: str, *, any_place: bool = False) -> Iterator[Format]:
        """The formats that a pattern covers an ARN of, in their order.

        Args:
            arn_pattern: see `match_resource_types`.
            any_place: see there.
        """
        wanted = read_pattern(arn_pattern)
        if len(wanted.fields) < FIELDS:
            whole = wanted.joined()
            yield from (row for row in self.rows if meet(whole, joined_format(row.arn)))
            return
        order = (_SERVICE,) if any_place else (_SERVICE, *_ORDER)
        resource = wanted.fields[_RESOURCE]
        verdicts: list[bool | None] = [None] * len(self.heads)
        for number in self._candidates(wanted):
            row = self.rows[number]
            fits = verdicts[row.head]
            if fits is None:
                head = self.heads[row.head]
                fits = all(meet(wanted.fields[at], head[at]) for at in order)
                verdicts[row.head] = fits
            if fits and meet(resource, row.resource):
                yield row

    def _candidates(self, wanted: Pattern) -> Iterable[int]:
        start = first_part(wanted.resource_start)
        if start is None:
            return range(len(self.rows))
        return self.by_start.get(start, self.others)


def formats_of(kinds: Iterable[ResourceType]) -> Formats:
    """The formats of resource types, with their index."""
    rows: list[Format] = []
    heads: dict[tuple[str, ...], int] = {}
    for kind in kinds:
        for arn in kind.arns:
            fields = tuple(arn.split(":", FIELDS - 1))
            if len(fields) == FIELDS:
                head = heads.setdefault(fields[:_RESOURCE], len(heads))
                resource = compiled(fields[_RESOURCE])
                rows.append(Format(len(rows), kind, arn, fields, resource, head))
    by_start: dict[str, list[int]] = {}
    others: list[int] = []
    for number, row in enumerate(rows):
        start = first_part(row.resource.start)
        if start is None:
            others.append(number)
        else:
            by_start.setdefault(start, []).append(number)
    index = {start: tuple(sorted((*at, *others))) for start, at in by_start.items()}
    automata = tuple(tuple(map(compiled, fields)) for fields in heads)
    return Formats(tuple(rows), automata, index, tuple(others))


def first_part(text: str) -> str | None:
    """The text before its first separator, or None without one."""
    cut = _SEPARATOR.search(text)
    return text[: cut.start()] if cut else None


@cache
def _service_formats(service: Service) -> Formats:
    return formats_of(service.resource_types.values())
