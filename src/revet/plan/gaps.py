"""What the values of a resource lack: what a state must have, what is required, what is configured.

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
from revet.plan.marks import Mark, Rest
from revet.plan.provider_facts import required_attributes


class Gap(Enum):
    """A mark beside Terraform's own `true`; its value says why the value is not known."""

    MISSING = "it is missing, and a state has every attribute, those without value as null"
    NULL = "it is null, and the provider requires a value"
    DROPPED = "the plan has nothing, and the configuration sets it"
    ANOTHER = "the plan has another value than the configuration"


Needed: TypeAlias = "dict[str, tuple[bool, Needed]]"
"""Attribute or block to whether it is required, and what is in it."""
_NOTHING: Needed = {}
_NONE: tuple[object, ...] = (None, "", [], {})
_WRITE_ONLY = "_wo"
_JSON = "{["


def gaps(kind: str, values: Mapping[str, Any], missing: Gap | Mark | None) -> dict[str, Any]:
    """Marks of what a resource lacks, in the form of `after_unknown`.

    Args:
        kind: Terraform type of a managed resource; nothing is known of types without a table.
        values: attribute to value.
        missing: the mark of attributes that are not there, where all must be, as in a state; `None`
            where they need not be, as in a plan.
    """
    needed = _needed(kind)
    if missing is None and not any(name in values for name in needed):
        return {}
    kinds = attribute_kinds(kind)
    return _object(kinds, needed, values, missing) if isinstance(kinds, dict) else {}


def contradictions(written: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Marks of what a resource that is created has otherwise than its configuration's constants.

    The provider may drop a value that it takes for the default (`aws_s3_bucket.acl`), or keep it in
    a form of its own (`user_data`); whoever reads the attribute cannot tell which it is. What is
    write-only is null in every plan.

    Args:
        written: the resource's `expressions`.
        values: attribute to planned value.
    """
    marks: dict[str, Any] = {}
    for name, node in written.items():
        if name not in values or name.endswith(_WRITE_ONLY) or not isinstance(node, Mapping):
            continue
        constant = node.get("constant_value") if node.keys() == {"constant_value"} else None
        if values[name] in _NONE and _is_plain(constant):
            marks[name] = Gap.DROPPED
        elif _is_another(constant, values[name]):
            marks[name] = Gap.ANOTHER
    return marks


def _is_another(constant: object, value: object) -> bool:
    """Whether a truth value or text is another one: some providers trim or write small letters."""
    if isinstance(constant, bool) and isinstance(value, bool):
        return constant is not value
    if not (isinstance(constant, str) and isinstance(value, str) and _is_plain(constant)):
        return False
    plain = constant.strip()
    return constant[:1] not in _JSON and value.strip() not in (plain, plain.lower())


def _is_plain(constant: object) -> bool:
    """Whether a constant has a value, and no template."""
    if isinstance(constant, str):
        return bool(constant) and "${" not in constant and "%{" not in constant
    if isinstance(constant, (list, dict)):
        items = constant.values() if isinstance(constant, dict) else constant
        return bool(constant) and all(map(_is_plain, items))
    return bool(constant)


def merged(marks: Any, more: Any) -> Any:  # noqa: ANN401 - marks
    """Terraform's marks, and the gaps beside them; what was denied is not there, and no gap."""
    if not more or marks is True or isinstance(marks, (Mark, Rest)):
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


def _object(
    kinds: Mapping[str, Kind], needed: Needed, values: Mapping[str, Any], missing: Gap | Mark | None
) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if missing is not None:
        marks.update((name, missing) for name in kinds if name not in values)
    for name in values if missing is not None else needed.keys() & values.keys():
        kind, value = kinds.get(name), values[name]
        is_required, inner = needed.get(name, (False, _NOTHING))
        members = kind[1] if isinstance(kind, tuple) and isinstance(kind[1], dict) else None
        if is_required and (value is None or (members is not None and value == [])):
            marks[name] = Gap.NULL
        elif isinstance(value, list) and members is not None and (missing or inner):
            found = [
                _object(members, inner, item, missing) if isinstance(item, Mapping) else {}
                for item in value
            ]
            if any(found):
                marks[name] = found
        elif isinstance(value, Mapping) and isinstance(kind, dict) and (missing or inner):
            below = _object(kind, inner, value, missing)
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
