"""What the values of a resource lack: what a state must have, what is required.

`terraform show -json` writes a state through the provider's schema, so that every attribute is
there, those without a value as `null` and blocks without one as `[]` (observed with Terraform
1.11.4 and the AWS provider 5.100.0, for twelve types). What is missing was taken out, or belongs to
another version of the provider: either way nobody knows its value. A plan leaves out what is not
known yet, and says so.

Source: `terraform providers schema -json` of the AWS provider, in `data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeAlias

from revet.plan.kinds import Kind, attribute_kinds
from revet.plan.provider_facts import required_attributes
from revet.plan.terraform_types import terraform_type
from revet.plan.unread_marks import AllOthers, Mark


class Gap(Enum):
    """A mark beside Terraform's own `true`; its value says why the value is not known."""

    MISSING = "it is missing, and a state has every attribute, those without value as null"
    LEFT_OUT = "it is missing, and the plan does not say that it is not known yet"
    NULL = "it is null, and the provider requires a value"
    DROPPED = "the plan has nothing, and the configuration sets it"
    ANOTHER = "the plan has another value than the configuration"
    UNPRINTABLE = "it has a character that nobody sees, and AWS takes no such name"
    UNWRITTEN = "the configuration does not set it, and what is planned is not the default"


Needed: TypeAlias = "dict[str, tuple[bool, Needed]]"
"""Attribute or block to whether it is required, and what is in it."""
_NOTHING: Needed = {}


def gaps(kind: str, values: Mapping[str, Any], missing: Gap | Mark | None) -> dict[str, Any]:
    """Marks of what a resource lacks, in the form of `after_unknown`.

    A name, or the name of what it is a part of, that has characters nobody sees is none.

    Within an object everything must be there in a plan, too, or be marked by Terraform.

    Args:
        kind: Terraform type of a managed resource; nothing is known of types without a table.
        values: attribute to value.
        missing: the mark of attributes that are not there, where all must be, as in a state; `None`
            where they need not be, as in a plan.
    """
    kinds = attribute_kinds(kind)
    found = _object(kinds, _needed(kind), values, missing) if isinstance(kinds, dict) else {}
    row = terraform_type(kind)
    for name in (*row.known_by, *row.part_of):
        value = values.get(name)
        if isinstance(value, str) and not value.isprintable():
            found[name] = Gap.UNPRINTABLE
    return found


def merged(marks: Any, more: Any) -> Any:  # noqa: ANN401 - marks
    """The marks that are there, and the gaps beside them."""
    if not more or marks is True or isinstance(marks, (Mark, AllOthers)):
        return marks
    if isinstance(more, dict):
        found = dict(marks) if isinstance(marks, dict) else {}
        found.update((name, merged(found.get(name), mark)) for name, mark in more.items())
        return found
    if isinstance(more, list):
        old = marks if isinstance(marks, list) else []
        return [
            merged(old[number] if number < len(old) else None, mark) or {}
            for number, mark in enumerate(more)
        ] + old[len(more) :]
    return more


def has_gap(marks: object) -> bool:
    """Whether there is a gap in some marks."""
    if isinstance(marks, dict):
        return any(map(has_gap, marks.values()))
    return any(map(has_gap, marks)) if isinstance(marks, list) else isinstance(marks, Gap)


def _object(
    kinds: Mapping[str, Kind], needed: Needed, values: Mapping[str, Any], missing: Gap | Mark | None
) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if missing is not None:
        marks.update((name, missing) for name in kinds if name not in values)
    else:
        required = (name for name, (is_required, _) in needed.items() if is_required)
        marks.update((name, Gap.LEFT_OUT) for name in required if name not in values)
    for name, value in values.items():
        if name not in needed and not (value and isinstance(value, (list, dict))):
            continue
        kind = kinds.get(name)
        is_required, inner = needed.get(name, (False, _NOTHING))
        members = kind[1] if isinstance(kind, tuple) and isinstance(kind[1], dict) else None
        if is_required and (value is None or (members is not None and value == [])):
            marks[name] = Gap.NULL
        elif isinstance(value, list) and members is not None:
            found = [
                _object(members, inner, item, missing or Gap.LEFT_OUT)
                if isinstance(item, Mapping)
                else {}
                for item in value
            ]
            if any(found):
                marks[name] = found
        elif isinstance(value, Mapping) and isinstance(kind, dict):
            below = _object(kind, inner, value, missing or Gap.LEFT_OUT)
            if below:
                marks[name] = below
    return marks


@cache
def _needed(kind: str) -> Needed:
    tree: Needed = {}
    for path in required_attributes().get(kind, ()):
        *heads, last = path.split(".")
        place = tree
        for head in heads:
            place = place.setdefault(head, (False, {}))[1]
        place[last] = (True, place.get(last, (False, {}))[1])
    return tree
