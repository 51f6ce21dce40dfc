"""REST APIs that are deployed and called, with functions behind them."""

from __future__ import annotations

import io
import json
import ssl
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Mapping
from http.client import HTTPMessage
from typing import Any, NamedTuple

import pytest

from revet.embedded import Daemon

Client = Callable[..., Any]
ACCOUNT = "123456789012"


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON value
        return json.loads(self.body)

    @property
    def message(self) -> Any:  # noqa: ANN401 - a JSON value
        return self.json["message"]

    @property
    def error(self) -> str:
        return str(self.headers.get("x-amzn-ErrorType"))


def send(
    daemon: Daemon,
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Got:
    """Send a request through the proxy, and return whatever is answered."""
    context = ssl.create_default_context(cafile=str(daemon.ca_path))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": daemon.url, "http": daemon.url}),
        urllib.request.HTTPSHandler(context=context),
    )
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310 - to the embedded AWS
    try:
        with opener.open(request, timeout=60) as answer:
            return Got(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, error.headers, error.read())


class Api:
    """A REST API that is made bit by bit.

    Args:
        daemon: that serves.
        client: makes clients.
        name: of the API and of what belongs to it.
    """

    def __init__(
        self,
        daemon: Daemon,
        client: Client,
        name: str,
        **settings: Any,  # noqa: ANN401 - of CreateRestApi
    ) -> None:
        self.daemon, self.client, self.name = daemon, client, name
        self.gateway = client("apigateway")
        settings.setdefault("endpointConfiguration", {"types": ["REGIONAL"]})
        self.id = self.gateway.create_rest_api(name=name, **settings)["id"]
        self.paths = {"/": self.gateway.get_resources(restApiId=self.id)["items"][0]["id"]}
        self.arn = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{self.id}"
        self.stage_arn = f"arn:aws:apigateway:us-east-1::/restapis/{self.id}/stages/v1"
        self.deployment = ""

    def path(self, path: str) -> str:
        """Id of a path, which is made if need be."""
        if path not in self.paths:
            parent, _, part = path.rpartition("/")
            made = self.gateway.create_resource(
                restApiId=self.id, parentId=self.path(parent or "/"), pathPart=part
            )
            self.paths[path] = made["id"]
        return self.paths[path]

    def place(self, path: str, method: str) -> dict[str, str]:
        return {"restApiId": self.id, "resourceId": self.path(path), "httpMethod": method}

    def method(
        self,
        path: str,
        method: str = "GET",
        **settings: Any,  # noqa: ANN401 - of PutMethod
    ) -> dict[str, str]:
        place = self.place(path, method)
        settings.setdefault("authorizationType", "NONE")
        self.gateway.put_method(**place, **settings)
        return place

    def mock(
        self,
        path: str,
        method: str = "GET",
        text: str = "{}",
        **settings: Any,  # noqa: ANN401 - of PutMethod
    ) -> None:
        """A method that API Gateway answers itself."""
        place = self.method(path, method, **settings)
        self.gateway.put_method_response(**place, statusCode="200")
        self.gateway.put_integration(
            **place,
            type="MOCK",
            requestTemplates=dict.fromkeys(
                ("application/json", "text/plain", "x/y"), '{"statusCode": 200}'
            ),
            passthroughBehavior="WHEN_NO_MATCH",
        )
        self.gateway.put_integration_response(
            **place, statusCode="200", responseTemplates={"application/json": text}
        )

    def proxy(
        self,
        path: str,
        method: str,
        function: str,
        **settings: Any,  # noqa: ANN401 - of PutMethod and PutIntegration
    ) -> None:
        """A method that a function answers."""
        kept = {
            name: settings.pop(name)
            for name in ("timeoutInMillis", "credentials")
            if name in settings
        }
        place = self.method(path, method, **settings)
        self.gateway.put_integration(
            **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri(function), **kept
        )

    def deploy(self, **settings: Any) -> None:  # noqa: ANN401 - of CreateStage
        self.deployment = self.gateway.create_deployment(restApiId=self.id)["id"]
        self.gateway.create_stage(
            restApiId=self.id, stageName="v1", deploymentId=self.deployment, **settings
        )

    def patch(self, *changes: tuple[str, str]) -> None:
        """Update the stage."""
        self.gateway.update_stage(
            restApiId=self.id,
            stageName="v1",
            patchOperations=[
                {"op": "replace", "path": path, "value": value} for path, value in changes
            ],
        )

    def url(self, path: str, stage: str = "v1") -> str:
        return f"https://{self.id}.execute-api.us-east-1.amazonaws.com/{stage}{path}"

    def get(self, path: str, **headers: str) -> Got:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return send(self.daemon, self.url(path), headers=named)

    def send(
        self,
        path: str,
        method: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        return send(self.daemon, self.url(path), method, headers, body)

    def function(self, name: str, code: str, *, permitted: str = "*", **settings: Any) -> str:  # noqa: ANN401 - of CreateFunction
        """A function that this API may call; its ARN."""
        full = f"{self.name}-{name}"
        trust = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        }
        role = self.client("iam").create_role(
            RoleName=full, AssumeRolePolicyDocument=json.dumps(trust)
        )["Role"]["Arn"]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.py", code)
        lambda_ = self.client("lambda")
        arn: str = lambda_.create_function(
            FunctionName=full,
            Runtime="python3.11",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": packed.getvalue()},
            **settings,
        )["FunctionArn"]
        if permitted:
            lambda_.add_permission(
                FunctionName=full,
                StatementId="api",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn=f"{self.arn}/{permitted}",
            )
        return arn

    def authorizer(
        self,
        function: str,
        **settings: Any,  # noqa: ANN401 - of CreateAuthorizer
    ) -> dict[str, Any]:
        """Settings of a method that an authorizer decides."""
        settings.setdefault("type", "REQUEST")
        settings.setdefault("identitySource", "method.request.header.Authorization")
        settings.setdefault("authorizerResultTtlInSeconds", 0)
        made = self.gateway.create_authorizer(
            restApiId=self.id, name="who", authorizerUri=uri(function), **settings
        )
        return {"authorizationType": "CUSTOM", "authorizerId": made["id"]}


def uri(function: str) -> str:
    return (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + function + "/invocations"
    )


@pytest.fixture
def new_api(request: pytest.FixtureRequest, daemon: Daemon, client: Client) -> Callable[..., Api]:
    """Makes an API with a name of its own."""

    def make(**settings: Any) -> Api:  # noqa: ANN401 - of CreateRestApi
        name = f"api-{zlib.crc32(request.node.name.encode()):x}"
        return Api(daemon, client, name, **settings)

    return make


@pytest.fixture
def api(new_api: Callable[..., Api]) -> Api:
    return new_api()
