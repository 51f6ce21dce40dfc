"""Metric alarms: evaluated when the courier comes, over the periods that end at that moment.

The periods have their real length: what is shortened is the wait until CloudWatch looks. Alarms on
expressions, on anomaly bands and on other alarms are not evaluated, and say so as the reason of
their state.

Source: Amazon CloudWatch User Guide, "Using Amazon CloudWatch alarms", "Configuring how CloudWatch
alarms treat missing data"; Amazon SNS Developer Guide, "Example cases for Amazon SNS access
control" (CloudWatch alarms).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.sns.models import sns_backends

from revet.embedded.call import Moto
from revet.embedded.changes import touch
from revet.embedded.service_access import service_may
from revet.embedded.service_roles import require_key_for
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

ALARM, OK, INSUFFICIENT = "ALARM", "OK", "INSUFFICIENT_DATA"
SERVICE = "cloudwatch.amazonaws.com"
NOT_EVALUATED = "the embedded AWS does not evaluate this alarm: "
Undelivered = Callable[[str], None]
_ACTIONS = {ALARM: "alarm_actions", OK: "ok_actions", INSUFFICIENT: "insufficient_data_actions"}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, bound: value >= bound,
    "GreaterThanThreshold": lambda value, bound: value > bound,
    "LessThanOrEqualToThreshold": lambda value, bound: value <= bound,
    "LessThanThreshold": lambda value, bound: value < bound,
}


def evaluate_alarms(now: dt.datetime, undelivered: Undelivered) -> list[str]:
    """Evaluate all alarms, and take their actions.

    Args:
        now: the current moment, with its time zone.
        undelivered: called with a line for each action that could not be taken.

    Returns:
        Names of the alarms whose state is another one now.
    """
    changed = []
    for account, regions in sorted(dict.items(cloudwatch_backends)):
        for region, backend in sorted(dict.items(regions)):
            for alarm in list(backend.alarms.values()):
                if _evaluate(alarm, backend, now):
                    changed.append(alarm.name)
                    _act(alarm, str(account), str(region), now, undelivered)
    return changed


def _evaluate(alarm: Moto, backend: Moto, now: dt.datetime) -> bool:
    """Give an alarm its state; whether it changed."""
    why = _why_not(alarm)
    if why:
        alarm.state_reason = f"{NOT_EVALUATED}{why}"
        return False
    values = list(_values(alarm, backend, now))
    state = _state(alarm, values)
    if state == alarm.state_value:
        return False
    shown = ["missing" if value is None else f"{value:g}" for value in values]
    reason = (
        f"Threshold Crossed: {alarm.comparison_operator} {alarm.threshold:g}; datapoints "
        f"[{', '.join(shown)}], newest first"
    )
    data = {
        "version": "1.0",
        "queryDate": now.isoformat(timespec="milliseconds"),
        "statistic": alarm.statistic or alarm.extended_statistic,
        "period": alarm.period,
        "recentDatapoints": [value for value in values if value is not None],
        "threshold": alarm.threshold,
    }
    touch(backend)
    alarm.update_state(reason, json.dumps(data), state)
    return True


def _why_not(alarm: Moto) -> str:
    if alarm.rule:
        return "it is one on other alarms"
    if alarm.metric_data_queries or alarm.threshold_metric_id:
        return "it is one on an expression"
    if alarm.comparison_operator not in _COMPARE:
        return f"it compares by {alarm.comparison_operator}"
    if alarm.extended_statistic and _percentile(alarm.extended_statistic) is None:
        return f"its statistic is {alarm.extended_statistic}"
    return ""


def _percentile(name: str) -> float | None:
    try:
        return float(name.removeprefix("p"))
    except ValueError:
        return None


def _values(alarm: Moto, backend: Moto, now: dt.datetime) -> Iterator[float | None]:
    """The statistic of each period, newest first; none where there is no data."""
    wanted = sorted((one.name, one.value) for one in alarm.dimensions)
    data = [
        datum
        for datum in backend.metric_data
        if (datum.namespace, datum.name) == (alarm.namespace, alarm.metric_name)
        and sorted((one.name, one.value) for one in datum.dimensions) == wanted
        and (not alarm.unit or datum.unit == alarm.unit)
    ]
    period = dt.timedelta(seconds=int(alarm.period))
    for number in range(int(alarm.evaluation_periods)):
        end = now - number * period
        inside = [one for one in data if end - period < _moment(one.timestamp) <= end]
        yield _statistic(alarm, inside)


def _moment(timestamp: dt.datetime) -> dt.datetime:
    return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=dt.UTC)


def _statistic(alarm: Moto, data: Sequence[Moto]) -> float | None:
    if not data:
        return None
    plain = [one.value for one in data if hasattr(one, "value")]
    sets = [one for one in data if not hasattr(one, "value")]
    if alarm.extended_statistic:
        return _rank(sorted(plain), _percentile(alarm.extended_statistic) or 0.0)
    total = math.fsum([*plain, *(one.sum for one in sets)])
    samples = len(plain) + sum(one.sample_count for one in sets)
    statistics: Mapping[str, Callable[[], float]] = {
        "Sum": lambda: total,
        "SampleCount": lambda: float(samples),
        "Average": lambda: total / samples,
        "Minimum": lambda: min([*plain, *(one.min for one in sets)]),
        "Maximum": lambda: max([*plain, *(one.max for one in sets)]),
    }
    return statistics[alarm.statistic]()


def _rank(values: Sequence[float], percent: float) -> float | None:
    """The value at a percentile, between two of them in proportion."""
    if not values:
        return None
    place = (len(values) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _state(alarm: Moto, values: Sequence[float | None]) -> str:
    treated = alarm.treat_missing_data or "missing"
    compare = _COMPARE[alarm.comparison_operator]
    known = [compare(value, float(alarm.threshold)) for value in values if value is not None]
    missing = len(values) - len(known)
    if treated == "breaching":
        known += [True] * missing
    elif treated == "notBreaching":
        known += [False] * missing
    if not known:
        return str(alarm.state_value) if treated == "ignore" else INSUFFICIENT
    needed = int(alarm.datapoints_to_alarm or alarm.evaluation_periods)
    return ALARM if sum(known) >= min(needed, len(values)) else OK


def _act(
    alarm: Moto, account: str, region: str, now: dt.datetime, undelivered: Undelivered
) -> None:
    if not alarm.actions_enabled:
        return
    for action in getattr(alarm, _ACTIONS[alarm.state_value]) or ():
        try:
            _publish(alarm, action, account, region, now)
        except AwsError as error:
            undelivered(f"action {action} of the alarm {alarm.name}: {error.message}")
            alarm.history.append(
                ("Action", f"Failed to execute action {action}", error.message, "", now)
            )
        else:
            alarm.history.append(("Action", f"Successfully executed action {action}", "", "", now))


def _publish(alarm: Moto, action: str, account: str, region: str, now: dt.datetime) -> None:
    """Tell a topic, where its policy and its key's admit CloudWatch.

    Raises:
        AwsError: they do not, or there is no such topic, or the action is another one.
    """
    parts = action.split(":", 5)
    if parts[2:3] != ["sns"]:
        raise AwsError(NOT_IMPLEMENTED, "the embedded AWS takes actions of SNS only")
    backend = sns_backends[parts[4]][parts[3]]
    topic = backend.topics.get(action)
    if topic is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    context = {
        "aws:sourcearn": alarm.alarm_arn,
        "aws:sourceaccount": account,
        "aws:sourceowner": account,
    }
    if not service_may(topic.policy, SERVICE, "sns:Publish", action, context):
        raise AwsError("AuthorizationError", f"the policy of {action} does not admit {SERVICE}")
    key = str(topic.kms_master_key_id or "")
    if key == "alias/aws/sns":
        raise AwsError("KMSAccessDenied", "the policy of AWS's own key does not admit CloudWatch")
    if key:
        named = key if key.startswith(("arn:", "alias/")) else f"key/{key}"
        arn = named if named.startswith("arn:") else f"arn:aws:kms:{parts[3]}:{parts[4]}:{named}"
        require_key_for(SERVICE, arn, alarm.alarm_arn)
    before = alarm.history[-1][3] if alarm.history else INSUFFICIENT
    message = _message(alarm, account, region, before, now)
    backend.publish(
        json.dumps(message),
        arn=action,
        subject=f'{alarm.state_value}: "{alarm.name}" in {region}'[:100],
    )


def _message(
    alarm: Moto, account: str, region: str, before: str, now: dt.datetime
) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": now.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "Region": region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic",
            "Statistic": (alarm.statistic or "").upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"name": one.name, "value": one.value} for one in alarm.dimensions],
            "Period": alarm.period,
            "EvaluationPeriods": alarm.evaluation_periods,
            "DatapointsToAlarm": alarm.datapoints_to_alarm,
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": alarm.threshold,
            "TreatMissingData": alarm.treat_missing_data or "missing",
        },
    }
