"""EventBridge: event buses and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_cloudwatch_event_bus_policy"
_OF_AWS = "default"


def _buses(api: Api, region: str) -> Iterator[Any]:
    """The buses on all pages; botocore does not page this operation."""
    ask = api.about("events", region)
    said = ask("list_event_buses")
    yield from said["EventBuses"]
    while said.get("NextToken"):
        said = ask("list_event_buses", NextToken=said["NextToken"])
        yield from said["EventBuses"]


def _bus(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the name; the bus `default` is made by AWS.

    Source: EventBridge API Reference, `EventBus`: the listing answers the policy, if there is one.
    """
    name, arn, parts = item["Name"], item["Arn"], Parts()
    tags = parts.answer(
        lambda: api.call("events", "list_tags_for_resource", region, ResourceARN=arn),
        "tags",
        "tags_all",
    )
    if parts.gone:
        return
    values = {"id": name, "arn": arn, "name": name, **tagged(tags.get("Tags"))}
    made = "aws" if name == _OF_AWS else ""
    kind = "aws_cloudwatch_event_bus"
    yield Observed(kind, name, values, region, unknown=parts.unknown, made_by=made)
    policy = {"policy": item["Policy"]} if item.get("Policy") else None
    yield from part(_POLICY, name, {"event_bus_name": name}, region, lambda: policy)


BUSES = TypeReader(
    type="aws_cloudwatch_event_bus",
    service="events",
    actions=("events:ListEventBuses", "events:ListTagsForResource"),
    items=_buses,
    identity=lambda item: str(item["Name"]),
    read=_bus,
    parts=(_POLICY,),
    each=True,
)
