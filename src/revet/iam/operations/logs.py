"""Amazon CloudWatch Logs.

Sources: Service Authorization Reference, "Amazon CloudWatch Logs"; Amazon CloudWatch Logs User
Guide, "CloudWatch Logs resources and operations" and "CloudWatch Logs permissions reference". In
AWS's refusals the resource of whatever looks at the streams of a group is
`log-group:NAME:log-stream:` and, where the call names a stream, its name. A group is encrypted by
CloudWatch Logs itself, so that callers need nothing of its key. `GetQueryResults`
names no group, though its action is one on groups, and is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.iam.operations.needs import Asked, Needs, Row, one, without_resource

_ON_GROUP = ("CreateLogGroup",)
_ON_STREAMS = ("DescribeLogStreams", "FilterLogEvents", "StartQuery")
_ON_STREAM = ("CreateLogStream", "DeleteLogStream", "GetLogEvents", "PutLogEvents")
_IN_ARN = ":log-group:"


def _group(asked: Asked) -> str:
    """ARN of the log group; empty when the call names none, several, or one in two ways."""
    member = asked.only(
        "logGroupName", "logGroupIdentifier", "logGroupNames", "logGroupIdentifiers"
    )
    value = asked.parameters.get(member) if member else None
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    name = str(value or "")
    if name.startswith("arn:"):
        return name.removesuffix(":*") if _IN_ARN in name else ""
    return asked.place.arn("logs", f"log-group:{name}") if name else ""


def _of(suffix: str, *, stream: bool = False) -> Row:
    def row(asked: Asked) -> Needs | None:
        group = _group(asked)
        if not group:
            return None
        end = asked.text("logStreamName") if stream else ""
        return one(f"logs:{asked.operation}", f"{group}{suffix}{end}")

    return row


ROWS: Mapping[str, Row] = {
    **dict.fromkeys(_ON_GROUP, _of("")),
    **dict.fromkeys(_ON_STREAMS, _of(":log-stream:")),
    **dict.fromkeys(_ON_STREAM, _of(":log-stream:", stream=True)),
    "StopQuery": without_resource("logs"),
}
