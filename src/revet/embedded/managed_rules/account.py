"""Managed rules for the account as a whole: trails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from revet.embedded.call import Moto
from revet.embedded.managed_rules.rule import (
    ACCOUNT_TYPE,
    Finding,
    Judge,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
    the_account,
)

_TRAIL = "AWS::CloudTrail::Trail"
_WANTED = {
    "s3BucketName": "bucket_name",
    "snsTopicArn": "topic_arn",
    "cloudWatchLogsLogGroupArn": "cw_log_group_arn",
}


def _own_trails(place: Place) -> list[Moto]:
    return list(place.backend("cloudtrail").trails.values())


def _trails(place: Place) -> Iterator[Subject]:
    for trail in _own_trails(place):
        yield Subject(_TRAIL, trail.trail_name, trail)


def _trail_enabled(holds: Callable[[Moto], object]) -> Judge:
    """A rule: a trail logs that has what the parameters want."""

    def judge(_account: Subject, parameters: Parameters, place: Place) -> Finding:
        wanted = {
            attribute: parameters[name]
            for name, attribute in _WANTED.items()
            if parameters.get(name)
        }
        return complies(
            any(
                trail.status.is_logging
                and holds(trail)
                and all(getattr(trail, name) == value for name, value in wanted.items())
                for trail in place.backend("cloudtrail").describe_trails(True)
            ),
            "No trail logs as the rule wants it.",
        )

    return judge


def _encrypted(trail: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(trail.thing.kms_key_id, "The trail's logs are not encrypted with KMS.")


def _validated(trail: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(trail.thing.log_validation, "The trail's log files are not validated.")


RULES: Mapping[str, ManagedRule] = {
    "CLOUD_TRAIL_ENABLED": ManagedRule(
        ACCOUNT_TYPE, the_account, _trail_enabled(lambda _: True), tuple(_WANTED)
    ),
    "MULTI_REGION_CLOUD_TRAIL_ENABLED": ManagedRule(
        ACCOUNT_TYPE,
        the_account,
        _trail_enabled(lambda trail: trail.is_multi_region),
        tuple(_WANTED),
    ),
    "CLOUD_TRAIL_ENCRYPTION_ENABLED": ManagedRule(_TRAIL, _trails, _encrypted),
    "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED": ManagedRule(_TRAIL, _trails, _validated),
}
