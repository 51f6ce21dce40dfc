"""CloudWatch Logs: log groups, and the resource policies of a region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader


def _groups(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("logs", "describe_log_groups", region)["logGroups"]


def _group(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """Without retention, events never expire. Tags are asked for by the ARN without `:*`."""
    name, arn, parts = item["logGroupName"], item["arn"].removesuffix(":*"), Parts()
    tags = parts.answer(
        lambda: api.call("logs", "list_tags_for_resource", region, resourceArn=arn),
        "tags",
        "tags_all",
    )
    if parts.gone:
        return
    values = {
        "id": name,
        "name": name,
        "name_prefix": "",
        "arn": arn,
        "kms_key_id": item.get("kmsKeyId", ""),
        "retention_in_days": item.get("retentionInDays", 0),
        "log_group_class": item.get("logGroupClass", "STANDARD"),
        **tagged(tags.get("tags")),
    }
    yield Observed("aws_cloudwatch_log_group", name, values, region, unknown=parts.unknown)


def _policies(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("logs", "describe_resource_policies", region)["resourcePolicies"]


def _policy(_api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, parts = item["policyName"], Parts()
    values = {
        "id": name,
        "policy_name": name,
        "policy_document": parts.need(item, "policyDocument", "policy_document"),
    }
    kind = "aws_cloudwatch_log_resource_policy"
    yield Observed(kind, name, values, region, unknown=parts.unknown)


GROUPS = TypeReader(
    type="aws_cloudwatch_log_group",
    service="logs",
    actions=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
    items=_groups,
    identity=lambda item: str(item["logGroupName"]),
    read=_group,
    each=True,
)
POLICIES = TypeReader(
    type="aws_cloudwatch_log_resource_policy",
    service="logs",
    actions=("logs:DescribeResourcePolicies",),
    items=_policies,
    identity=lambda item: str(item["policyName"]),
    read=_policy,
)
