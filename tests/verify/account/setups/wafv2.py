"""Web ACLs: one that limits, logs and stands before a stage, and one that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.wafv2.models import wafv2_backends

Boto = Any  # boto3 knows services only as literals
_LOGS = "arn:aws:logs:us-west-2:123456789012:log-group:aws-waf-logs-orders"
_OWNER = [{"Key": "Owner", "Value": "security"}]


def _seen(name: str) -> dict[str, Any]:
    return {
        "SampledRequestsEnabled": False,
        "CloudWatchMetricsEnabled": True,
        "MetricName": name,
    }


def make(session: Boto) -> None:
    waf = session.client("wafv2")
    limit = {
        "Name": "rate",
        "Priority": 1,
        "Action": {"Block": {}},
        "Statement": {"RateBasedStatement": {"Limit": 331100, "AggregateKeyType": "IP"}},
        "VisibilityConfig": _seen("rate"),
    }
    arns = {
        name: waf.create_web_acl(
            Name=name,
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            Rules=rules,
            VisibilityConfig=_seen(name),
            Tags=_OWNER,
        )["Summary"]["ARN"]
        for name, rules in (("limited", [limit]), ("open", []))
    }
    waf.put_logging_configuration(
        LoggingConfiguration={
            "ResourceArn": arns["limited"],
            "LogDestinationConfigs": [_LOGS],
            "RedactedFields": [
                {"SingleHeader": {"Name": "authorization"}},
                {"SingleHeader": {"Name": "x-api-key"}},
            ],
        }
    )
    (api,) = session.client("apigateway").get_rest_apis()["items"]
    waf.associate_web_acl(
        WebACLArn=arns["limited"],
        ResourceArn=f"arn:aws:apigateway:{session.region_name}::/restapis/{api['id']}/stages/v1",
    )


def _resources(_send: Callable[[], dict[str, Any]], parameters: dict[str, Any]) -> dict[str, Any]:
    """Moto does not list them."""
    acls = wafv2_backends["123456789012"]["us-west-2"].wacls.values()
    (found,) = [one for one in acls if one.arn == parameters["WebACLArn"]]
    return {"ResourceArns": list(found.associated_resources)}


CORRECTED = {("wafv2", "list_resources_for_web_acl"): _resources}
