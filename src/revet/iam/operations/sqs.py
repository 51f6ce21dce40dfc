"""Amazon SQS.

Sources: Service Authorization Reference, "Amazon SQS"; Amazon SQS Developer Guide, "Amazon SQS API
permissions: Actions and resource reference" (a batch needs the action of its single form) and
"Configure KMS permissions for AWS services" with "Key management" (who sends needs
`kms:GenerateDataKey` and `kms:Decrypt`, who receives `kms:Decrypt`).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from revet.iam.operations.needs import Asked, KeyUse, Need, Needs, Row, one, without_resource

_ACTIONS = {
    **{
        name: name
        for name in (
            "ChangeMessageVisibility",
            "DeleteMessage",
            "GetQueueAttributes",
            "ListQueueTags",
            "PurgeQueue",
            "ReceiveMessage",
            "SendMessage",
        )
    },
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "DeleteMessageBatch": "DeleteMessage",
    "SendMessageBatch": "SendMessage",
}
_KEY_USES = {
    "SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "ReceiveMessage": ("kms:Decrypt",),
}
_PATH_PARTS = 2


def _queue(asked: Asked) -> str:
    """ARN of the queue of a URL: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`."""
    url = urlsplit(asked.text("QueueUrl"))
    parts = url.path.strip("/").split("/")
    host = (url.hostname or "").split(".")
    if len(parts) != _PATH_PARTS or not parts[0].isdigit() or not parts[1]:
        return ""
    region = host[1] if host[0] == "sqs" and len(host) > _PATH_PARTS else asked.place.region
    return f"arn:{asked.place.partition}:sqs:{region}:{parts[0]}:{parts[1]}"


def _on_queue(asked: Asked) -> Needs | None:
    arn = _queue(asked)
    if not arn:
        return None
    action = _ACTIONS[asked.operation]
    uses = tuple(KeyUse(use, arn, "sqs") for use in _KEY_USES.get(action, ()))
    return Needs((Need(f"sqs:{action}", arn),), uses)


def _queue_url(asked: Asked) -> Needs | None:
    owner = asked.text("QueueOwnerAWSAccountId") or asked.place.account
    place = asked.place
    arn = f"arn:{place.partition}:sqs:{place.region}:{owner}:{asked.text('QueueName')}"
    return one("sqs:GetQueueUrl", arn)


ROWS: Mapping[str, Row] = {
    **dict.fromkeys(_ACTIONS, _on_queue),
    "GetQueueUrl": _queue_url,
    "ListQueues": without_resource("sqs"),
}
