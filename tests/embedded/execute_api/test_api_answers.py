"""Stages answer as they were deployed, and refuse with AWS's words what is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import Api, send
from tests.embedded.wire import raw

from revet.embedded import Daemon, start_daemon, stop_daemon

New = Callable[..., Api]
FORBIDDEN = (403, "ForbiddenException", "Forbidden")
MISSING = (403, "MissingAuthenticationTokenException", "Missing Authentication Token")


def test_what_is_there_answers_and_the_rest_is_refused(api: Api) -> None:
    api.mock("/orders/{id}", text='{"id": "$context.resourcePath", "at": "$context.stage"}')
    api.mock("/orders/{id}", "ANY", text='{"any": "$context.httpMethod"}')
    api.mock("/only", "POST")
    api.deploy()
    assert api.get("/orders/7").json == {"id": "/orders/{id}", "at": "v1"}
    assert api.get("/orders/7/").status == 200
    assert api.send("/orders/7", "DELETE").json == {"any": "DELETE"}
    for path in ("/nothing", "/orders", "", "/", "/only"):
        got = api.get(path)
        assert (got.status, got.error, got.message) == MISSING, path
    for url in (
        api.url("/orders/7", "v2"),
        api.url("", ""),
        "https://abcdef1234.execute-api.us-east-1.amazonaws.com/v1/orders/7",
        api.url("/orders/7").replace("us-east-1", "eu-west-1"),
        api.url("/orders/7").replace("https", "http"),
    ):
        got = send(api.daemon, url)
        assert (got.status, got.error, got.message) == FORBIDDEN, url


def test_changes_show_when_they_are_deployed(api: Api) -> None:
    api.mock("/a", text='{"version": 1}')
    api.deploy()
    place = api.place("/a", "GET")
    api.gateway.put_integration_response(
        **place, statusCode="200", responseTemplates={"application/json": '{"version": 2}'}
    )
    api.mock("/b")
    assert api.get("/a").json == {"version": 1}
    assert api.get("/b").status == 403
    api.gateway.delete_method(**place)
    made = api.gateway.create_deployment(restApiId=api.id)["id"]
    assert api.get("/b").status == 403
    api.patch(("/deploymentId", made))
    assert (api.get("/a").status, api.get("/b").status) == (403, 200)


def test_a_deployment_to_a_stage_keeps_its_settings(api: Api) -> None:
    api.mock("/a", text='{"x": "$stageVariables.colour"}')
    api.deploy(variables={"colour": "red"})
    api.patch(("/*/*/logging/loglevel", "INFO"))
    api.mock("/b")
    api.gateway.create_deployment(restApiId=api.id, stageName="v1")
    assert (api.get("/b").status, api.get("/a").json) == (200, {"x": "red"})
    stage = api.gateway.get_stage(restApiId=api.id, stageName="v1")
    assert stage["methodSettings"]["*/*"]["loggingLevel"] == "INFO"


@pytest.mark.parametrize(
    "settings",
    [{"disableExecuteApiEndpoint": True}, {"endpointConfiguration": {"types": ["PRIVATE"]}}],
    ids=["disabled", "private"],
)
def test_an_api_that_is_not_reached_by_its_host(new_api: New, settings: dict[str, Any]) -> None:
    api = new_api(**settings)
    api.mock("/a")
    api.deploy()
    got = api.get("/a")
    assert (got.status, got.error, got.message) == FORBIDDEN


def test_a_domain_name_leads_to_stages(new_api: New) -> None:
    api = new_api(disableExecuteApiEndpoint=True)
    api.mock("/a", text='{"host": "$context.domainName"}')
    api.deploy()
    host = f"{api.name}.example.com"
    api.gateway.create_domain_name(
        domainName=host,
        regionalCertificateArn="arn:aws:acm:us-east-1:123456789012:certificate/x",
        endpointConfiguration={"types": ["REGIONAL"]},
    )
    assert send(api.daemon, f"https://{host}/a").status == 403
    mapping = {"domainName": host, "restApiId": api.id}
    api.gateway.create_base_path_mapping(**mapping, basePath="shop", stage="v1")
    assert send(api.daemon, f"https://{host}/shop/a").json == {"host": host}
    assert send(api.daemon, f"https://{host}/a").status == 403
    api.gateway.create_base_path_mapping(**mapping)
    assert send(api.daemon, f"https://{host}/v1/a").json == {"host": host}


def test_a_browser_is_told_what_it_may(api: Api) -> None:
    place = api.method("/a", "OPTIONS")
    prefix = "method.response.header.Access-Control-Allow-"
    values = {"Origin": "'https://app.example.com'", "Methods": "'GET,OPTIONS'"}
    api.gateway.put_method_response(
        **place, statusCode="204", responseParameters={f"{prefix}{name}": True for name in values}
    )
    api.gateway.put_integration(
        **place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'}
    )
    api.gateway.put_integration_response(
        **place,
        statusCode="204",
        responseParameters={f"{prefix}{name}": value for name, value in values.items()},
    )
    api.deploy()
    got = api.send("/a", "OPTIONS", headers={"Origin": "https://app.example.com"})
    assert (got.status, got.body) == (204, b"")
    assert got.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert got.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"


def test_refusals_look_as_the_api_has_them(api: Api) -> None:
    api.mock("/a", apiKeyRequired=True)
    api.mock("/b")
    gateway = {"restApiId": api.id}
    api.gateway.put_gateway_response(
        **gateway,
        responseType="MISSING_AUTHENTICATION_TOKEN",
        statusCode="404",
        responseTemplates={"application/json": '{"nothing": "$context.path"}'},
    )
    api.gateway.put_gateway_response(
        **gateway,
        responseType="DEFAULT_4XX",
        responseParameters={
            "gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'",
            "gatewayresponse.header.X-Request": "context.requestId",
            "gatewayresponse.header.X-Echo": "method.request.header.Echo",
        },
        responseTemplates={
            "application/json": '{"message":$context.error.messageString,'
            '"kind":"$context.error.responseType"}'
        },
    )
    api.deploy()
    got = api.get("/x")
    assert (got.status, got.json) == (404, {"nothing": "/v1/x"})
    got = api.get("/a", Echo="here")
    assert (got.status, got.json) == (403, {"message": "Forbidden", "kind": "INVALID_API_KEY"})
    assert got.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert got.headers["X-Request"] == got.headers["x-amzn-RequestId"]
    assert got.headers["X-Echo"] == "here"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"type": "HTTP", "uri": "https://example.com/"}, "type HTTP"),
        ({"type": "HTTP_PROXY", "uri": "https://example.com/"}, "type HTTP_PROXY"),
        (
            {
                "type": "AWS",
                "uri": "arn:aws:apigateway:us-east-1:sqs:path/123456789012/q",
                "credentials": "arn:aws:iam::123456789012:role/x",
            },
            "type AWS",
        ),
        (
            {
                "type": "AWS_PROXY",
                "uri": "arn:aws:apigateway:us-east-1:sqs:action/SendMessage",
                "credentials": "arn:aws:iam::123456789012:role/x",
            },
            "sqs:action",
        ),
        (
            {
                "type": "MOCK",
                "requestTemplates": {"application/json": '#set($a = 1){"statusCode": 200}'},
            },
            "templates",
        ),
        (
            {
                "type": "MOCK",
                "requestTemplates": {"application/json": "{\"statusCode\": $input.path('$.a')}"},
            },
            "templates",
        ),
    ],
    ids=["http", "http proxy", "aws", "another service", "directive", "input"],
)
def test_what_is_not_run_is_refused_by_name(api: Api, settings: dict[str, Any], named: str) -> None:
    place = api.method("/a")
    api.gateway.put_method_response(**place, statusCode="200")
    api.gateway.put_integration(**place, integrationHttpMethod="POST", **settings)
    api.deploy()
    got = api.get("/a")
    assert (got.status, got.error) == (500, "EmbeddedAwsNotImplemented")
    assert got.message.startswith("the embedded AWS does not run ")
    assert named in got.message
    faults = [one["message"] for one in api.daemon.internal_errors() if api.id in one["message"]]
    assert faults
    assert not [one for one in api.daemon.not_delivered() if "example.com" in one["message"]]


def test_apis_of_another_kind_are_refused_by_name(
    daemon: Daemon, client: Callable[..., Any]
) -> None:
    made = client("apigatewayv2").create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    got = send(daemon, f"https://{made}.execute-api.us-east-1.amazonaws.com/x")
    assert (got.status, got.error) == (500, "EmbeddedAwsNotImplemented")


def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    api.mock("/a", "POST")
    api.deploy()
    headers = {"Content-Type": "application/json"}
    assert api.send("/a", "POST", b"1" * 10 * 1024 * 1024, headers).status == 200
    got = api.send("/a", "POST", b"1" * (10 * 1024 * 1024 + 1), headers)
    assert (got.status, got.message) == (413, "Request Too Long")


def test_media_types_that_a_mock_does_not_take(api: Api) -> None:
    api.mock("/a", "POST")
    api.gateway.update_integration(
        **api.place("/a", "POST"),
        patchOperations=[{"op": "replace", "path": "/passthroughBehavior", "value": "NEVER"}],
    )
    api.deploy()
    got = api.send("/a", "POST", b"x", {"Content-Type": "text/html"})
    assert (got.status, got.message) == (415, "Unsupported Media Type")
    got = api.send("/a", "POST", b"x", {"Content-Type": "application/json; charset=utf-8"})
    assert got.status == 200


def test_calls_are_not_events_of_cloudtrail_and_head_has_no_body(api: Api) -> None:
    api.mock("/a", "HEAD", text='{"a": 1}')
    api.deploy()
    host = api.url("").split("/")[2]
    before = len(api.daemon.calls())
    status, rest = raw(api.daemon, host, "HEAD /v1/a HTTP/1.1")
    assert status == 200
    assert rest.endswith("\r\n\r\n")
    assert len(api.daemon.calls()) == before


def test_a_stage_survives_a_restart(state: Path, client_for: Callable[..., Any]) -> None:
    first = start_daemon(state)
    api = Api(first, lambda service: client_for(first, service), "kept")
    api.mock("/a", text='{"kept": true}')
    api.deploy()
    stop_daemon(state)
    api.daemon = start_daemon(state)
    assert api.get("/a").json == {"kept": True}
