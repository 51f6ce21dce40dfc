"""What AWS's answers give attributes, as the rows of the table of Terraform types say it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from revet.plan.calls import Block, Value

Answer: TypeAlias = Mapping[str, Any]

_NAMED = re.compile(r"\{([\w.]+)\}")
_LIST = re.compile(r"\[([^\]]*)\]\.?")


def document(said: object) -> str:
    """A policy document as text; botocore decodes what IAM answers."""
    return said if isinstance(said, str) else json.dumps(said)


def _time(said: dt.datetime) -> str:
    """In the form of RFC 3339; S3 takes dates at midnight UTC only."""
    return f"{said:%Y-%m-%dT%H:%M:%SZ}"


_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "first": lambda texts: next(iter(texts), ""),
    "json": document,
    "tags": lambda pairs: {pair["Key"]: pair["Value"] for pair in pairs},
    "text": str,
    "time": _time,
}


class _InnerError(KeyError):
    """What AWS answers lacks a member, so that what the row says of its absence does not hold."""


def attribute(value: Value | Block, answer: Answer) -> Any:  # noqa: ANN401 - JSON
    """What an answer gives an attribute.

    Raises:
        KeyError: it lacks a member, and the row does not say what that means.
        ValueError: an element of a list lacks it, or an object has members that the row does not
            know.
    """
    if isinstance(value, Value):
        return value_of(value, answer)
    try:
        said = answer if value.of == "." else _member(answer, value.of)
    except KeyError:
        if value.needed:
            raise
        return []
    found = said if isinstance(said, list) else [] if said is None else [said]
    for one in found:
        if value.only and not one.keys() <= {*value.only}:
            known = ", ".join(sorted(one.keys() - {*value.only}))
            raise ValueError(f"`{value.of}` by {known}")
    return [
        {name: attribute(held, one) for name, held in value.attributes.items()} for one in found
    ]


def value_of(value: Value, answer: Answer) -> Any:  # noqa: ANN401 - JSON
    """What an answer gives; see `attribute`."""
    try:
        found = _member(answer, value.member)
    except _InnerError:
        raise
    except KeyError:
        if value.missing:
            return filled(value.missing[0], answer)
        raise
    if not value.step:
        return found
    if value.step == "as":
        return _FORMS[value.text](found)
    text = str(found).lower() if isinstance(found, bool) else str(found)
    if value.step == "after":
        return text.rpartition(value.text)[2]
    if value.step == "without":
        return text.removesuffix(value.text)
    wanted = filled(value.text, answer).split("|")
    return (value.step == "is") is any(fnmatchcase(text, one) for one in wanted)


def filled(text: Any, known: Answer) -> Any:  # noqa: ANN401 - a parameter of any kind
    """A text with what is known in it; whatever has no name in it stays as it is."""
    if isinstance(text, list):
        return [filled(one, known) for one in text]
    return _member(known, text) if isinstance(text, str) and _NAMED.search(text) else text


def _member(answer: Answer, member: str) -> Any:  # noqa: ANN401 - JSON
    if "{" in member:
        return _NAMED.sub(lambda name: str(_member(answer, name[1])), member)
    path, *lists = _LIST.split(member, maxsplit=1)
    first, *words = path.split(".")
    found: Any = answer[first]
    if words:
        return _inner(found, member.partition(".")[2])
    if not lists:
        return found
    which, rest = lists
    if which:
        return _inner(_first(found, which, path), rest)
    if not rest:
        return [one for many in found for one in many]
    try:
        each = [_member(one, rest.removesuffix("[]")) for one in found]
    except KeyError as error:
        raise ValueError(f"one of its `{path}` has no `{error.args[0]}`") from error
    return [one for many in each for one in many] if rest.endswith("[]") else each


def _inner(answer: Answer, member: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return _member(answer, member)
    except KeyError as error:
        raise _InnerError(*error.args) from error


def _first(found: Any, which: str, path: str) -> Answer:  # noqa: ANN401 - JSON
    """The first of a list, or the first one whose member is one of some texts.

    Raises:
        KeyError: there is none.
    """
    key, _, texts = which.partition("=")
    for one in found:
        if not texts or str(one.get(key)).lower() in texts.lower().split("|"):
            chosen: Answer = one
            return chosen
    raise KeyError(path)
