"""CloudWatch Logs: the key and class of a log group, and metric filters that are put again.

moto lacks AssociateKmsKey and DisassociateKmsKey: Terraform makes them when `kms_key_id` of a group
changes. (CloudWatch Logs API Reference, AssociateKmsKey.)

moto drops the class of a group, so that Terraform would replace the group at each apply, and how a
subscription filter distributes events. A metric filter that is put again is added beside the first
one, and stays when its group is deleted; a subscription filter cannot be put again where the group
has two. (CloudWatch Logs API Reference, `CreateLogGroup`, `PutMetricFilter`: "creates or updates";
`DeleteLogGroup`, `PutSubscriptionFilter`, `DescribeSubscriptionFilters`.)
"""

from __future__ import annotations

import json
from collections.abc import Callable

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogGroup, LogsBackend, SubscriptionFilter
from moto.logs.responses import LogsResponse

from revet.embedded.call import Moto
from revet.embedded.patching import add, parameter, replace

_STANDARD = "STANDARD"
_BY_LOG_STREAM = "ByLogStream"


def install() -> None:
    """Put the changes in place."""
    add(LogsResponse, associate_kms_key, disassociate_kms_key)
    replace(LogsResponse, "create_log_group", _create)
    replace(LogGroup, "to_describe_dict", _describe)
    replace(MetricFilters, "add_filter", _put_metric_filter)
    replace(LogsBackend, "delete_log_group", _delete)
    replace(LogGroup, "put_subscription_filter", _put_subscription_filter)
    replace(LogsResponse, "put_subscription_filter", _distribute)
    replace(LogsResponse, "describe_subscription_filters", _describe_filters)
    replace(SubscriptionFilter, "to_json", _filter)


def associate_kms_key(self: Moto) -> str:
    """Encrypt what a log group takes in from now on with a key."""
    _group(self).kms_key_id = parameter(self, "kmsKeyId")
    return ""


def disassociate_kms_key(self: Moto) -> str:
    """Encrypt what a log group takes in from now on with the key of CloudWatch Logs."""
    _group(self).kms_key_id = None
    return ""


def _group(response: Moto) -> Moto:
    """The log group that the request names, by its name or as `resourceIdentifier` by its ARN."""
    identifier = str(parameter(response, "resourceIdentifier") or "")
    named = identifier.partition(":log-group:")[2].removesuffix(":*")
    group = response.logs_backend.groups.get(parameter(response, "logGroupName") or named)
    if group is None:
        raise ResourceNotFoundException
    return group


def _create(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def create_log_group(self: Moto) -> str:
        answer = original(self)
        group = self.logs_backend.groups[parameter(self, "logGroupName")]
        group.log_group_class = parameter(self, "logGroupClass") or _STANDARD
        return answer

    return create_log_group


def _describe(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def to_describe_dict(self: Moto) -> Moto:
        kind = getattr(self, "log_group_class", _STANDARD)  # moto's own calls make groups, too
        return {**original(self), "logGroupClass": kind}

    return to_describe_dict


def _put_metric_filter(original: Callable[..., None]) -> Callable[..., None]:
    def add_filter(self: Moto, name: str, pattern: str, group: str, metrics: Moto) -> None:
        self.delete_filter(name, group)
        original(self, name, pattern, group, metrics)

    return add_filter


def _delete(original: Callable[..., None]) -> Callable[..., None]:
    def delete_log_group(self: Moto, log_group_name: str) -> None:
        original(self, log_group_name)
        kept = [one for one in self.filters.metric_filters if one["logGroupName"] != log_group_name]
        self.filters.metric_filters[:] = kept

    return delete_log_group


def _put_subscription_filter(original: Callable[..., None]) -> Callable[..., None]:
    def put_subscription_filter(
        self: Moto, name: str, pattern: str, destination: str, role: str
    ) -> None:
        there = self.subscription_filters.get(name)
        if there is None:
            original(self, name, pattern, destination, role)
        else:
            there.update(pattern, destination, role)

    return put_subscription_filter


def _distribute(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def put_subscription_filter(self: Moto) -> str:
        answer = original(self)
        group = self.logs_backend.groups[parameter(self, "logGroupName")]
        made = group.subscription_filters[parameter(self, "filterName")]
        made.distribution = parameter(self, "distribution") or _BY_LOG_STREAM
        return answer

    return put_subscription_filter


def _filter(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def to_json(self: Moto) -> Moto:
        return {**original(self), "distribution": getattr(self, "distribution", _BY_LOG_STREAM)}

    return to_json


def _describe_filters(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def describe_subscription_filters(self: Moto) -> str:
        answer = json.loads(original(self))
        prefix = parameter(self, "filterNamePrefix") or ""
        kept = [
            one for one in answer["subscriptionFilters"] if one["filterName"].startswith(prefix)
        ]
        return json.dumps({**answer, "subscriptionFilters": kept})

    return describe_subscription_filters
