"""What CloudWatch counts of an API.

Source: Amazon API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics": of each
stage always, of each method where its settings say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from moto.cloudwatch.models import cloudwatch_backends

from revet.embedded.execute_api.requests import Exchange

_NAMESPACE = "AWS/ApiGateway"


def put_metrics(exchange: Exchange, name: str) -> None:
    """Put the metrics of one request.

    Args:
        exchange: the request, answered.
        name: of the API.
    """
    variables = exchange.variables
    hundreds = int(variables["status"]) // 100
    values: dict[str, tuple[float, str]] = {
        "Count": (1, "Count"),
        "4XXError": (float(hundreds == 4), "Count"),  # noqa: PLR2004 - 400 to 499
        "5XXError": (float(hundreds == 5), "Count"),  # noqa: PLR2004 - 500 to 599
        "Latency": (float(variables["responseLatency"]), "Milliseconds"),
    }
    if "integrationLatency" in variables:
        latency = float(variables["integrationLatency"])
        values["IntegrationLatency"] = (latency, "Milliseconds")
    stage = {"ApiName": name, "Stage": exchange.stage_name}
    method = {
        **stage,
        "Method": exchange.incoming.method,
        "Resource": exchange.resource_path,
    }
    _, settings = exchange.method_settings()
    detailed = bool(settings.get("metricsEnabled")) and exchange.method is not None
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    backend = cloudwatch_backends[exchange.account][exchange.region]
    places: list[Mapping[str, str]] = [{"ApiName": name}, stage, *([method] if detailed else [])]
    for place in places:
        dimensions = [{"Name": key, "Value": text} for key, text in place.items()]
        data = [
            {
                "MetricName": metric,
                "Value": value,
                "Unit": unit,
                "Timestamp": now,
                "Dimensions": dimensions,
            }
            for metric, (value, unit) in values.items()
        ]
        backend.put_metric_data(_NAMESPACE, data)
