"""Parameters of a document: what is declared of them, and the values that they are given.

Source: AWS Systems Manager User Guide, "Data elements and parameters" (parameter attributes, SSM
document parameter types).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from revet.embedded.automation.references import OPENS, as_text
from revet.embedded.call import Json
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

_INVALID = "InvalidAutomationExecutionParametersException"
TYPES = ("String", "StringList", "Integer", "Boolean", "MapList", "StringMap")
_AWS_TYPE = re.compile(r"AWS(?:::[A-Za-z0-9]+){2,3}|List<AWS(?:::[A-Za-z0-9]+){2,3}>")
_LISTS = ("StringList", "MapList", "List<")
_ITEMS, _CHARS = ("minItems", "maxItems"), ("minChars", "maxChars")
_ATTRIBUTES = {
    *("type", "description", "default", "displayType", "allowedValues", "allowedPattern"),
    *_ITEMS,
    *_CHARS,
}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_BOOLEANS = {"true": True, "false": False}
Declared = Mapping[str, Mapping[str, Any]]


def wrong_in_parameters(declared: Json) -> str:
    """What is not valid in the parameters that a document declares; empty when all is."""
    if not isinstance(declared, Mapping):
        return "`parameters` is not an object"
    return next(filter(None, (_wrong(name, one) for name, one in declared.items())), "")


def _wrong(name: str, declared: Json) -> str:
    if not isinstance(declared, Mapping):
        return f"parameter {name} is not an object"
    unknown = sorted(map(str, set(declared) - _ATTRIBUTES))
    if unknown:
        return f"parameter {name} has the unknown attribute {unknown[0]}"
    kind = declared.get("type")
    if kind not in TYPES and not _AWS_TYPE.fullmatch(str(kind)):
        return f"parameter {name} has the unknown type {kind}"
    return _wrong_limits(name, declared) or _wrong_default(name, declared)


def _wrong_limits(name: str, declared: Mapping[str, Any]) -> str:
    try:
        re.compile(str(declared.get("allowedPattern", "")))
    except re.error:
        return f"allowedPattern of parameter {name} is not a regular expression"
    if not isinstance(declared.get("allowedValues", []), list):
        return f"allowedValues of parameter {name} is not a list"
    limits = [declared[one] for one in (*_ITEMS, *_CHARS) if one in declared]
    if not all(_INTEGER.fullmatch(str(one)) for one in limits):
        return f"a limit of parameter {name} is not a number"
    return ""


def _wrong_default(name: str, declared: Mapping[str, Any]) -> str:
    try:
        if "default" in declared:
            _default(str(declared["type"]), declared["default"])
    except ValueError:
        return f"the default of parameter {name} is not of type {declared['type']}"
    return ""


def given(declared: Declared, asked: Mapping[str, Sequence[str]]) -> dict[str, Json]:
    """The values of all parameters, as steps read them.

    Args:
        declared: what a valid document says of each.
        asked: a list of texts for each parameter, as the API takes them.

    Raises:
        AwsError: one is missing, unknown, not allowed or not of its type.
    """
    unknown = sorted(set(asked) - set(declared))
    if unknown:
        raise AwsError(_INVALID, f"Parameters {', '.join(unknown)} are not in the document.")
    return {name: _given(name, one, asked.get(name)) for name, one in declared.items()}


def _given(name: str, declared: Mapping[str, Any], values: Sequence[str] | None) -> Json:
    kind = str(declared["type"])
    if values is None:
        if "default" not in declared:
            raise AwsError(_INVALID, f"Parameter {name} is required.")
        found = _default(kind, declared["default"])
    else:
        _check(name, declared, values)
        try:
            found = _typed(kind, values)
        except ValueError as error:
            raise AwsError(_INVALID, f"Parameter {name} is not of type {kind}.") from error
    if OPENS in as_text(found):
        raise AwsError(
            NOT_IMPLEMENTED, f"the embedded AWS does not model references in parameter {name}"
        )
    return found


def _check(name: str, declared: Mapping[str, Any], values: Sequence[str]) -> None:
    allowed, pattern = declared.get("allowedValues"), declared.get("allowedPattern")
    _check_limits(name, declared, "items", len(values), _ITEMS)
    for value in values:
        _check_limits(name, declared, "characters", len(value), _CHARS)
        if allowed is not None and value not in [as_text(one) for one in allowed]:
            raise AwsError(_INVALID, f"Parameter {name}: {value} is not among the allowed values.")
        if pattern is not None and not re.search(str(pattern), value):
            raise AwsError(_INVALID, f"Parameter {name}: {value} does not match {pattern}.")


def _check_limits(
    name: str, declared: Mapping[str, Any], what: str, count: int, limits: tuple[str, str]
) -> None:
    least, most = (int(declared[one]) if one in declared else count for one in limits)
    if not least <= count <= most:
        raise AwsError(_INVALID, f"Parameter {name} has {count} {what}: too few, or too many.")


def _default(kind: str, value: Json) -> Json:
    """The value of a default, which is written as JSON.

    Raises:
        ValueError: it is not of its type.
    """
    several = kind.startswith(_LISTS)
    if isinstance(value, list) != several:
        raise ValueError(kind)
    if isinstance(value, Mapping) and kind != "StringMap":
        raise ValueError(kind)
    return _typed(kind, [as_text(one) for one in value] if several else [as_text(value)])


def _typed(kind: str, values: Sequence[str]) -> Json:
    """The value of a parameter.

    Raises:
        ValueError: it is not of its type.
    """
    if kind == "MapList":
        return [_map(one) for one in values]
    if kind.startswith(_LISTS):
        return list(values)
    (first,) = values
    if kind == "Integer":
        if not _INTEGER.fullmatch(first):
            raise ValueError(first)
        return int(first)
    if kind == "Boolean":
        if first.lower() not in _BOOLEANS:
            raise ValueError(first)
        return _BOOLEANS[first.lower()]
    return _map(first) if kind == "StringMap" else first


def _map(text: str) -> dict[str, Json]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(text)  # noqa: TRY004 - of a text, not of a type of Python's
    return found
