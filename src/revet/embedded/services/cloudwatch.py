"""CloudWatch: alarms begin without data, and keep their state when they are put again.

moto makes them `OK`, and makes a new one at every PutMetricAlarm. (Amazon CloudWatch User Guide,
"Using Amazon CloudWatch alarms": a new alarm is in `INSUFFICIENT_DATA`; API reference,
`PutMetricAlarm`: "when you update an existing alarm, its state is left unchanged".)
"""

from __future__ import annotations

from collections.abc import Callable

from moto.cloudwatch.models import CloudWatchBackend

from revet.embedded.call import Moto
from revet.embedded.log_delivery.alarms import INSUFFICIENT
from revet.embedded.patching import replace

_STATE = (
    "state_value",
    "state_reason",
    "state_reason_data",
    "state_updated_timestamp",
    "history",
)


def install() -> None:
    """Put the change in place."""
    replace(CloudWatchBackend, "put_metric_alarm", _put)


def _put(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def put_metric_alarm(self: Moto, name: str, *more: Moto, **named: Moto) -> Moto:
        before = self.alarms.get(name)
        made = original(self, name, *more, **named)
        if before is None:
            made.state_value = INSUFFICIENT
        else:
            made.__dict__.update({part: getattr(before, part) for part in _STATE})
        return made

    return put_metric_alarm
