"""SNS: functions that are subscribed to a topic.

moto invokes them within the publisher's call, with a message of invented identifiers. (Amazon SNS
Developer Guide, "Fanout Amazon SNS notifications to Lambda functions"; AWS Lambda Developer Guide,
"Invoking Lambda functions with Amazon SNS notifications": the event.)
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from moto.sns.models import Subscription

from revet.embedded.call import Json, Moto
from revet.embedded.functions.sources import Source, send
from revet.embedded.patching import replace

_SERVICE = "sns.amazonaws.com"


def install() -> None:
    """Put the change in place."""
    replace(Subscription, "publish", _publishing)


def _publishing(original: Callable[..., None]) -> Callable[..., None]:
    def publish(
        self: Moto,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: Mapping[str, Any] | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> None:
        if self.protocol != "lambda":
            original(
                self,
                message,
                message_id,
                subject=subject,
                message_attributes=message_attributes,
                group_id=group_id,
                deduplication_id=deduplication_id,
                message_structure=message_structure,
            )
            return
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(message_attributes, message):
            return
        if message_structure == "json":
            message = self._parse_message_structure(message, self.protocol)
        event = _event(self, message, message_id, subject, message_attributes or {})
        send(Source(_SERVICE, self.topic.arn, self.topic.account_id), self.endpoint, event)

    return publish


def _event(
    subscription: Moto,
    message: str,
    message_id: str,
    subject: str | None,
    attributes: Mapping[str, Any],
) -> Json:
    topic, arn = str(subscription.topic.arn), str(subscription.arn)
    host = f"https://sns.{topic.split(':')[3]}.amazonaws.com"
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "Records": [
            {
                "EventVersion": "1.0",
                "EventSubscriptionArn": arn,
                "EventSource": "aws:sns",
                "Sns": {
                    "SignatureVersion": "1",
                    "Timestamp": now,
                    "Signature": secrets.token_urlsafe(64),
                    "SigningCertUrl": f"{host}/SimpleNotificationService.pem",
                    "MessageId": message_id,
                    "Message": message,
                    "MessageAttributes": {
                        name: {"Type": one["Type"], "Value": one["Value"]}
                        for name, one in attributes.items()
                    },
                    "Type": "Notification",
                    "UnsubscribeUrl": f"{host}/?Action=Unsubscribe&SubscriptionArn={arn}",
                    "TopicArn": topic,
                    "Subject": subject or None,
                },
            }
        ]
    }
