"""Metric filters: what matches becomes values of a metric, as soon as it is put.

Source: CloudWatch Logs API reference, `MetricTransformation`: value, default value, dimensions and
unit; User Guide, "Creating metrics from log events using filters" (the default value is for a time
in which events came and none matched).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.models import LogStream, logs_backends

from revet.embedded.call import Json
from revet.embedded.log_delivery.patterns import Matched, PatternError, read_pattern

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def count(stream: LogStream, events: Sequence[Mapping[str, Any]]) -> None:
    """Put the values of all metric filters of a group for the events that were put into it.

    Args:
        stream: that they were put into.
        events: with `timestamp`, milliseconds since the epoch, and `message`.
    """
    group = stream.log_group
    backend = logs_backends[group.account_id][group.region]
    for made in backend.filters.get_matching_filters(log_group_name=group.name):
        try:
            matches = read_pattern(made["filterPattern"] or "")
        except PatternError:
            continue  # refused when it was put
        hits = [(event, matches(event["message"])) for event in events]
        for transformation in made["metricTransformations"]:
            data = [
                datum
                for event, match in hits
                if match is not None
                for datum in _datum(transformation, event, match)
            ]
            default = transformation.get("defaultValue")
            if not any(match for _, match in hits) and default is not None and events:
                data = [_value(transformation, float(default), events[-1])]
            cloudwatch_backends[group.account_id][group.region].put_metric_data(
                transformation["metricNamespace"], data
            )


def _datum(
    transformation: Mapping[str, Any], event: Mapping[str, Any], match: Matched
) -> list[dict[str, Any]]:
    text = str(transformation["metricValue"])
    value: Json = match.value(text) if text.startswith("$") else text
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        return []
    datum = _value(transformation, float(value), event)
    dimensions = []
    for name, selector in (transformation.get("dimensions") or {}).items():
        found = match.value(selector)
        if found is None or isinstance(found, (dict, list)):
            return []  # an event without one of the dimensions is not counted
        dimensions.append({"Name": name, "Value": str(found)})
    return [{**datum, "Dimensions": dimensions}]


def _value(
    transformation: Mapping[str, Any], value: float, event: Mapping[str, Any]
) -> dict[str, Any]:
    moment = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC).replace(tzinfo=None)
    return {
        "MetricName": transformation["metricName"],
        "Value": value,
        "Timestamp": moment,
        "Unit": transformation.get("unit") or "None",
        "Dimensions": [],
    }
