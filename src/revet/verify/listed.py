"""Readers of the types of which rules ask for names and tags alone, as the table of types has them.

One call lists them, and one the tags of all: the Resource Groups Tagging API. It leaves out what
never had tags (Resource Groups Tagging API Reference, `GetResources`), and services that do not
take part, so what it does not list has unknown tags, never none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.plan.terraform_types import Listed, TerraformType, terraform_type, types_with
from revet.verify.api import Api, Parts
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_TAGS = ("tags", "tags_all")
_NOT_LISTED = Mark(
    "the tagging API does not list it: it may never have had tags",
    "tag it, or see what its own service answers",
)


def listed_readers() -> tuple[TypeReader, ...]:
    """A reader of each type whose row says which call lists it."""
    found = []
    for kind in types_with("listed"):
        row = terraform_type(kind)
        if row.listed is not None:
            found.append(_reader(row, row.listed))
    return tuple(found)


def _reader(row: TerraformType, call: Listed) -> TypeReader:
    def items(api: Api, region: str) -> Iterator[tuple[Any, Any, Parts]]:
        parts = Parts()
        asked: dict[str, Any] = {"ResourceTypeFilters": [call.tagged]}
        answer = parts.answer(
            lambda: api.call("resourcegroupstaggingapi", "get_resources", region, **asked), *_TAGS
        )
        tags = {one["ResourceARN"]: one["Tags"] for one in answer.get("ResourceTagMappingList", ())}
        for item in api.call(call.service, call.operation, region)[call.member]:
            yield item, tags.get(item[call.arn]), parts

    def read(_api: Api, region: str, found: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
        item, pairs, parts = found
        values = {"id": item[call.id], "arn": item[call.arn], row.name: item[call.name]}
        unknown = dict.fromkeys(_TAGS, _NOT_LISTED) | parts.unknown if pairs is None else {}
        values |= {} if pairs is None else tagged(pairs)
        yield Observed(row.type, item[call.id], values, region, unknown=unknown)

    return TypeReader(
        type=row.type,
        service=call.service,
        actions=(call.action, "tag:GetResources"),
        items=items,
        identity=lambda found: str(found[0][call.id]),
        read=read,
        each=True,  # for stacks of this service alone
    )
