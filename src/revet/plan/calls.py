"""Which calls read the resources of a Terraform type, as `read` in its row of the table says it.

One call lists the resources, and others answer what else rules ask for: further attributes, the
tags, and parts that Terraform has types of their own for. What a row cannot say is said by a
function in `verify/account`. Calls, parameters and members are spelled as AWS's API spells them,
attributes as the provider does.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, TypeAlias, TypeVar

from revet.model.errors import CatalogError
from revet.plan.terraform_types import read_text

_VALUE = re.compile(
    r'(?P<member>[^" ]+)'
    r'(?: (?P<step>is not|is|after|without|as) "(?P<text>[^"]+)")?'
    r"(?: or (?P<missing>.+))?"
)
_MEMBER = re.compile(r"\w+(\.\w+|\[(0|\w+=[\w.|]+)?\]\.\w+)*(\[\])?")
FORMS = ("first", "json", "tags", "text", "time")
_NAMED = re.compile(r"\{([\w.]+)\}")
_OPERATION = re.compile(r"[A-Z][A-Za-z0-9]+")
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Value:
    """What AWS's answer gives an attribute: `MEMBER`, perhaps a step, perhaps `or JSON`.

    Args:
        member: `Key`, `Settings.Key`, `Groups[].Id` of each in a list, `Groups[0].Id` of the first,
            `Groups[State=up|new].Id` of the first whose member is one of these, or a text with
            `{Key}` in it; `{item}` is a listed item that is a text, and `{account}`, `{partition}`
            and `{region}` are the place. `[]` at the end joins the lists of a list.
        step: `is` or `is not`, whether it is one of the texts; `after`, what follows the last one;
            `without`, what is left without it at the end; `as`, in one of `FORMS`. Empty for most.
        text: of the step; for comparisons `A|B*`, where `*` is any text and `?` any character, and
            `{region}` and its like the place.
        missing: what it is where AWS does not answer the member, `{account}` and its like in it;
            empty where it is unknown then.
    """

    member: str
    step: str = ""
    text: str = ""
    missing: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block for each object of a member, or for the only one.

    Args:
        of: the member; `.` for the answer itself.
        attributes: those of a block, from the object.
        needed: whether AWS always answers the member; else there is no block without it.
        only: the members that an object may have, where others would change what it means.
    """

    of: str
    attributes: Attributes
    needed: bool = False
    only: tuple[str, ...] = ()


Attributes: TypeAlias = "Mapping[str, Value | Block]"


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Args:
        operation: as the API spells it: `ListQueues`.
        parameters: `{attribute}` in a text is what the resource has there.
        absent: the error code that means that there is no such thing; may be empty.
    """

    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """A call that answers more attributes of one resource.

    Args:
        call: about it.
        member: of the answer, what is said of it; `.` for the whole.
        attributes: that this gives.
        skip: whether the resource is left out.
        needed: whether nothing is known of the resource without it.
    """

    call: Call
    member: str
    attributes: Attributes
    skip: Value | None = None
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Tags:
    """Where the tags are: in the item, in the answer of a call, or in that of the tagging API.

    Args:
        value: of the item, or of the answer.
        call: that answers them.
        tagged: the type that the Resource Groups Tagging API knows the resources by.
    """

    value: Value | None = None
    call: Call | None = None
    tagged: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What Terraform has a type of its own for, such as the policy of a resource.

    Args:
        type: that type.
        joins: its attributes that join it to the resource: `{attribute}` of that; the first is its
            id.
        attributes: the others.
        id: its id where that is another one.
        call: that answers it; the last details, or else the item, when there is none.
        items: of the answer, the list of them where there may be several; what their `id` and
            `joins` name may be of an item then.
        exists: is empty in the answer where there is no such part.
        fixed: attributes that no call answers.
    """

    type: str
    joins: Mapping[str, str]
    attributes: Attributes = field(default_factory=dict)
    id: str = ""
    call: Call | None = None
    items: Value | None = None
    exists: Value | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypeCalls:
    """The calls that read the resources of a type.

    Args:
        service: boto3's name of the service.
        list: the call that lists them.
        id: of the item, the `id` in the provider's state.
        items: of the answer, the list; the whole answer, if there is one, is the only item when it
            is left out.
        attributes: that the item gives.
        fixed: attributes that are the same of all, as no call answers them.
        unset: attributes that no call answers, and the provider has as null.
        details: the calls that answer more.
        tags: where the tags are; left out for types without any.
        parts: what hangs on it.
        skip: whether an item is left out.
        made_by_aws: whether AWS made it by itself.
        covers: types that are other forms of it, and are so listed with it.
        also: operations that a function of `verify/account` calls once for all of them.
        more: operations that it calls for each.
    """

    list: Call
    id: Value
    service: str = ""
    items: Value | None = None
    attributes: Attributes = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    details: tuple[Details, ...] = ()
    tags: Tags | None = None
    parts: tuple[Part, ...] = ()
    skip: Value | None = None
    made_by_aws: Value | None = None
    covers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls about one resource."""
        holders = (*self.details, self.tags, *self.parts)
        return tuple(one.call for one in holders if one and one.call)


_Form: TypeAlias = dict[str, Callable[[Any, str], Any]]


class _BrokenError(Exception):
    """A key is unknown, missing, or of the wrong kind."""

    def __init__(self, key: str, got: str, expected: str, do: str = "correct the row") -> None:
        super().__init__(key)
        self.key, self.got, self.expected, self.do = key, got, expected, do


@cache
def calls_of(kind: str) -> TypeCalls | None:
    """The calls that a type's row names; `None` where it names none.

    Args:
        kind: a Terraform type.

    Raises:
        CatalogError: the row is broken.
    """
    service, text = read_text(kind)
    if not text:
        return None
    try:
        said = tomllib.loads(text)[kind]["read"]
        found = _load(TypeCalls, {"service": service, **said}, "read")
        _check_names(found)
    except (tomllib.TOMLDecodeError, KeyError, _BrokenError) as error:
        broken = error if isinstance(error, _BrokenError) else None
        raise CatalogError(
            "the calls that read a Terraform type are not valid",
            where=f"the row `[{kind}]` in `plan/types`" + (f", `{broken.key}`" if broken else ""),
            got=broken.got if broken else str(error),
            expected=broken.expected if broken else f"`[{kind}.read]` and its tables, in TOML 1.0",
            do="correct the row" if broken is None else broken.do,
        ) from error
    return found


def _table(value: object, key: str, form: _Form, needed: list[str]) -> dict[str, Any]:
    names = ", ".join(f"`{name}`" for name in form)
    if not isinstance(value, dict):
        raise _BrokenError(key, f"`{value!r}`", f"a table of {names}")
    for name in value:
        if name not in form:
            close = difflib.get_close_matches(name, form, n=1)
            do = f"did you mean `{close[0]}`?" if close else "correct the row"
            raise _BrokenError(key, f"the key `{name}`", f"one of {names}", do)
    for name in needed:
        if name not in value:
            raise _BrokenError(key, f"no key `{name}`", f"`{name}` in it")
    return {name: form[name](held, f"{key}.{name}") for name, held in value.items()}


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise _BrokenError(key, f"`{value!r}`", "a text that is not empty")
    return value


def _names(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _BrokenError(key, f"`{value!r}`", "a list of names")
    return tuple(_text(item, key) for item in value)


def _yes(value: object, key: str) -> bool:
    if value is not True:
        raise _BrokenError(key, f"`{value!r}`", "`true`; leave it out otherwise")
    return True


def _operation(value: object, key: str) -> str:
    if not isinstance(value, str) or not _OPERATION.fullmatch(value):
        raise _BrokenError(key, f"`{value!r}`", "an operation, as the API spells it: `ListQueues`")
    return value


def _mapping(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise _BrokenError(key, f"`{value!r}`", "a table that is not empty")
    return value


def _texts(value: object, key: str) -> dict[str, str]:
    return {name: _text(held, f"{key}.{name}") for name, held in _mapping(value, key).items()}


def _value(value: object, key: str) -> Value:
    found = _VALUE.fullmatch(value) if isinstance(value, str) else None
    if found and (_MEMBER.fullmatch(found["member"]) or _NAMED.search(found["member"])):
        step, text = found["step"] or "", found["text"] or ""
        if step == "as" and text not in FORMS:
            raise _BrokenError(key, f"`{value!r}`", f"one of {', '.join(FORMS)} after `as`")
        if found["missing"] is None:
            return Value(found["member"], step, text)
        with suppress(json.JSONDecodeError):
            return Value(found["member"], step, text, (json.loads(found["missing"]),))
    form = '`MEMBER`, perhaps `is|is not|after|without|as "TEXT"`, perhaps `or JSON`'
    raise _BrokenError(key, f"`{value!r}`", form)


def _attribute(value: object, key: str) -> Value | Block:
    if not isinstance(value, dict):
        return _value(value, key)
    rest = {"of": None, **value}
    own = {name: _BLOCK[name](rest.pop(name), f"{key}.{name}") for name in _BLOCK & rest.keys()}
    return Block(attributes=_attributes(rest, key), **own)


_BLOCK: _Form = {"of": _text, "needed": _yes, "only": _names}


def _attributes(value: object, key: str) -> dict[str, Value | Block]:
    return {name: _attribute(held, f"{key}.{name}") for name, held in _mapping(value, key).items()}


def _details(value: object, key: str) -> tuple[Details, ...]:
    many = value if isinstance(value, list) else [value]
    return tuple(_load(Details, one, key) for one in many)


def _tags(value: object, key: str) -> Tags:
    if isinstance(value, str):
        return Tags(_value(value, key))
    by_tagging_api = isinstance(value, dict) and "tagged" in value
    return _load(Tags, value, key, ("tagged",) if by_tagging_api else ("call", "value"))


def _parts(value: object, key: str) -> tuple[Part, ...]:
    return tuple(
        _load(Part, held, f"{key}.{kind}", type=kind) for kind, held in _mapping(value, key).items()
    )


_FORMS: _Form = {
    "bool": _yes,
    "str": _text,
    "Attributes": _attributes,
    "Mapping[str, Any]": _mapping,
    "Mapping[str, str]": _texts,
    "Tags | None": _tags,
    "Value": _value,
    "Value | None": _value,
    "tuple[Details, ...]": _details,
    "tuple[Part, ...]": _parts,
    "tuple[str, ...]": _names,
}
"""Annotation of a field to what reads it from the row."""


def _load(
    of: type[_Kind], value: object, key: str, needed: tuple[str, ...] = (), **own: object
) -> _Kind:
    """A table of a row, as the class that it is of; its call is in the table itself."""
    form: _Form = {}
    required = list(needed)
    for item in fields(of):  # type: ignore[arg-type]
        if item.name in ("call", "list"):
            form |= {item.name: _operation, "with": _mapping, "absent": _text}
        elif item.name not in own:
            form[item.name] = _FORMS[str(item.type)]
        if item.default is MISSING and item.default_factory is MISSING and item.name not in own:
            required.append(item.name)
    given = _table(value, key, form, required)
    more = {name: given.pop(name) for name in ("with", "absent") if name in given}
    for name in {"call", "list"} & given.keys():
        given[name] = Call(given[name], more.get("with", {}), more.get("absent", ""))
    return of(**own, **given)


def _check_names(calls: TypeCalls) -> None:
    """Whatever a call or a join takes from the resource is one of its attributes.

    Raises:
        _BrokenError: it is none.
    """
    names = {"account", "partition", "region"}
    if not calls.also:  # else a function lists, which knows more
        _known("read.with", calls.list.parameters, names)
    names |= {"id", *calls.attributes}
    _known("read.tags.tagged", "{arn}" if calls.tags and calls.tags.tagged else "", names)
    for details in calls.details:
        _known("read.details.with", details.call.parameters, names)
        names |= {*details.attributes}
    _known("read.tags.with", calls.tags and calls.tags.call and calls.tags.call.parameters, names)
    for part in calls.parts:
        key = f"read.parts.{part.type}"
        _known(f"{key}.with", part.call and part.call.parameters, names)
        for own, held in (("joins", part.joins), ("id", part.id)):
            text = re.sub(r"\{\w*[A-Z]\w*\}", "", str(held)) if part.items else held
            _known(f"{key}.{own}", text, names)


def _known(key: str, held: object, names: set[str]) -> None:
    for name in _NAMED.findall(str(held)):
        if name not in names:
            expected = ", ".join(f"`{one}`" for one in sorted(names))
            raise _BrokenError(key, f"`{{{name}}}`", f"one of {expected}")
