"""CloudWatch Logs: events go on by filters, and a pattern that is not one is refused.

moto sends every event to every subscription, whatever its pattern says, within the producer's call,
which fails where that does; it counts nothing for metric filters, and knows few patterns. (See
`log_delivery`; CloudWatch Logs API reference, `PutSubscriptionFilter`: "Could not deliver test
message", `PutMetricFilter`, `FilterLogEvents`.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend, LogStream
from moto.logs.utils import EventMessageFilter

from revet.embedded.call import Moto
from revet.embedded.log_delivery.metric_filters import count
from revet.embedded.log_delivery.patterns import PatternError, read_pattern
from revet.embedded.log_delivery.subscriptions import check, enqueue
from revet.embedded.patching import replace
from revet.embedded.wire_error import AwsError

_TRIED = {"firehose": "Firehose stream", "kinesis": "Kinesis stream"}


def install() -> None:
    """Put the changes in place."""
    replace(LogStream, "_send_log_events", lambda _: _send)
    replace(LogStream, "put_log_events", _put)
    replace(LogsBackend, "put_subscription_filter", _put_subscription_filter)
    replace(LogsBackend, "put_metric_filter", _put_metric_filter)
    replace(EventMessageFilter, "__init__", lambda _: _read)
    replace(EventMessageFilter, "matches", lambda _: _matches)


def _send(
    self: LogStream,
    service: str,  # noqa: ARG001 - moto's signature
    destination_arn: str,  # noqa: ARG001 - likewise
    filter_name: str,
    log_events: Sequence[Mapping[str, Any]],
) -> None:
    enqueue(self, filter_name, log_events)


def _put(original: Callable[..., str]) -> Callable[..., str]:
    def put_log_events(self: LogStream, log_events: Sequence[Mapping[str, Any]]) -> str:
        token = original(self, log_events)
        count(self, log_events)
        return token

    return put_log_events


def _put_subscription_filter(original: Callable[..., None]) -> Callable[..., None]:
    def put_subscription_filter(
        self: Moto,
        log_group_name: str,
        filter_name: str,
        filter_pattern: str,
        destination_arn: str,
        role_arn: str,
    ) -> None:
        _require_pattern(filter_pattern)
        group = self.groups.get(log_group_name)
        kind = destination_arn.split(":")[2] if destination_arn.count(":") > 1 else ""
        if group is not None and kind in (*_TRIED, "lambda"):
            _try(kind, destination_arn, role_arn, group.arn)
        original(self, log_group_name, filter_name, filter_pattern, destination_arn, role_arn)

    return put_subscription_filter


def _try(kind: str, destination: str, role: str, group: str) -> None:
    """Put a filter only where a message could be delivered."""
    try:
        check(destination, role or "", group)
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return  # moto says so in CloudWatch's own words
        message = "Could not execute the lambda function. Make sure you have given CloudWatch "
        message += f"Logs permission to execute your function. ({error.message})"
        if kind in _TRIED:
            message = f"Could not deliver test message to specified {_TRIED[kind]}. "
            message += f"Check if the given {_TRIED[kind]} is in ACTIVE state. ({error.message})"
        raise InvalidParameterException(message) from error


def _put_metric_filter(original: Callable[..., None]) -> Callable[..., None]:
    def put_metric_filter(
        self: Moto, name: str, pattern: str, group: str, transformations: Moto
    ) -> None:
        _require_pattern(pattern)
        original(self, name, pattern, group, transformations)

    return put_metric_filter


def _require_pattern(pattern: str | None) -> None:
    try:
        read_pattern(pattern or "")
    except PatternError as error:
        raise InvalidParameterException(f"Invalid filter pattern: {error}") from error


def _read(self: Moto, pattern: str | None) -> None:
    _require_pattern(pattern)
    self.pattern = read_pattern(pattern or "")


def _matches(self: Moto, message: str) -> bool:
    return self.pattern(message) is not None
