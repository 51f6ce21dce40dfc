"""Which calls read the resources of a Terraform type, as `read` in its row of the table says it.

A row has this form where one call lists the resources, and at most one more call each answers what
else rules ask for: further attributes, the tags, the policy. What needs more than that is read by a
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
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

from revet.model.errors import CatalogError
from revet.plan.terraform_types import read_text

_VALUE = re.compile(
    r'(?P<member>[^" ]+)'
    r'(?: (?P<step>is not|is|after|without) "(?P<text>[^"]+)")?'
    r"(?: or (?P<missing>.+))?"
)
_MEMBER = re.compile(r"\w+(\.\w+|\[\]\.\w+)*")
_NAMED = re.compile(r"\{([\w.]+)\}")
_OPERATION = re.compile(r"[A-Z][A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Value:
    """What AWS's answer gives an attribute: `MEMBER`, perhaps a step, perhaps `or JSON`.

    Args:
        member: `Key`, `Settings.Key`, `Groups[].Id` of each in a list, or a text with `{Key}` in
            it; `{item}` is a listed item that is a text, and `{account}`, `{partition}` and
            `{region}` are the place.
        step: `is` or `is not`, whether it is one of the texts; `after`, what follows the last one;
            `without`, what is left without it at the end. Empty for most.
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
    """A block for each object of a member, or for the only one; none without it.

    Args:
        of: the member.
        attributes: those of a block, from the object.
    """

    of: str
    attributes: Mapping[str, Value]


Attributes: TypeAlias = Mapping[str, Value | Block]


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
    """The call that answers more attributes of one resource.

    Args:
        call: about it.
        member: of the answer, what is said of it.
        attributes: that this gives.
        skip: whether the resource is left out.
    """

    call: Call
    member: str
    attributes: Attributes
    skip: Value | None = None


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
class Policy:
    """The policy of a resource, which Terraform has a type of its own for.

    Args:
        type: that type.
        joins: its attributes that join it to the resource: `{attribute}` of that; the first is its
            id.
        document: of the answer; without it, or where it is empty, there is no policy.
        id: its id where that is another one.
        call: that answers it; the details, or else the item, when there is none.
    """

    type: str
    joins: Mapping[str, str]
    document: Value
    id: str = ""
    call: Call | None = None


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
        details: the call that answers more.
        tags: where the tags are; left out for types without any.
        policy: the policy that hangs on it.
        skip: whether an item is left out.
        made_by_aws: whether AWS made it by itself.
        covers: types that are other forms of it, and are so listed with it.
    """

    service: str
    list: Call
    id: Value
    items: Value | None = None
    attributes: Attributes = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    details: Details | None = None
    tags: Tags | None = None
    policy: Policy | None = None
    skip: Value | None = None
    made_by_aws: Value | None = None
    covers: tuple[str, ...] = ()


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
        given = _table(said, "read", _READ, ("list", "id"))
        found = TypeCalls(
            list=_call(given, "list"),
            **{"service": service} | {key: given[key] for key in given if key in _OWN},
        )
        _check_names(found)
    except (tomllib.TOMLDecodeError, KeyError, _BrokenError) as error:
        broken = error if isinstance(error, _BrokenError) else None
        raise CatalogError(
            "the calls that read a Terraform type are not valid",
            where=f"the row `[{kind}]` in `plan/types`" + (f", `{broken.key}`" if broken else ""),
            got=broken.got if broken else str(error),
            expected=broken.expected if broken else f"`[{kind}.read]` and its tables, in TOML 1.0",
            do=broken.do if broken else "correct the row",
        ) from error
    return found


def _table(
    value: object, key: str, form: Mapping[str, Callable[[Any, str], Any]], needed: tuple[str, ...]
) -> dict[str, Any]:
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


def _types(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _BrokenError(key, f"`{value!r}`", "a list of Terraform types")
    return tuple(_text(item, key) for item in value)


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
        if found["missing"] is None:
            return Value(found["member"], step, text)
        with suppress(json.JSONDecodeError):
            return Value(found["member"], step, text, (json.loads(found["missing"]),))
    form = '`MEMBER`, perhaps `is|is not|after|without "TEXT"`, perhaps `or JSON`'
    raise _BrokenError(key, f"`{value!r}`", form)


def _attribute(value: object, key: str) -> Value | Block:
    if not isinstance(value, dict):
        return _value(value, key)
    inner = {name: _value(held, f"{key}.{name}") for name, held in value.items() if name != "of"}
    return Block(_text(value.get("of"), f"{key}.of"), inner)


def _attributes(value: object, key: str) -> dict[str, Value | Block]:
    return {name: _attribute(held, f"{key}.{name}") for name, held in _mapping(value, key).items()}


_Form: TypeAlias = dict[str, Callable[[Any, str], Any]]
_CALL: _Form = {"call": _operation, "with": _mapping, "absent": _text}


def _call(given: Mapping[str, Any], name: str = "call") -> Call:
    return Call(given[name], given.get("with", {}), given.get("absent", ""))


def _details(value: object, key: str) -> Details:
    form = _CALL | {"member": _text, "attributes": _attributes, "skip": _value}
    given = _table(value, key, form, ("call", "member", "attributes"))
    return Details(_call(given), given["member"], given["attributes"], given.get("skip"))


def _tags(value: object, key: str) -> Tags:
    if isinstance(value, str):
        return Tags(_value(value, key))
    if isinstance(value, dict) and "tagged" in value:
        return Tags(**_table(value, key, {"tagged": _text}, ()))
    given = _table(value, key, _CALL | {"value": _value}, ("call", "value"))
    return Tags(given["value"], _call(given))


def _policy(value: object, key: str) -> Policy:
    form = _CALL | {"type": _text, "joins": _texts, "document": _value, "id": _text}
    given = _table(value, key, form, ("type", "joins", "document"))
    call = _call(given) if "call" in given else None
    return Policy(given["type"], given["joins"], given["document"], given.get("id", ""), call)


_OWN: _Form = {
    "service": _text,
    "id": _value,
    "items": _value,
    "attributes": _attributes,
    "fixed": _mapping,
    "details": _details,
    "tags": _tags,
    "policy": _policy,
    "skip": _value,
    "made_by_aws": _value,
    "covers": _types,
}
_READ: _Form = {"list": _operation, "with": _mapping, "absent": _text, **_OWN}


def _check_names(calls: TypeCalls) -> None:
    """Whatever a call or a join takes from the resource is one of its attributes.

    Raises:
        _BrokenError: it is none.
    """
    place = {"account", "partition", "region"}
    item = {*place, "id", *calls.attributes}
    details, tags, policy = calls.details, calls.tags, calls.policy
    whole = item | {*(details.attributes if details else ())}
    used: dict[str, tuple[object, set[str]]] = {
        "read.with": (calls.list.parameters, place),
        "read.details.with": (details and details.call.parameters, item),
        "read.tags.with": (tags and tags.call and tags.call.parameters, whole),
        "read.tags.tagged": ("{arn}" if tags and tags.tagged else "", item),
        "read.policy.with": (policy and policy.call and policy.call.parameters, whole),
        "read.policy.joins": (policy and policy.joins, whole),
        "read.policy.id": (policy and policy.id, whole),
    }
    for key, (held, names) in used.items():
        for name in _NAMED.findall(str(held)):
            if name not in names:
                expected = ", ".join(f"`{one}`" for one in sorted(names))
                raise _BrokenError(key, f"`{{{name}}}`", f"one of {expected}")
