"""A metric, as alarms name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from revet.constructs.arguments import check_text, refuse


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of CloudWatch; its namespace, name and dimensions identify it.

    Args:
        namespace: `AWS/Lambda`, or one's own.
        name: `Errors` for example.
        dimensions: name to value.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Check the three against CloudWatch's limits.

        Source: CloudWatch API reference, `PutMetricAlarm`.

        Raises:
            ArgumentError: one of them is outside its limits.
        """
        check_text("metric.namespace", self.namespace, 1, 255, "name the namespace")
        check_text("metric.name", self.name, 1, 255, "name the metric")
        _check_dimensions(self.dimensions)


def _check_dimensions(given: object) -> None:
    known = isinstance(given, Mapping) and all(
        isinstance(text, str) and text for item in given.items() for text in item
    )
    if not known:
        refuse("metric.dimensions", given, "names and texts", 'write `{"FunctionName": "…"}`')
