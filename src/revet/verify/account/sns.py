"""SNS: topics and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_sns_topic_policy"


def _topics(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("sns", "list_topics", region)["Topics"]


def _topic(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN. Every topic has a policy, at first one that SNS writes.

    Attributes that are not set are not answered; all are texts. Source: SNS API Reference,
    `GetTopicAttributes`.
    """
    arn, parts = item["TopicArn"], Parts()
    attributes = cache(
        lambda: api.call("sns", "get_topic_attributes", region, TopicArn=arn)["Attributes"]
    )
    said = parts.answer(attributes, "fifo_topic", "kms_master_key_id")
    tags = parts.answer(
        lambda: api.call("sns", "list_tags_for_resource", region, ResourceArn=arn),
        "tags",
        "tags_all",
    )
    if parts.gone:
        return
    values = {
        "id": arn,
        "arn": arn,
        "name": arn.rpartition(":")[2],
        "name_prefix": "",
        "fifo_topic": said.get("FifoTopic") == "true",
        "kms_master_key_id": said.get("KmsMasterKeyId", ""),
        "policy": "",
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_sns_topic", arn, values, region, unknown=parts.unknown)
    yield from part(_POLICY, arn, {"arn": arn}, region, lambda: {"policy": attributes()["Policy"]})


TOPICS = TypeReader(
    type="aws_sns_topic",
    service="sns",
    actions=("sns:ListTopics", "sns:ListTagsForResource", "sns:GetTopicAttributes"),
    items=_topics,
    identity=lambda item: str(item["TopicArn"]),
    read=_topic,
    parts=(_POLICY,),
    each=True,
)
