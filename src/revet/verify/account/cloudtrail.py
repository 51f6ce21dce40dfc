"""CloudTrail: trails with what they select.

A trail is read in its home region, by the account that owns it: a trail of every region, and one
of the organization, shows in others as a shadow that nobody there can change. Source: CloudTrail
API Reference, `DescribeTrails`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.model.arn import Arn
from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_SELECTORS = ("event_selector", "advanced_event_selector")
_DEFAULT = {
    "read_write_type": "All",
    "include_management_events": True,
    "exclude_management_event_sources": [],
    "data_resource": [],
}
"""Source: CloudTrail API Reference, `PutEventSelectors`: all management events by default."""
_OPERATORS = {
    "equals": "Equals",
    "not_equals": "NotEquals",
    "starts_with": "StartsWith",
    "not_starts_with": "NotStartsWith",
    "ends_with": "EndsWith",
    "not_ends_with": "NotEndsWith",
}


def _trails(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    found = api.call("cloudtrail", "describe_trails", region, includeShadowTrails=False)
    return [trail for trail in found["trailList"] if _is_own(trail["TrailARN"], api, region)]


def _is_own(text: str, api: Api, region: str) -> bool:
    arn = Arn.parse(text)
    return (arn.account, arn.region) == (api.account, region)


def _trail(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN, as in states since version 5 of the provider."""
    arn, parts = item["TrailARN"], Parts()
    ask = api.about("cloudtrail", region)
    status = parts.answer(lambda: ask("get_trail_status", Name=arn), "enable_logging")
    chosen = parts.answer(lambda: ask("get_event_selectors", TrailName=arn), *_SELECTORS)
    if not item.get("HasCustomEventSelectors", True) and _is_default(chosen):
        chosen = {}
    tags = parts.answer(lambda: ask("list_tags", ResourceIdList=[arn]), "tags", "tags_all")
    if parts.gone:
        return
    on = parts.need(status, "IsLogging", "enable_logging")
    values = {
        "id": arn,
        "arn": arn,
        "name": item["Name"],
        "home_region": region,
        "s3_bucket_name": parts.need(item, "S3BucketName", "s3_bucket_name"),
        "s3_key_prefix": item.get("S3KeyPrefix", ""),
        "kms_key_id": item.get("KmsKeyId", ""),
        "sns_topic_name": item.get("SnsTopicName", ""),
        "cloud_watch_logs_group_arn": item.get("CloudWatchLogsLogGroupArn", ""),
        "cloud_watch_logs_role_arn": item.get("CloudWatchLogsRoleArn", ""),
        "enable_logging": on,
        "event_selector": [_selector(one) for one in chosen.get("EventSelectors") or ()],
        "advanced_event_selector": [
            _advanced(one) for one in chosen.get("AdvancedEventSelectors") or ()
        ],
        **{name: parts.need(item, key, name) for name, key in _SWITCHES.items()},
        **tagged([pair for one in tags.get("ResourceTagList", ()) for pair in one["TagsList"]]),
    }
    yield Observed("aws_cloudtrail", arn, values, region, unknown=parts.unknown)


def _is_default(chosen: Mapping[str, Any]) -> bool:
    """Whether AWS answers what holds for a trail without selectors of its own."""
    basic = [_selector(one) for one in chosen.get("EventSelectors") or ()]
    return basic == [_DEFAULT] and not chosen.get("AdvancedEventSelectors")


def _selector(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "read_write_type": said["ReadWriteType"],
        "include_management_events": said["IncludeManagementEvents"],
        "exclude_management_event_sources": said.get("ExcludeManagementEventSources", []),
        "data_resource": [
            {"type": one["Type"], "values": one.get("Values", [])}
            for one in said.get("DataResources", ())
        ],
    }


def _advanced(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = [
        {"field": one["Field"], **{name: one.get(key, []) for name, key in _OPERATORS.items()}}
        for one in said["FieldSelectors"]
    ]
    return {"name": said.get("Name", ""), "field_selector": fields}


_SWITCHES = {
    "enable_log_file_validation": "LogFileValidationEnabled",
    "include_global_service_events": "IncludeGlobalServiceEvents",
    "is_multi_region_trail": "IsMultiRegionTrail",
    "is_organization_trail": "IsOrganizationTrail",
}

TRAILS = TypeReader(
    type="aws_cloudtrail",
    service="cloudtrail",
    actions=(
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:ListTags",
    ),
    items=_trails,
    identity=lambda item: str(item["TrailARN"]),
    read=_trail,
    each=True,
)
