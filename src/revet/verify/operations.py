"""What there is to know of reading operations: the IAM action that allows one, and its pages.

For most operations the action is the service prefix and the operation's name. The exceptions
stand here, once. Source: Service Authorization Reference, the page of each service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PREFIXES = {
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sso-admin": "sso",
    "stepfunctions": "states",
}
"""boto3's name of a service to the prefix of its IAM actions, where the two differ."""

_ACTIONS = {
    ("s3", "getbucketencryption"): "s3:GetEncryptionConfiguration",
    ("s3", "getbucketnotificationconfiguration"): "s3:GetBucketNotification",
    ("s3", "getbucketlifecycleconfiguration"): "s3:GetLifecycleConfiguration",
    ("s3", "getbucketreplication"): "s3:GetReplicationConfiguration",
    ("s3", "getpublicaccessblock"): "s3:GetBucketPublicAccessBlock",
    ("s3", "getobjectlockconfiguration"): "s3:GetBucketObjectLockConfiguration",
    ("s3", "listbuckets"): "s3:ListAllMyBuckets",
}
"""Operations whose action has another name."""
_BY_METHOD = "apigateway:GET"
"""API Gateway's actions are the methods of HTTP: this one allows to read everything."""


def iam_action(service: str, operation: str) -> str:
    """The IAM action that allows an operation, lower-cased: IAM compares without case.

    Args:
        service: boto3's name of the service, for example `s3`.
        operation: boto3's name of the operation, for example `get_bucket_versioning`.

    Returns:
        For example `s3:getbucketversioning`.
    """
    return allowing(service, operation.replace("_", "")).lower()


_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_NAMES = {"ListWebACLs": "list_web_acls"}
"""Operations that boto3 names otherwise than their words are told apart."""


def operation_named(name: str) -> str:
    """An operation as boto3 names it, by its name in the API: `DescribeDBSubnetGroups`."""
    if name in _NAMES:
        return _NAMES[name]
    return _WORD.sub("_", name).lower()


def allowing(service: str, name: str) -> str:
    """The IAM action that allows an operation, in IAM's own spelling.

    Args:
        service: boto3's name of the service.
        name: of the operation, as the API spells it.
    """
    if service in ("apigateway", "apigatewayv2"):
        return _BY_METHOD
    default = f"{_PREFIXES.get(service, service)}:{name}"
    return _ACTIONS.get((service, name.lower()), default)


@dataclass(frozen=True, slots=True)
class Pages:
    """How an operation answers in pages.

    Args:
        member: of the answer, what each page has a part of.
        more: says whether there are more pages.
        start: the parameter that asks for the page behind the last item; what `more` says is asked
            for when it is empty.
        key: the member of the last item that it takes; the item itself when empty.
    """

    member: str
    more: str = "NextToken"
    start: str = ""
    key: str = ""

    def joined(self, answer: Mapping[str, Any], page: Mapping[str, Any]) -> dict[str, Any]:
        """The pages that were read, with one more."""
        if not answer:
            return dict(page)
        before, more = answer[self.member], page[self.member]
        both = {**before, **more} if isinstance(before, dict) else [*before, *more]
        return {**page, self.member: both}

    def next(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The parameter that asks for the next page; none after the last one.

        Raises:
            KeyError: the answer does not say whether there is one.
        """
        if not self.start:
            return {self.more: answer[self.more]} if answer.get(self.more) else {}
        if not answer[self.more]:
            return {}
        last = answer[self.member][-1]
        return {self.start: last[self.key] if self.key else last}


PAGES: Mapping[tuple[str, str], Pages] = {
    ("backup", "list_tags"): Pages("Tags"),
    ("events", "list_event_buses"): Pages("EventBuses"),
    ("firehose", "list_delivery_streams"): Pages(
        "DeliveryStreamNames", "HasMoreDeliveryStreams", "ExclusiveStartDeliveryStreamName"
    ),
    ("firehose", "list_tags_for_delivery_stream"): Pages(
        "Tags", "HasMoreTags", "ExclusiveStartTagKey", "Key"
    ),
    ("kinesis", "list_tags_for_stream"): Pages(
        "Tags", "HasMoreTags", "ExclusiveStartTagKey", "Key"
    ),
    ("s3control", "list_access_points"): Pages("AccessPointList"),
    ("wafv2", "list_web_acls"): Pages("WebACLs", "NextMarker"),
}
"""Operations that botocore does not page. Source: the API Reference of each service."""
