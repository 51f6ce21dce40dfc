"""Amazon SNS.

Sources: Service Authorization Reference, "Amazon SNS"; Amazon SNS Developer Guide, "Amazon SNS API
permissions: Actions and resources reference" and "Key management" (who publishes to an encrypted
topic needs `kms:GenerateDataKey` and `kms:Decrypt`). A message to a phone or a device has no topic,
and is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.iam.operations.needs import Asked, KeyUse, Need, Needs, Row, without_resource

_ACTIONS = {"Publish": "sns:Publish", "PublishBatch": "sns:Publish"}


def _publish(asked: Asked) -> Needs | None:
    member = asked.only("TopicArn", "TargetArn", "PhoneNumber")
    topic = asked.text(member) if member else ""
    service = topic.split(":")[2:3]
    if service != ["sns"] or "/" in topic:
        return None  # a phone or a device
    uses = tuple(KeyUse(use, topic, "sns") for use in ("kms:GenerateDataKey", "kms:Decrypt"))
    return Needs((Need(_ACTIONS[asked.operation], topic),), uses)


def _topic(asked: Asked) -> Needs | None:
    return Needs((Need(f"sns:{asked.operation}", asked.text("TopicArn")),))


def _subscribe(asked: Asked) -> Needs | None:
    keys = {
        key: asked.text(member)
        for key, member in (("sns:Protocol", "Protocol"), ("sns:Endpoint", "Endpoint"))
        if asked.text(member)
    }
    return Needs((Need("sns:Subscribe", asked.text("TopicArn"), keys),))


ROWS: Mapping[str, Row] = {
    **dict.fromkeys(_ACTIONS, _publish),
    "GetTopicAttributes": _topic,
    "ListSubscriptionsByTopic": _topic,
    "Subscribe": _subscribe,
    "ListTopics": without_resource("sns"),
}
