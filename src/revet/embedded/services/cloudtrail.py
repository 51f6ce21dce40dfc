"""CloudTrail: checks of bucket and key, deletion by ARN, selectors that are shown, trails by name.

- moto accepts any bucket that exists. CloudTrail refuses one whose policy does not let it read the
  ACL and write log files (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"), and a
  key whose policy does not let it make data keys ("Configure AWS KMS key policies for CloudTrail").
- moto's DeleteTrail takes names only; with an ARN it deletes nothing and says that it did.
- moto always reports that a trail has no event selectors, so that nobody asks for them.
- moto's DescribeTrails answers with all trails, whichever are asked for.
- moto's PutInsightSelectors adds to the selectors that a trail has; CloudTrail replaces them, and
  an empty list turns Insights off (CloudTrail API Reference, `PutInsightSelectors`). Of a trail
  without Insights, moto answers that it has no selectors; CloudTrail answers
  `InsightNotEnabledException` (`GetInsightSelectors`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from revet.embedded.call import Moto
from revet.embedded.patching import parameter, replace
from revet.embedded.service_access import service_may

SERVICE = "cloudtrail.amazonaws.com"


def install() -> None:
    """Put the changes in place."""
    replace(Trail, "check_bucket_exists", _check_bucket)
    replace(Trail, "update", _update)
    replace(Trail, "description", _description)
    replace(Trail, "put_insight_selectors", lambda _: _put_insight_selectors)
    replace(Trail, "get_insight_selectors", _get_insight_selectors)
    replace(CloudTrailBackend, "delete_trail", lambda _: _delete_trail)
    replace(CloudTrailResponse, "describe_trails", _describe)


def _check_bucket(original: Callable[[Trail], None]) -> Callable[[Trail], None]:
    def check_bucket_exists(self: Trail) -> None:
        original(self)
        _check_bucket_policy(self)
        _check_key_policy(self)

    return check_bucket_exists


def _update(original: Callable[..., None]) -> Callable[..., None]:
    def update(self: Trail, *args: Moto, **kwargs: Moto) -> None:
        before = dict(vars(self))
        original(self, *args, **kwargs)
        try:
            self.check_bucket_exists()
        except JsonRESTError:
            vars(self).update(before)
            raise

    return update


def _check_bucket_policy(trail: Trail) -> None:
    bucket = s3_backends[trail.account_id][trail.partition].get_bucket(trail.bucket_name)
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    context = {
        "aws:sourcearn": trail.arn,
        "aws:sourceaccount": trail.account_id,
        "aws:securetransport": "true",
    }
    written = f"{bucket.arn}/{prefix}AWSLogs/{trail.account_id}/CloudTrail/"
    upload = {**context, "s3:x-amz-acl": "bucket-owner-full-control"}
    if not (
        service_may(bucket.policy, SERVICE, "s3:GetBucketAcl", bucket.arn, context)
        and service_may(bucket.policy, SERVICE, "s3:PutObject", written, upload)
    ):
        raise JsonRESTError(
            "InsufficientS3BucketPolicyException",
            f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name}",
        )


def _check_key_policy(trail: Trail) -> None:
    if not trail.kms_key_id:
        return
    region = (
        trail.kms_key_id.split(":")[3] if trail.kms_key_id.startswith("arn:") else trail.region_name
    )
    try:
        key = kms_backends[trail.account_id][region].describe_key(trail.kms_key_id)
    except KeyError as error:
        raise JsonRESTError(
            "KmsKeyNotFoundException", f"KMS key not found: {trail.kms_key_id}"
        ) from error
    context = {
        "aws:sourcearn": trail.arn,
        "aws:sourceaccount": trail.account_id,
        "kms:encryptioncontext:aws:cloudtrail:arn": trail.arn,
    }
    if not service_may(key.policy, SERVICE, "kms:GenerateDataKey", key.arn, context):
        raise JsonRESTError(
            "InsufficientEncryptionPolicyException",
            f"Insufficient permissions to access S3 bucket {trail.bucket_name} or KMS key "
            f"{key.arn}.",
        )


def _description(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def description(self: Trail, *args: Moto, **kwargs: Moto) -> dict[str, Any]:
        described = original(self, *args, **kwargs)
        described["HasCustomEventSelectors"] = bool(
            self.event_selectors or self.advanced_event_selectors
        )
        described["HasInsightSelectors"] = bool(self.insight_selectors)
        return described

    return description


def _put_insight_selectors(self: Trail, insight_selectors: list[dict[str, str]]) -> None:
    self.insight_selectors = list(insight_selectors)


def _get_insight_selectors(
    original: Callable[[Trail], list[dict[str, str]]],
) -> Callable[[Trail], list[dict[str, str]]]:
    def get_insight_selectors(self: Trail) -> list[dict[str, str]]:
        found = original(self)
        if not found:
            raise JsonRESTError(
                "InsightNotEnabledException", f"Insights is not enabled for trail {self.arn}"
            )
        return found

    return get_insight_selectors


def _describe(original: Callable[[CloudTrailResponse], str]) -> Callable[..., str]:
    def describe_trails(self: CloudTrailResponse) -> str:
        answer = json.loads(original(self))
        wanted = set(parameter(self, "trailNameList") or ())
        if wanted:
            trails = answer["trailList"]
            answer["trailList"] = [t for t in trails if wanted & {t["Name"], t["TrailARN"]}]
        return json.dumps(answer)

    return describe_trails


def _delete_trail(self: CloudTrailBackend, name: str) -> None:
    trail = self.get_trail(name)
    del self.trails[trail.trail_name]
    self.tagging_service.delete_all_tags_for_resource(trail.arn)
