"""An API with a stage, a plan and a domain."""

from __future__ import annotations

import json
from typing import Any

from revet.embedded.services.apigateway import stand_in_for_validator

Boto = Any  # boto3 knows services only as literals
_LOGS = "arn:aws:logs:us-west-2:123456789012:log-group:access"
_CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/1"
SITE = "https://app.example.com"
_OWNER = {"Owner": "security"}


def make(session: Boto) -> None:
    stand_in_for_validator()
    gateway = session.client("apigateway")
    api = gateway.create_rest_api(name="orders", tags=_OWNER)["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    path = gateway.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
    for method, authorization, keyed in (("POST", "AWS_IAM", True), ("GET", "NONE", False)):
        place = {"restApiId": api, "resourceId": path, "httpMethod": method}
        gateway.put_method(**place, authorizationType=authorization, apiKeyRequired=keyed)
        gateway.put_integration(**place, type="MOCK")
        gateway.put_integration_response(**place, statusCode="200", responseTemplates={})
    _answer_browsers(gateway, api, path)
    deployed = gateway.create_deployment(restApiId=api)["id"]
    for stage, level, trace in (("v1", "INFO", "false"), ("v2", "INFO", "true")):
        gateway.create_stage(restApiId=api, stageName=stage, deploymentId=deployed, tags=_OWNER)
        settings = {
            "/accessLogSettings/destinationArn": _LOGS,
            "/accessLogSettings/format": "$context.requestId",
            "/*/*/logging/loglevel": level,
            "/*/*/logging/dataTrace": trace,
        }
        gateway.update_stage(
            restApiId=api,
            stageName=stage,
            patchOperations=[
                {"op": "replace", "path": path, "value": value} for path, value in settings.items()
            ],
        )
    gateway.create_usage_plan(
        name="orders",
        apiStages=[{"apiId": api, "stage": "v1"}],
        throttle={"rateLimit": 1000.0, "burstLimit": 2000},
        tags=_OWNER,
    )
    for name, origin in (("site", SITE), ("everybody", "*")):
        session.client("apigatewayv2").create_api(
            Name=name,
            ProtocolType="HTTP",
            CorsConfiguration={"AllowOrigins": [origin]},
            Tags=_OWNER,
        )
    _set_account(session)
    for name, policy in (("new.example.com", "TLS_1_2"), ("old.example.com", "TLS_1_0")):
        gateway.create_domain_name(
            domainName=name,
            regionalCertificateArn=_CERTIFICATE,
            endpointConfiguration={"types": ["REGIONAL"]},
            securityPolicy=policy,
            tags=_OWNER,
        )


def _answer_browsers(gateway: Boto, api: str, path: str) -> None:
    """A preflight for one site, and refusals of which one is for the pages of everybody."""
    place = {"restApiId": api, "resourceId": path, "httpMethod": "OPTIONS"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK")
    header = "header.Access-Control-Allow-Origin"
    site = f"'{SITE}'"
    gateway.put_integration_response(
        **place, statusCode="204", responseParameters={f"method.response.{header}": site}
    )
    for kind, origin in (("DEFAULT_4XX", site), ("DEFAULT_5XX", "'*'")):
        gateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            responseParameters={f"gatewayresponse.{header}": origin},
        )


def _set_account(session: Boto) -> None:
    """A role that writes the logs of stages."""
    iam = session.client("iam")
    service = {"Service": "apigateway.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="api-logs", AssumeRolePolicyDocument=_document(trust))
    push = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    iam.put_role_policy(RoleName="api-logs", PolicyName="push", PolicyDocument=_document(push))
    session.client("apigateway").update_account(
        patchOperations=[
            {"op": "replace", "path": "/cloudwatchRoleArn", "value": role["Role"]["Arn"]}
        ]
    )


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
