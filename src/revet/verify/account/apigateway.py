"""API Gateway: the stages and methods of an API, and how each is logged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.verify.api import readable
from revet.verify.readers import Draft, tagged

_STAGE = "aws_api_gateway_stage"
_SETTINGS = "aws_api_gateway_method_settings"
_METHOD = "aws_api_gateway_method"
_INTEGRATION = "aws_api_gateway_integration"
_ANSWER = "aws_api_gateway_integration_response"
_REFUSAL = "aws_api_gateway_gateway_response"
_POLICY = "aws_api_gateway_rest_api_policy"
_SETTING = {
    "cache_data_encrypted": "cacheDataEncrypted",
    "cache_ttl_in_seconds": "cacheTtlInSeconds",
    "caching_enabled": "cachingEnabled",
    "data_trace_enabled": "dataTraceEnabled",
    "metrics_enabled": "metricsEnabled",
    "require_authorization_for_cache_control": "requireAuthorizationForCacheControl",
    "throttling_burst_limit": "throttlingBurstLimit",
    "throttling_rate_limit": "throttlingRateLimit",
    "unauthorized_cache_control_header_strategy": "unauthorizedCacheControlHeaderStrategy",
}
"""Settings that API Gateway always answers, by the provider's names."""


def aws_api_gateway_account(one: Draft) -> None:
    """The id that the provider gives to the only one. Source: hashicorp/aws 5.100.0."""
    one.id = one.values["id"] = "api-gateway-account"


def aws_api_gateway_domain_name(one: Draft) -> None:
    """Its ARN, which API Gateway answers of nothing."""
    _name(one, "domainnames")


def aws_api_gateway_usage_plan(one: Draft) -> None:
    """Its ARN."""
    _name(one, "usageplans")


def _name(one: Draft, kind: str) -> None:
    """Source: API Gateway developer guide, "Amazon API Gateway ARN reference"."""
    place = f"arn:{one.item['partition']}:apigateway:{one.region}"
    one.values["arn"] = f"{place}::/{kind}/{one.id}"


def aws_api_gateway_rest_api(one: Draft) -> Iterator[Observed]:
    """Its policy, answered as a text within a text, its stages, methods and what they answer."""
    _name(one, "restapis")
    place = f"arn:{one.item['partition']}:execute-api:{one.region}:{one.item['account']}"
    one.values["execution_arn"] = f"{place}:{one.id}"
    policy = one.item.get("policy")
    if policy:
        said = {"id": one.id, "rest_api_id": one.id, "policy": json.loads(f'"{policy}"')}
        yield Observed(_POLICY, one.id, said, one.region)
    yield from _listed(one, (_STAGE, _SETTINGS), lambda: _stages(one))
    yield from _listed(one, (_METHOD, _INTEGRATION, _ANSWER), lambda: _methods(one))
    yield from _listed(one, (_REFUSAL,), lambda: _refusals(one))


def _listed(
    one: Draft, kinds: tuple[str, ...], read: Callable[[], Iterator[Observed]]
) -> Iterator[Observed]:
    found = readable(lambda: list(read()))
    if isinstance(found, list):
        yield from found
        return
    for kind in kinds:
        yield Observed(kind, EVERY, {}, one.region, found)


def _stages(one: Draft) -> Iterator[Observed]:
    for stage in one.ask("GetStages", restApiId="{id}")["item"]:
        name = stage["stageName"]
        log = stage.get("accessLogSettings")
        values = {
            "id": f"ags-{one.id}-{name}",
            "rest_api_id": one.id,
            "stage_name": name,
            "arn": f"{one.values['arn']}/stages/{name}",
            "web_acl_arn": stage.get("webAclArn", ""),
            "access_log_settings": [
                {"destination_arn": log["destinationArn"], "format": log.get("format", "")}
            ]
            if log
            else [],
            **tagged(stage.get("tags")),
        }
        yield Observed(_STAGE, str(values["id"]), values, one.region)
        for path, settings in stage.get("methodSettings", {}).items():
            yield _settings(one, name, path, settings)


def _settings(one: Draft, stage: str, path: str, settings: Mapping[str, Any]) -> Observed:
    values = {
        "id": f"{one.id}-{stage}-{path}",
        "rest_api_id": one.id,
        "stage_name": stage,
        "method_path": path,
        "settings": [
            {
                "logging_level": settings.get("loggingLevel", ""),
                **{name: settings[member] for name, member in _SETTING.items()},
            }
        ],
    }
    return Observed(_SETTINGS, str(values["id"]), values, one.region)


def _methods(one: Draft) -> Iterator[Observed]:
    for resource in one.ask("GetResources", restApiId="{id}", embed=["methods"])["items"]:
        for verb, method in resource.get("resourceMethods", {}).items():
            values = {
                "id": f"agm-{one.id}-{resource['id']}-{verb}",
                "rest_api_id": one.id,
                "resource_id": resource["id"],
                "http_method": verb,
                "authorization": method["authorizationType"],
                "authorizer_id": method.get("authorizerId", ""),
                "api_key_required": method["apiKeyRequired"],
            }
            yield Observed(_METHOD, str(values["id"]), values, one.region)
            behind = method.get("methodIntegration")
            if behind:
                said = {
                    name: values[name] for name in ("rest_api_id", "resource_id", "http_method")
                }
                said |= {"id": f"agi-{one.id}-{resource['id']}-{verb}", "type": behind["type"]}
                yield Observed(_INTEGRATION, said["id"], said, one.region)
                yield from _answers(one.region, said, behind)


def _answers(
    region: str, integration: Mapping[str, Any], behind: Mapping[str, Any]
) -> Iterator[Observed]:
    """What API Gateway makes of what an integration answers."""
    ends = {name: integration[name] for name in ("rest_api_id", "resource_id", "http_method")}
    for status, answer in behind.get("integrationResponses", {}).items():
        own = f"agir-{'-'.join(ends.values())}-{status}"
        values = {"id": own, **ends, "status_code": status, **_headers(answer)}
        yield Observed(_ANSWER, own, values, region)


def _refusals(one: Draft) -> Iterator[Observed]:
    """What API Gateway answers by itself; without the answers that are AWS's defaults."""
    said = one.ask("GetGatewayResponses", restApiId="{id}")
    for answer in said.get("items", ()):
        if not answer.get("defaultResponse"):
            kind = answer["responseType"]
            own = f"aggr-{one.id}-{kind}"
            values = {"id": own, "rest_api_id": one.id, "response_type": kind, **_headers(answer)}
            yield Observed(_REFUSAL, own, values, one.region)


def _headers(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "response_parameters": answer.get("responseParameters") or {},
        "response_templates": answer.get("responseTemplates") or {},
    }
