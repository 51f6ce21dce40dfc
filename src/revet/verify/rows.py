"""Readers of the types whose rows in the table of Terraform types name the calls.

The Resource Groups Tagging API leaves out what never had tags (its API Reference, `GetResources`),
and services that do not take part: what it does not list has unknown tags, never none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, partial
from typing import Any, TypeAlias

from revet.model.arn import partition_of
from revet.plan.calls import Attributes, Block, Call, Policy, Tags, TypeCalls, Value, calls_of
from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.plan.terraform_types import terraform_type, types_with
from revet.verify.api import Api, Parts
from revet.verify.operations import allowing, operation_named
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_Values: TypeAlias = Mapping[str, Any]
_Item: TypeAlias = tuple[_Values, _Values, Mark]
"""What the listing answers of one, tags by ARN of all, and why those that are not there are not."""

_TAGGING = ("resourcegroupstaggingapi", "GetResources")
_TAGS = ("tags", "tags_all")
_NOT_LISTED = Mark(
    "the tagging API does not list it: it may never have had tags",
    "tag it, or see what its own service answers",
)
_NAMED = re.compile(r"\{([\w.]+)\}")


def row_readers() -> Iterator[TypeReader]:
    """A reader of each type whose row names the calls."""
    for kind in types_with("read"):
        calls = calls_of(kind)
        if calls is not None:
            yield _reader(kind, calls)


def _reader(kind: str, calls: TypeCalls) -> TypeReader:
    more = [one.call for one in (calls.details, calls.tags, calls.policy) if one and one.call]
    asked = [(calls.service, call.operation) for call in (calls.list, *more)]
    if calls.tags and calls.tags.tagged:
        asked.append(_TAGGING)
    return TypeReader(
        type=kind,
        service=calls.service,
        actions=tuple(dict.fromkeys(allowing(*call) for call in asked)),
        items=partial(_items, calls),
        identity=lambda found: str(_value(calls.id, found[0])),
        read=partial(_read, kind, calls),
        parts=(*((calls.policy.type,) if calls.policy else ()), *calls.covers),
        scope=terraform_type(kind).scope,
        each=len(asked) > 1,  # also for the tagging API: for stacks of the service alone
    )


def _items(calls: TypeCalls, api: Api, region: str) -> Iterator[_Item]:
    place = {"account": api.account, "region": region, "partition": partition_of(region)}
    parts, told = Parts(), {}
    if calls.tags and calls.tags.tagged:
        call = Call(_TAGGING[1], {"ResourceTypeFilters": [calls.tags.tagged]})
        answer = parts.answer(lambda: _ask(_TAGGING[0], call, api, region, place), *_TAGS)
        told = {one["ResourceARN"]: one["Tags"] for one in answer.get("ResourceTagMappingList", ())}
    said = _ask(calls.service, calls.list, api, region, place)
    found = _value(calls.items, said) if calls.items else [said] if said else []
    for one in found:
        item = {**({"item": one} if isinstance(one, str) else one), **place}
        if not (calls.skip and _value(calls.skip, item)):
            yield item, told, parts.unknown.get("tags_all", _NOT_LISTED)


def _read(kind: str, calls: TypeCalls, api: Api, region: str, found: _Item) -> Iterator[Observed]:
    (item, told, untold), parts = found, Parts()
    values = {"id": _value(calls.id, item), **calls.fixed, **_known(calls.attributes, item, parts)}

    def known() -> _Values:
        found = {name: value for name, value in values.items() if name not in parts.unknown}
        return {**item, **found}

    def ask(call: Call) -> dict[str, Any]:
        return _ask(calls.service, call, api, region, known())

    details = calls.details
    about = cache(lambda: ask(details.call)[details.member] if details else item)
    if details:
        said = parts.answer(
            lambda: _needed(about, parts, *details.attributes) or {}, *details.attributes
        )
        values |= _known(details.attributes, said, parts)
        if details.skip and _value(details.skip, said):
            return
    values |= _tags(calls.tags, ask, item, parts)
    if calls.tags and calls.tags.tagged:
        parts.unknown.update({} if values["arn"] in told else dict.fromkeys(_TAGS, untold))
        values |= tagged(told.get(values["arn"]))
    if parts.gone:
        return
    made_by = "aws" if calls.made_by_aws and _value(calls.made_by_aws, item) else ""
    name = str(values["id"])
    yield Observed(kind, name, values, region, unknown=parts.unknown, made_by=made_by)
    if policy := calls.policy:
        call = policy.call
        yield from _policy(policy, (lambda: ask(call)) if call else about, known(), region)


def _tags(
    tags: Tags | None, ask: Callable[[Call], _Values], item: _Values, parts: Parts
) -> dict[str, Any]:
    """The tags that the item has, or that a call answers."""
    if not tags or not tags.value:
        return {}
    value, call = tags.value, tags.call

    def pairs() -> dict[str, Any]:
        return {"pairs": _value(value, ask(call) if call else item)}

    said = parts.answer(lambda: _needed(pairs, parts, *_TAGS) or {}, *_TAGS)
    return tagged(said.get("pairs"))


def _policy(
    policy: Policy, read: Callable[[], _Values], known: _Values, region: str
) -> list[Observed]:
    joins = {own: _put(text, known) for own, text in policy.joins.items()}
    own = _put(policy.id, known) or next(iter(joins.values()))
    attribute = next(iter(terraform_type(policy.type).policies))

    def document() -> dict[str, Any] | None:
        said = read()
        text = _value(policy.document, said) if said or not policy.call else ""
        return {attribute: text} if text.strip("{} \n") else None

    return part(policy.type, own, joins, region, document)


def _ask(service: str, call: Call, api: Api, region: str, known: _Values) -> dict[str, Any]:
    asked: Any = {name: _put(value, known) for name, value in call.parameters.items()}
    absent = (call.absent,) if call.absent else ()
    return api.call(service, operation_named(call.operation), region, absent=absent, **asked)


def _put(text: Any, known: _Values) -> Any:  # noqa: ANN401 - a parameter of any kind
    """A text with what is known in it; whatever has no name in it stays as it is."""
    return _member(known, text) if isinstance(text, str) and _NAMED.search(text) else text


def _known(attributes: Attributes, answer: _Values, parts: Parts) -> dict[str, Any]:
    return {
        name: _needed(partial(_attribute, value, answer), parts, name)
        for name, value in attributes.items()
    }


def _needed(read: Callable[[], Any], parts: Parts, *names: str) -> Any:  # noqa: ANN401 - JSON
    """What an answer gives; without its member the attributes are unknown, never null."""
    try:
        return read()
    except KeyError as error:
        return parts.need({}, error.args[0], *names)


def _attribute(value: Value | Block, answer: _Values) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Value):
        return _value(value, answer)
    said = answer.get(value.of) or []
    return [
        {name: _value(one, block) for name, one in value.attributes.items()}
        for block in (said if isinstance(said, list) else [said])
    ]


def _value(value: Value, answer: _Values) -> Any:  # noqa: ANN401 - JSON
    """What an answer gives.

    Raises:
        KeyError: it lacks the member, and the row does not say what that means.
        ValueError: an element of a list lacks it.
    """
    try:
        found = _member(answer, value.member)
    except KeyError:
        if value.missing:
            return _put(value.missing[0], answer)
        raise
    if not value.step:
        return found
    text = str(found).lower() if isinstance(found, bool) else str(found)
    if value.step == "after":
        return text.rpartition(value.text)[2]
    if value.step == "without":
        return text.removesuffix(value.text)
    wanted = _put(value.text, answer).split("|")
    return (value.step == "is") is any(fnmatchcase(text, one) for one in wanted)


def _member(answer: _Values, member: str) -> Any:  # noqa: ANN401 - JSON
    if "{" in member:
        return _NAMED.sub(lambda name: str(_member(answer, name[1])), member)
    path, each, rest = member.partition("[].")
    found: Any = answer
    for word in path.split("."):
        found = found[word]
    if not each:
        return found
    try:
        return [_member(one, rest) for one in found]
    except KeyError as error:
        raise ValueError(f"one of its `{path}` has no `{error.args[0]}`") from error
