"""SQS: queues and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_sqs_queue_policy"
_PAGE = 1000  # only an answer in pages says that there are more
_ATTRIBUTES = ("arn", "fifo_queue", "kms_master_key_id", "sqs_managed_sse_enabled")


def _queues(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("sqs", "list_queues", region, MaxResults=_PAGE).get("QueueUrls", [])


def _queue(api: Api, region: str, url: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the URL. Attributes that are not set are not answered; all are texts.

    Source: SQS API Reference, `ListQueues` and `GetQueueAttributes`.
    """
    parts, ask = Parts(), api.about("sqs", region, QueueUrl=url)
    attributes = cache(lambda: ask("get_queue_attributes", AttributeNames=["All"])["Attributes"])
    said = parts.answer(attributes, *_ATTRIBUTES)
    tags = parts.answer(lambda: ask("list_queue_tags"), "tags", "tags_all")
    if parts.gone:
        return
    values = {
        "id": url,
        "url": url,
        "arn": parts.need(said, "QueueArn", "arn"),
        "name": url.rpartition("/")[2],
        "name_prefix": "",
        "fifo_queue": said.get("FifoQueue") == "true",
        "kms_master_key_id": said.get("KmsMasterKeyId", ""),
        "sqs_managed_sse_enabled": said.get("SqsManagedSseEnabled") == "true",
        "policy": "",
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_sqs_queue", url, values, region, unknown=parts.unknown)
    yield from part(_POLICY, url, {"queue_url": url}, region, lambda: _policy(attributes()))


def _policy(said: dict[str, str]) -> dict[str, Any] | None:
    return {"policy": said["Policy"]} if said.get("Policy") else None


QUEUES = TypeReader(
    type="aws_sqs_queue",
    service="sqs",
    actions=("sqs:ListQueues", "sqs:GetQueueAttributes", "sqs:ListQueueTags"),
    items=_queues,
    identity=str,
    read=_queue,
    parts=(_POLICY,),
    each=True,
)
