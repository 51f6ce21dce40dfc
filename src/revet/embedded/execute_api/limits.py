"""Rates and quotas: token buckets of plans and stages, and counts of each period.

Buckets are of this run; counts of quotas are kept with the API's state.

Source: Amazon API Gateway Developer Guide, "Throttle requests to your REST APIs" (token bucket;
plan, then method or stage, then account), "Usage plans and API keys for REST APIs"; API reference,
`QuotaSettings` (`offset`: "the number of requests subtracted from the given limit in the initial
time period").
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from revet.embedded.call import Moto
from revet.embedded.changes import touch
from revet.embedded.execute_api.refused import RefusedError

_USAGE = "revet_usage"
_MOST = 10_000
Clock = Callable[[], float]


class Limits:
    """The token buckets of one run.

    Args:
        clock: seconds, which never go back.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, ...], tuple[float, float]] = {}

    def take(self, bucket: tuple[str, ...], rate: float, burst: float) -> bool:
        """Take one token; whether there was one.

        Args:
            bucket: of which.
            rate: tokens that come each second.
            burst: tokens that it holds.
        """
        with self._lock:
            now = self._clock()
            if len(self._buckets) > _MOST:
                self._buckets.clear()  # a bucket that is not there is full
            held, since = self._buckets.get(bucket, (burst, now))
            held = min(burst, held + (now - since) * rate)
            allowed = held >= 1
            self._buckets[bucket] = (held - 1 if allowed else held, now)
        return allowed


def require_rate(
    limits: Limits, bucket: tuple[str, ...], settings: Mapping[str, Any], names: tuple[str, str]
) -> None:
    """Go on when a limit leaves room.

    Args:
        limits: the buckets.
        bucket: of which.
        settings: that hold rate and burst; without them there is no limit.
        names: of rate and burst in the settings.

    Raises:
        RefusedError: too many requests came.
    """
    rate, burst = (settings.get(name) for name in names)
    if rate is None and burst is None:
        return
    per_second = float(burst or 0 if rate is None else rate)
    most = max(per_second, 1.0) if burst is None else float(burst)
    if min(per_second, most) < 0:
        return  # -1: no limit of its own
    if not limits.take(bucket, per_second, most):
        raise RefusedError("THROTTLED", why=f"rate {rate}, burst {burst} of {'/'.join(bucket)}")


def count_in_quota(
    backend: Moto, plan: str, key: str, quota: Mapping[str, Any], now: dt.datetime
) -> None:
    """Count one request of a key in its plan's quota.

    Args:
        backend: moto's API Gateway.
        plan: id of it.
        key: id of the API key.
        quota: of the plan; empty without one.
        now: the current moment.

    Raises:
        RefusedError: the quota is used up.
    """
    if not quota.get("limit"):
        return
    touch(backend)
    usage: dict[str, dict[str, int]] = backend.__dict__.setdefault(_USAGE, {})
    counted = usage.setdefault(f"{plan}/{key}", {})
    period = _period(str(quota.get("period") or "DAY"), now)
    first = min([*counted, period])
    limit = int(quota["limit"]) - (int(quota.get("offset") or 0) if period == first else 0)
    if counted.get(period, 0) >= limit:
        raise RefusedError("QUOTA_EXCEEDED", why=f"{limit} requests of the usage plan {plan}")
    counted[period] = counted.get(period, 0) + 1


def _period(kind: str, now: dt.datetime) -> str:
    """The first day of the period that a moment is in, in UTC."""
    day = now.astimezone(dt.UTC).date()
    if kind == "WEEK":
        day -= dt.timedelta(days=day.isoweekday() % 7)
    elif kind == "MONTH":
        day = day.replace(day=1)
    return day.isoformat()
