"""The readers of an account: one for each Terraform type that is read with calls of its own.

A reader lists the resources of its type in a region, each with what the listing answers, and reads
one of them: the resource and the parts that Terraform has types of their own for. The rows of the
table of Terraform types name the calls and what their answers give. What a row cannot say is said
by functions of `account/<service>.py`, found by their names: `list_TYPE` lists in place of the row,
`before_TYPE` changes a resource before the calls about it are made, and `TYPE` after them.

The Resource Groups Tagging API leaves out what never had tags (its API Reference, `GetResources`),
and services that do not take part: what it does not list has unknown tags, never none.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeAlias

from revet.model.arn import partition_of
from revet.plan.calls import Attributes, Call, Part, Tags, TypeCalls, calls_of
from revet.plan.observed import EVERY, Observed
from revet.plan.terraform_types import Scope, terraform_type, types_with
from revet.plan.unread_marks import Mark
from revet.verify.answers import Answer, attribute, filled, value_of
from revet.verify.api import Answered, Api, readable
from revet.verify.operations import allowing, operation_named

_PACKAGE = "revet.verify.account"
_NAMES = ("aws_", "list_aws_", "before_aws_")
_TAGGING = ("resourcegroupstaggingapi", "GetResources")
_TAGS = ("tags", "tags_all")
_NOT_LISTED = Mark(
    "the tagging API does not list it: it may never have had tags",
    "tag it, or see what its own service answers",
)


@dataclass(frozen=True, slots=True)
class TypeReader:
    """How the resources of one Terraform type are read.

    Args:
        type: the Terraform type.
        service: the short name that `--service` takes, boto3's.
        actions: IAM actions that it needs, in IAM's own spelling.
        items: `(api, region)` to what the listing answers of each resource.
        identity: an item to the id by which the state of Terraform knows it.
        read: `(api, region, item)` to the resource and its parts.
        parts: Terraform types of what comes along with it.
        scope: global, or one listing a region.
        each: whether reading one takes calls of its own; `verify` makes them for the services of
            the stack's types, and for those that rules go on to from there.
    """

    type: str
    service: str
    actions: tuple[str, ...]
    items: Callable[[Api, str], Iterable[Any]]
    identity: Callable[[Any], str]
    read: Callable[[Api, str, Any], Iterable[Observed]]
    parts: tuple[str, ...] = ()
    scope: Scope = Scope.REGIONAL
    each: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """Its type and those of its parts."""
        return (self.type, *self.parts)


@dataclass(slots=True, kw_only=True)
class Draft(Answered):
    """One resource while it is read.

    Args:
        api: calls to its account.
        calls: of its row.
        type: its Terraform type.
        item: what the listing answers of it, with the `account`, `partition` and `region`.
        id: what tells it from others of its type and region.
        values: its attributes, as far as they are read.
        region: where it is; empty for global services.
        asked: the region that is asked about it.
        parts: of its row.
        mode: `managed` or `data`.
        made_by: `aws` for what nobody but AWS made.
        rest: why nothing but `values` is known.
        said: what the last details are.
    """

    api: Api
    calls: TypeCalls
    type: str
    item: dict[str, Any]
    id: str
    values: dict[str, Any]
    region: str
    asked: str
    parts: tuple[Part, ...]
    mode: str = "managed"
    made_by: str = ""
    rest: Mark | None = None
    said: Answer = field(default_factory=dict)

    def ask(self, call: str, absent: str = "", **parameters: object) -> dict[str, Any]:
        """All pages of what a call answers.

        Args:
            call: the operation, as the API spells it.
            absent: the error code that means that there is no such thing; may be empty.
            parameters: of the call; `{attribute}` in a text is what the resource has there.
        """
        asked = Call(call, parameters, absent)
        return _ask(self.api, self.calls.service, self.asked, asked, self.known())

    def known(self) -> Answer:
        """What the listing answers, and the attributes that are known."""
        read = {name: self.values[name] for name in self.values if name not in self.unknown}
        return {**self.item, **read}

    def needed(self, read: Callable[[], Any], *names: str) -> Any:  # noqa: ANN401 - JSON
        """What an answer gives; without its member the attributes are unknown, never null."""
        try:
            return read()
        except KeyError as error:
            return self.need({}, error.args[0], *names)

    def give(self, attributes: Attributes, answer: Answer) -> None:
        """Take attributes from an answer."""
        for name, value in attributes.items():
            self.values[name] = self.needed(partial(attribute, value, answer), name)


Listed: TypeAlias = tuple[dict[str, Any], Mapping[str, Any], Mark]
"""What the listing answers of one, tags by ARN of all, and why those that are not there are not."""


@cache
def load_readers() -> tuple[TypeReader, ...]:
    """All readers, by type."""
    rows = ((kind, calls_of(kind)) for kind in types_with("read"))
    return tuple(_reader(kind, calls) for kind, calls in rows if calls)


@cache
def functions() -> Mapping[str, Callable[..., Any]]:
    """What the files of `account` say of types, by name."""
    found: dict[str, Callable[..., Any]] = {}
    for file in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__):
        module = importlib.import_module(f"{_PACKAGE}.{file.name}")
        named = vars(module).items()
        found |= {name: held for name, held in named if name.startswith(_NAMES)}
    return found


def _reader(kind: str, calls: TypeCalls) -> TypeReader:
    each = [*(call.operation for call in calls.calls), *calls.more]
    asked = [(calls.service, name) for name in (calls.list.operation, *each, *calls.also)]
    tagging = calls.tags is not None and bool(calls.tags.tagged)
    actions = (allowing(*one) for one in (*asked, *((_TAGGING,) if tagging else ())))
    return TypeReader(
        type=kind,
        service=calls.service,
        actions=tuple(dict.fromkeys(actions)),
        items=partial(_items, kind, calls),
        identity=lambda found: str(value_of(calls.id, found[0])),
        read=partial(_read, kind, calls),
        parts=(*(part.type for part in calls.parts), *calls.covers),
        scope=terraform_type(kind).scope,
        each=bool(each) or tagging,  # also for the tagging API: for stacks of the service alone
    )


def _items(kind: str, calls: TypeCalls, api: Api, region: str) -> Iterator[Listed]:
    place = {"account": api.account, "region": region, "partition": partition_of(region)}
    answered, told = Answered(), {}
    if calls.tags and calls.tags.tagged:
        call = Call(_TAGGING[1], {"ResourceTypeFilters": [calls.tags.tagged]})
        answer = answered.answer(lambda: _ask(api, _TAGGING[0], region, call, place), *_TAGS)
        told = {one["ResourceARN"]: one["Tags"] for one in answer.get("ResourceTagMappingList", ())}
    ask = partial(_ask, api, calls.service, region, known=place)
    if listing := functions().get(f"list_{kind}"):
        found = listing(api, region)
    else:
        said = ask(calls.list)
        found = value_of(calls.items, said) if calls.items else [said] if said else []
    for one in found:
        item = {**({"item": one} if isinstance(one, str) else one), **place}
        if not (calls.skip and value_of(calls.skip, item)):
            yield item, told, answered.unknown.get("tags_all", _NOT_LISTED)


def _read(kind: str, calls: TypeCalls, api: Api, region: str, found: Listed) -> Iterator[Observed]:
    item, told, untold = found
    own = value_of(calls.id, item)
    values = {"id": own, **calls.fixed, **dict.fromkeys(calls.unset)}
    one = Draft(
        api=api,
        calls=calls,
        type=kind,
        item=item,
        id=str(own),
        values=values,
        region=region,
        asked=region,
        parts=calls.parts,
        made_by="aws" if calls.made_by_aws and value_of(calls.made_by_aws, item) else "",
    )
    one.give(calls.attributes, item)
    if before := functions().get(f"before_{kind}"):
        before(one)
    about: Callable[[], Answer] = partial(dict, item)
    for details in calls.details:
        about = cache(partial(_about, one, details.call, details.member))
        names = tuple(details.attributes)
        if details.needed:
            one.said = about()
        else:
            one.said = one.answer(partial(one.needed, about, *names), *names) or {}
        one.give(details.attributes, one.said)
        if details.skip and value_of(details.skip, one.said):
            return
    one.values |= _tags(one, calls.tags)
    if calls.tags and calls.tags.tagged:
        one.unknown.update({} if values["arn"] in told else dict.fromkeys(_TAGS, untold))
        one.values |= tagged(told.get(values["arn"]))
    after = functions().get(kind)
    more = after(one) if after and not one.gone else ()
    if one.gone:
        return
    yield Observed(
        one.type, one.id, one.values, region, one.rest, one.unknown, one.mode, one.made_by
    )
    for part in one.parts:
        yield from _part(one, part, about)
    yield from more or ()


def _about(one: Draft, call: Call, member: str) -> Answer:
    said = one.ask(call.operation, call.absent, **call.parameters)
    found: Answer = said if member == "." else said[member]
    return found


def _tags(one: Draft, tags: Tags | None) -> dict[str, Any]:
    """The tags that the item has, or that a call answers."""
    if not tags or not tags.value:
        return {}
    value, call = tags.value, tags.call

    def pairs() -> dict[str, Any]:
        return {"pairs": value_of(value, _about(one, call, ".") if call else one.item)}

    said = one.answer(lambda: one.needed(pairs, *_TAGS) or {}, *_TAGS)
    return tagged(said.get("pairs"))


def _part(one: Draft, part: Part, about: Callable[[], Answer]) -> list[Observed]:
    """A part of a resource, as resources of its own.

    What becomes of its call stays with it: the others, and the resource itself, are known all the
    same. Where the call is denied, or its answer has a form that the row does not say, what joins
    it to the resource is known, or none of what may be several.

    Raises:
        MissingResourceError: the resource itself is gone.
        UnreachableError: no answer came, or the credentials are refused.
    """
    call = part.call

    def joined(answer: Answer) -> dict[str, Any]:
        known = {**one.known(), **(answer if part.items else {})}
        joins = {own: filled(text, known) for own, text in part.joins.items()}
        own = filled(part.id, known) or next(iter(joins.values()))
        return {"id": own, **joins, **part.fixed}

    def found() -> list[Observed]:
        said = _about(one, call, ".") if call else about()
        if call and call.absent and not said:
            return []
        if part.exists and not str(value_of(part.exists, said)).strip("{}[] \n"):
            return []
        values = [
            joined(each) | {name: attribute(held, each) for name, held in part.attributes.items()}
            for each in (value_of(part.items, said) if part.items else (said,))
        ]
        return [Observed(part.type, own["id"], own, one.region) for own in values]

    mark = readable(found)
    if isinstance(mark, list):
        return mark
    if part.items and not call:
        raise ValueError(mark.why)
    if part.items:
        return [Observed(part.type, EVERY, {}, one.region, mark)]
    own = joined({})
    return [Observed(part.type, own["id"], own, one.region, mark)]


def tagged(
    pairs: Any,  # noqa: ANN401 - JSON
    key: str = "Key",
    value: str = "Value",
) -> dict[str, Any]:
    """The attributes that tags give; those of AWS's own (`aws:…`) are left out.

    `tags_all` alone: a resource's own tags and the provider's default tags cannot be told apart in
    an account. Where there are no tags at all, `tags` is known, too.

    Args:
        pairs: a list of name and value, or an object.
        key: the member with the name.
        value: the member with the value.
    """
    said = pairs if isinstance(pairs, dict) else {p[key]: p.get(value, "") for p in pairs or ()}
    found = {name: text for name, text in said.items() if not name.startswith("aws:")}
    return {"tags_all": found} if found else {"tags_all": {}, "tags": {}}


def _ask(api: Api, service: str, region: str, call: Call, known: Answer) -> dict[str, Any]:
    asked: Any = {name: filled(value, known) for name, value in call.parameters.items()}
    absent = (call.absent,) if call.absent else ()
    return api.call(service, operation_named(call.operation), region, absent=absent, **asked)
