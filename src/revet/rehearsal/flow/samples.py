"""Sample data that looks like the real thing, and is the same for the same seed.

Prices go a geometric random walk each, quantities are whole lots of which small ones are frequent,
and time goes on by exponential steps, as trades come.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import random
from collections.abc import Iterator, Mapping
from typing import Any

from revet.rehearsal.flow.definition import Field, Samples


def make_samples(kind: Samples) -> Iterator[Mapping[str, Any]]:
    """Samples without end.

    Args:
        kind: how they are made.

    Yields:
        Field to value: texts, integers and `Decimal`s.
    """
    drawn = random.Random(kind.seed)  # noqa: S311 - reproducible data, no secret
    prices: dict[tuple[str, str], float] = {}
    clocks: dict[str, dt.datetime] = {}
    while True:
        sample: dict[str, Any] = {}
        for name, how in kind.fields.items():
            sample[name] = _value(name, how, sample, drawn, prices, clocks)
        yield sample


def _value(
    name: str,
    how: Field,
    sample: Mapping[str, Any],
    drawn: random.Random,
    prices: dict[tuple[str, str], float],
    clocks: dict[str, dt.datetime],
) -> Any:  # noqa: ANN401 - what JSON holds
    if how.choice:
        return drawn.choice(how.choice)
    if how.walk:
        of = str(sample[how.by])
        before = prices.get((name, of), how.walk[of])
        after = before * math.exp(drawn.gauss(0.0, how.volatility))
        prices[name, of] = after
        step = decimal.Decimal(1).scaleb(-how.digits)
        return max(decimal.Decimal(after).quantize(step), step)
    if how.lots:
        return how.lots * min(1 + int(drawn.expovariate(0.5)), how.most)
    now = clocks.get(name) or dt.datetime.fromisoformat(how.start)
    clocks[name] = now + dt.timedelta(seconds=drawn.expovariate(1 / how.every))
    return clocks[name].isoformat(timespec="milliseconds")
