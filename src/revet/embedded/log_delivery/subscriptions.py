"""Subscription filters: what matches waits in the logs' own state until the courier takes it.

Source: CloudWatch Logs User Guide, "Log group-level subscription filters": CloudWatch Logs assumes
the filter's role, and puts records whose data is compressed JSON; a function is called by its own
resource policy.
"""

from __future__ import annotations

import base64
import gzip
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.firehose.models import firehose_backends
from moto.kinesis.models import kinesis_backends
from moto.logs.models import LogStream, logs_backends

from revet.embedded.call import Moto
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.log_delivery.buffers import put_records
from revet.embedded.log_delivery.patterns import PatternError, read_pattern
from revet.embedded.service_access import service_may
from revet.embedded.service_roles import ServiceRole
from revet.embedded.wire_error import AwsError

SERVICE = "logs.amazonaws.com"
_PENDING = "revet_pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """Events on their way.

    Args:
        destination: ARN.
        role: by which CloudWatch Logs puts them; empty for a function.
        source: ARN of the log group.
        data: what is put, as JSON.
    """

    destination: str
    role: str
    source: str
    data: Mapping[str, Any]

    @property
    def record(self) -> bytes:
        """What a stream gets: compressed."""
        return gzip.compress(json.dumps(self.data, separators=(",", ":")).encode(), mtime=0)


def enqueue(stream: LogStream, name: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Keep the events that a filter matches for the courier.

    Args:
        stream: that they were put into.
        name: of the filter.
        events: with `id`, `timestamp` and `message`.
    """
    group = stream.log_group
    made = group.subscription_filters[name]
    try:
        matches = read_pattern(made.filter_pattern or "")
    except PatternError:
        return  # refused when it was put; what moto's own code puts has no pattern
    hits = [{**event, "id": str(event["id"])} for event in events if matches(event["message"])]
    if not hits:
        return
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": str(group.account_id),
        "logGroup": group.name,
        "logStream": stream.log_stream_name,
        "subscriptionFilters": [name],
        "logEvents": hits,
    }
    pending = Pending(made.destination_arn, made.role_arn or "", group.arn, data)
    _pending(logs_backends[group.account_id][group.region]).append(pending)


def take_pending(backend: Moto) -> list[Pending]:
    """The events on their way of an account and region, which then are in the courier's hands."""
    found = _pending(backend)
    taken = list(found)
    found.clear()
    return taken


def _pending(backend: Moto) -> list[Pending]:
    found: list[Pending] = backend.__dict__.setdefault(_PENDING, [])
    return found


def deliver(pending: Pending, functions: FunctionCalls) -> None:
    """Put events into their destination, as far as that is allowed.

    Args:
        pending: the events.
        functions: runs one.

    Raises:
        AwsError: it is not allowed, or there is no such destination.
    """
    kind = pending.destination.split(":")[2]
    deliver_to = {
        "firehose": _to_firehose,
        "kinesis": _to_kinesis,
        "logs": _to_destination,
    }.get(kind)
    if kind == "lambda":
        _to_function(pending, functions)
    elif deliver_to is None:
        raise AwsError("InvalidParameterException", f"no destination is `{pending.destination}`")
    else:
        deliver_to(pending)


def check(destination: str, role: str, source: str) -> None:
    """Whether a destination takes what a filter sends, as CloudWatch Logs tries it with a message.

    Args:
        destination: ARN.
        role: of the filter; empty for a function.
        source: ARN of the log group.

    Raises:
        AwsError: it does not.
    """
    checked = {"firehose": _require_firehose, "kinesis": _require_kinesis}
    kind = destination.split(":")[2]
    if kind in checked:
        checked[kind](Pending(destination, role, source, {}))
    elif kind == "lambda":
        _require_function(Pending(destination, role, source, {}))


def _require_firehose(pending: Pending) -> Moto:
    _, _, _, region, account, _ = pending.destination.split(":", 5)
    stream = firehose_backends[account][region].lookup_name_from_arn(pending.destination)
    if stream is None:
        raise AwsError("ResourceNotFoundException", f"there is no {pending.destination}")
    role = ServiceRole(SERVICE, pending.role, pending.source)
    role.require("firehose:PutRecord", pending.destination, account=account)
    return stream


def _to_firehose(pending: Pending) -> None:
    stream = _require_firehose(pending)
    _, _, _, region, account, _ = pending.destination.split(":", 5)
    put_records(firehose_backends[account][region], stream, [pending.record])


def _require_kinesis(pending: Pending) -> Moto:
    _, _, _, region, account, rest = pending.destination.split(":", 5)
    stream = kinesis_backends[account][region].streams.get(rest.partition("/")[2])
    if stream is None:
        raise AwsError("ResourceNotFoundException", f"there is no {pending.destination}")
    role = ServiceRole(SERVICE, pending.role, pending.source)
    role.require("kinesis:PutRecord", pending.destination, account=account)
    if stream.encryption_type == "KMS" and not str(stream.key_id).endswith("alias/aws/kinesis"):
        role.require_key(_key_arn(str(stream.key_id), region, account), _DATA_KEY, "kinesis")
    return stream


_DATA_KEY = "kms:GenerateDataKey"


def _key_arn(key: str, region: str, account: str) -> str:
    if key.startswith("arn:"):
        return key
    name = key if key.startswith("alias/") else f"key/{key}"
    return f"arn:aws:kms:{region}:{account}:{name}"


def _to_kinesis(pending: Pending) -> None:
    stream = _require_kinesis(pending)
    data = base64.b64encode(pending.record).decode()
    stream.put_record(partition_key=secrets.token_hex(16), data=data, explicit_hash_key="")


def _require_function(pending: Pending) -> None:
    region = pending.destination.split(":")[3]
    policy = FunctionCalls.policy_of(pending.destination)
    context = {"aws:sourcearn": f"{pending.source}:*", "aws:sourceaccount": _owner(pending.source)}
    if not any(
        service_may(policy, service, "lambda:InvokeFunction", pending.destination, context)
        for service in (SERVICE, f"logs.{region}.amazonaws.com")
    ):
        raise AwsError(
            "AccessDenied",
            f"the policy of {pending.destination} does not let {SERVICE} call it",
            403,
        )


def _owner(arn: str) -> str:
    return arn.split(":")[4]


def _to_function(pending: Pending, functions: FunctionCalls) -> None:
    _require_function(pending)
    event = {"awslogs": {"data": base64.b64encode(pending.record).decode()}}
    functions.start(pending.destination, json.dumps(event).encode(), "logs")


def _to_destination(pending: Pending) -> None:
    """A destination of CloudWatch Logs, which stands for a stream, mostly of another account."""
    _, _, _, region, account, rest = pending.destination.split(":", 5)
    found = logs_backends[account][region].destinations.get(rest.partition(":")[2])
    if found is None:
        raise AwsError("ResourceNotFoundException", f"there is no {pending.destination}")
    onward = Pending(found.target_arn, found.role_arn, found.arn, pending.data)
    {"firehose": _to_firehose, "kinesis": _to_kinesis}[found.target_arn.split(":")[2]](onward)
