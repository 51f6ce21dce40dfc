"""Paths and methods of an API, with what stands before and behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import cdktn
from cdktn_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktn_provider_aws.api_gateway_gateway_response import ApiGatewayGatewayResponse
from cdktn_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktn_provider_aws.api_gateway_integration_response import ApiGatewayIntegrationResponse
from cdktn_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktn_provider_aws.api_gateway_method_response import ApiGatewayMethodResponse
from cdktn_provider_aws.api_gateway_model import ApiGatewayModel
from cdktn_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator
from cdktn_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktn_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from constructs import Construct

from revet.constructs.apigateway.declaration import Authorizer, Cors, Method, Model
from revet.constructs.arguments import check_items, refuse
from revet.constructs.context import Context

_SERVICE = "apigateway.amazonaws.com"
_WORD = re.compile(r"[^A-Za-z0-9]+")
_PARAMETER = re.compile(r"\{[^{}]*\}")
_PREFLIGHT = "method.response.header.Access-Control-Allow-"
_JSON = "application/json"


def check_methods(methods: object, context: Context) -> None:
    """Check the methods of an API.

    Args:
        methods: what was given.
        context: of the stack of the API.

    Raises:
        ArgumentError: none, one twice, two paths that API Gateway takes for one, or names that mean
            two things.
    """
    check_items("methods", methods, Method, "`apigateway.Method(…)` is one")
    if not isinstance(methods, list | tuple) or not methods:
        refuse("methods", methods, "at least one method", "say what the API offers")
    for method in methods:
        method.check(context)
    seen: set[str] = set()
    words: dict[str, str] = {}
    for method in methods:
        for path in _prefixes(method.path):
            if words.setdefault(_word(path), path) != path:
                refuse("methods", path, "paths that differ in letters or digits", "rename one")
        place = f"{method.http_method} {_PARAMETER.sub('{}', method.path)}"
        if place in seen:
            refuse("methods", place, "each method once", "leave one out")
        seen.add(place)
    _check_one_name([item.authorizer for item in methods if item.authorizer], "authorizer")
    _check_one_name([item.body for item in methods if item.body], "body")


def _check_one_name(items: Sequence[Authorizer | Model], what: str) -> None:
    named: dict[str, Authorizer | Model] = {}
    for item in items:
        if named.setdefault(item.name, item) != item:
            refuse(f"methods.{what}", item.name, "one thing under one name", "rename one")


def add_methods(
    scope: Construct,
    api: ApiGatewayRestApi,
    methods: Sequence[Method],
    stage_name: str,
    cors: Cors | None,
) -> list[cdktn.TerraformResource]:
    """Make paths, methods, authorizers, models and what answers a browser's question.

    Args:
        scope: the construct that holds them.
        api: whose methods they are.
        methods: checked.
        stage_name: of the one stage.
        cors: pages that may call it.

    Returns:
        What a deployment holds.
    """
    made = _Made(scope, api, stage_name)
    for method in methods:
        made.add(method)
    if cors is not None:
        for path in sorted({method.path for method in methods}):
            asked = sorted({item.http_method for item in methods if item.path == path})
            made.add_preflight(path, asked, cors)
        made.add_refusals(cors)
    return made.resources


class _Made:
    """What one API has so far; each path, model and authorizer once."""

    def __init__(self, scope: Construct, api: ApiGatewayRestApi, stage_name: str) -> None:
        self._scope = scope
        self._api = api
        self._stage_name = stage_name
        self._paths: dict[str, str] = {"": api.root_resource_id}
        self._authorizers: dict[str, ApiGatewayAuthorizer] = {}
        self._models: dict[str, ApiGatewayModel] = {}
        self.resources: list[cdktn.TerraformResource] = []
        self._validator = ApiGatewayRequestValidator(
            scope,
            "validator",
            rest_api_id=api.id,
            name="body-and-parameters",
            validate_request_body=True,
            validate_request_parameters=True,
        )
        self.resources.append(self._validator)

    def add(self, method: Method) -> None:
        """A method and the function behind it."""
        word = f"{method.http_method.lower()}-{_word(method.path)}"
        authorizer = None if method.authorizer is None else self._authorizer(method.authorizer)
        made = ApiGatewayMethod(
            self._scope,
            word,
            rest_api_id=self._api.id,
            resource_id=self._path(method.path),
            http_method=method.http_method,
            authorization="AWS_IAM" if authorizer is None else "CUSTOM",
            authorizer_id=None if authorizer is None else authorizer.id,
            api_key_required=True,
            request_validator_id=self._validator.id,
            request_models=None if method.body is None else {_JSON: self._model(method.body).name},
            request_parameters={f"method.request.{name}": True for name in method.required} or None,
        )
        path = _PARAMETER.sub("*", method.path)
        permission = method.function.allow_invoke_from(
            f"{self._scope.node.id}-{word}",
            service=_SERVICE,
            source_arn=(f"{self._api.execution_arn}/{self._stage_name}/{method.http_method}{path}"),
        )
        integration = ApiGatewayIntegration(
            self._scope,
            f"{word}-integration",
            rest_api_id=self._api.id,
            resource_id=made.resource_id,
            http_method=made.http_method,
            type="AWS_PROXY",
            integration_http_method="POST",
            uri=method.function.invoke_arn,
            depends_on=[permission],
        )
        self.resources += [made, integration]

    def add_preflight(self, path: str, asked: Sequence[str], cors: Cors) -> None:
        """What a browser asks before it sends, answered by API Gateway itself."""
        word = f"options-{_word(path)}"
        method = ApiGatewayMethod(
            self._scope,
            word,
            rest_api_id=self._api.id,
            resource_id=self._path(path),
            http_method="OPTIONS",
            authorization="NONE",
        )
        integration = ApiGatewayIntegration(
            self._scope,
            f"{word}-integration",
            rest_api_id=self._api.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            type="MOCK",
            request_templates={_JSON: '{"statusCode": 204}'},
        )
        headers = {
            "Headers": ",".join(cors.headers),
            "Methods": ",".join((*asked, "OPTIONS")),
            "Origin": cors.origin,
        }
        response = ApiGatewayMethodResponse(
            self._scope,
            f"{word}-response",
            rest_api_id=self._api.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            status_code="204",
            response_parameters={f"{_PREFLIGHT}{name}": True for name in headers},
        )
        answer = ApiGatewayIntegrationResponse(
            self._scope,
            f"{word}-answer",
            rest_api_id=self._api.id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            status_code=response.status_code,
            response_parameters={
                f"{_PREFLIGHT}{name}": f"'{value}'" for name, value in headers.items()
            },
            depends_on=[integration],
        )
        self.resources += [method, integration, response, answer]

    def add_refusals(self, cors: Cors) -> None:
        """A page may read why API Gateway refused its request."""
        for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
            made = ApiGatewayGatewayResponse(
                self._scope,
                kind.lower().replace("_", "-"),
                rest_api_id=self._api.id,
                response_type=kind,
                response_templates={_JSON: '{"message":$context.error.messageString}'},
                response_parameters={
                    "gatewayresponse.header.Access-Control-Allow-Origin": f"'{cors.origin}'"
                },
            )
            self.resources.append(made)

    def _path(self, path: str) -> str:
        parent = self._paths[""]
        for prefix in _prefixes(path):
            if prefix not in self._paths:
                made = ApiGatewayResource(
                    self._scope,
                    f"path-{_word(prefix)}",
                    rest_api_id=self._api.id,
                    parent_id=parent,
                    path_part=prefix.rpartition("/")[2],
                )
                self._paths[prefix] = made.id
                self.resources.append(made)
            parent = self._paths[prefix]
        return parent

    def _model(self, model: Model) -> ApiGatewayModel:
        if model.name not in self._models:
            made = ApiGatewayModel(
                self._scope,
                f"model-{model.name}",
                rest_api_id=self._api.id,
                name=model.name,
                content_type=_JSON,
                schema=model.text,
            )
            self._models[model.name] = made
            self.resources.append(made)
        return self._models[model.name]

    def _authorizer(self, authorizer: Authorizer) -> ApiGatewayAuthorizer:
        if authorizer.name not in self._authorizers:
            made = ApiGatewayAuthorizer(
                self._scope,
                f"authorizer-{authorizer.name}",
                rest_api_id=self._api.id,
                name=authorizer.name,
                type=authorizer.type,
                authorizer_uri=authorizer.function.invoke_arn,
                identity_source=f"method.request.header.{authorizer.header}",
                authorizer_result_ttl_in_seconds=authorizer.ttl,
            )
            authorizer.function.allow_invoke_from(
                f"{self._scope.node.id}-authorizer-{authorizer.name}",
                service=_SERVICE,
                source_arn=f"{self._api.execution_arn}/authorizers/{made.id}",
            )
            self._authorizers[authorizer.name] = made
            self.resources.append(made)
        return self._authorizers[authorizer.name]


def _prefixes(path: str) -> Iterator[str]:
    """`/orders` and `/orders/{id}` of `/orders/{id}`."""
    parts = path.split("/")[1:]
    return ("/" + "/".join(parts[: number + 1]) for number in range(len(parts)))


def _word(path: str) -> str:
    return _WORD.sub("-", path).strip("-")
