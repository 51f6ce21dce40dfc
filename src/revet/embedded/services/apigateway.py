"""API Gateway: what is deployed and updated is kept as it was sent.

moto's module for it does not load without a validator of OpenAPI documents, which ImportRestApi and
PutRestApi alone need. A stand-in takes its place: an API that is made of such a document is
answered with an error that says so, and nothing is installed for what no stack of ours does.

moto has no update of methods, integrations, resources, models, responses, deployments and domain
names; those that it has drop what they do not know. All are replaced (`patch_operations`). Client
certificates are added, and tags of everything that can have them.

Source: API Gateway API reference.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.patch_operations import Field, Fields, flag, number, patch, unescape
from revet.embedded.patching import replace
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.wire_error import AwsError

_JSON = {"Content-Type": "application/json"}
_CERTIFICATES = "revet_client_certificates"
_VALID = dt.timedelta(days=365)
_VALIDATOR = "openapi_spec_validator"
_NOT_FOUND = 404
_TEXTS: Mapping[str, Callable[[str], Any]] = {}
_FLAGS: Mapping[str, Callable[[str], Any]] = {"": flag}


def _stage_of(text: str) -> dict[str, str]:
    api, _, stage = text.partition(":")
    return {"apiId": api, "stage": stage}


def _texts(*names: str, **other: str) -> dict[str, Field]:
    return {name: Field(name) for name in names} | {
        path: Field(attribute) for path, attribute in other.items()
    }


FIELDS: Mapping[str, Fields] = {
    "RestApi": {
        **_texts("name", "description", "policy", "version", apiKeySource="api_key_source"),
        "binaryMediaTypes": Field("binaryMediaTypes", listed=True),
        "disableExecuteApiEndpoint": Field("disableExecuteApiEndpoint", flag),
        "minimumCompressionSize": Field("minimum_compression_size", number),
    },
    "Resource": _texts(pathPart="path_part", parentId="parent_id"),
    "Method": {
        **_texts(
            authorizationType="authorization_type",
            authorizerId="authorizer_id",
            operationName="operation_name",
            requestValidatorId="request_validator_id",
        ),
        "apiKeyRequired": Field("api_key_required", flag),
        "authorizationScopes": Field("authorization_scopes", listed=True),
        "requestModels": Field("request_models", inside=_TEXTS),
        "requestParameters": Field("request_parameters", inside=_FLAGS),
    },
    "MethodResponse": {
        "responseModels": Field("response_models", inside=_TEXTS),
        "responseParameters": Field("response_parameters", inside=_FLAGS),
    },
    "Integration": {
        **_texts(
            "uri",
            "credentials",
            httpMethod="http_method",
            passthroughBehavior="passthrough_behaviour",
            cacheNamespace="cache_namespace",
            contentHandling="content_handling",
            connectionType="connection_type",
        ),
        "timeoutInMillis": Field("timeout_in_millis", number),
        "cacheKeyParameters": Field("cache_key_parameters", listed=True),
        "requestParameters": Field("request_parameters", inside=_TEXTS),
        "requestTemplates": Field("request_templates", inside=_TEXTS),
        "tlsConfig": Field("tls_config", inside=_FLAGS),
    },
    "IntegrationResponse": {
        **_texts(selectionPattern="selection_pattern", contentHandling="content_handling"),
        "responseParameters": Field("response_parameters", inside=_TEXTS),
        "responseTemplates": Field("response_templates", inside=_TEXTS),
    },
    "GatewayResponse": {
        **_texts(statusCode="status_code"),
        "responseParameters": Field("response_parameters", inside=_TEXTS),
        "responseTemplates": Field("response_templates", inside=_TEXTS),
    },
    "Model": _texts("description", "schema"),
    "Authorizer": {
        **_texts(
            "name",
            "type",
            authType="auth_type",
            authorizerUri="authorizer_uri",
            authorizerCredentials="authorizer_credentials",
            identitySource="identity_source",
            identityValidationExpression="identity_validation_expression",
        ),
        "authorizerResultTtlInSeconds": Field("authorizer_result_ttl", number),
        "providerARNs": Field("provider_arns", listed=True),
    },
    "RequestValidator": {
        **_texts("name"),
        "validateRequestBody": Field("validate_request_body", flag),
        "validateRequestParameters": Field("validate_request_parameters", flag),
    },
    "Deployment": _texts("description"),
    "ApiKey": {
        **_texts("name", "description", customerId="customer_id"),
        "enabled": Field("enabled", flag),
    },
    "UsagePlan": {
        **_texts("name", "description", productCode="product_code"),
        "apiStages": Field("api_stages", _stage_of, listed=True),
        "quota": Field("quota", inside={"limit": int, "offset": int}),
        "throttle": Field("throttle", inside={"rateLimit": float, "burstLimit": int}),
    },
    "DomainName": _texts(
        certificateName="certificate_name",
        certificateArn="certificate_arn",
        regionalCertificateName="regional_certificate_name",
        regionalCertificateArn="regional_certificate_arn",
        securityPolicy="security_policy",
    ),
    "ClientCertificate": _texts("description"),
    "Stage": {
        **_texts("description", deploymentId="deployment_id", clientCertificateId="revet_client"),
        "tracingEnabled": Field("tracing_enabled", flag),
        "cacheClusterEnabled": Field("cache_cluster_enabled", flag),
        "cacheClusterSize": Field("cache_cluster_size"),
        "variables": Field("variables", inside=_TEXTS),
        "accessLogSettings": Field("access_log_settings", inside=_TEXTS),
    },
}
"""Kind of object to the paths that its updates know."""


class ClientCertificate:
    """What API Gateway shows to a backend.

    Args:
        certificate_id: ten letters and digits.
        description: as it was given.
        tags: as they were given.
    """

    def __init__(self, certificate_id: str, description: str | None, tags: dict[str, str]) -> None:
        self.id = certificate_id
        self.description = description
        self.tags = tags
        self.created = dt.datetime.now(dt.UTC)
        self.pem = _self_signed(certificate_id, self.created)

    def to_json(self) -> dict[str, Any]:
        """As the API shows it."""
        shown = {
            "clientCertificateId": self.id,
            "description": self.description,
            "pemEncodedCertificate": self.pem,
            "createdDate": self.created.timestamp(),
            "expirationDate": (self.created + _VALID).timestamp(),
            "tags": self.tags,
        }
        return {name: value for name, value in shown.items() if value is not None}


def _self_signed(name: str, now: dt.datetime) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def install() -> None:
    """Put the changes in place."""
    stand_in_for_validator()
    from moto.apigateway.models import RestAPI, Stage  # noqa: PLC0415 - after the stand-in

    replace(RestAPI, "to_dict", _with_escaped_policy)
    replace(RestAPI, "update_integration_mocks", lambda _: _mock_nothing)
    replace(Stage, "to_json", _with_certificate)
    for kind in FIELDS:
        OWN_OPERATIONS["apigateway", f"Update{kind}"] = _serve(_update(kind))
    own: Mapping[str, Callable[[Call, Moto], Any]] = {
        "ImportRestApi": _no_documents,
        "PutRestApi": _no_documents,
        "GenerateClientCertificate": _generate_certificate,
        "GetClientCertificate": lambda call, backend: _certificate(call, backend).to_json(),
        "GetClientCertificates": _certificates_of,
        "DeleteClientCertificate": _delete_certificate,
        "TagResource": _tag,
        "UntagResource": _untag,
        "GetTags": _tags_of,
    }
    for operation, serve in own.items():
        OWN_OPERATIONS["apigateway", operation] = _serve(serve)


def stand_in_for_validator() -> None:
    """Let moto import the two names that it takes of the validator."""
    package, validation, exceptions = (
        ModuleType(_VALIDATOR + part) for part in ("", ".validation", ".validation.exceptions")
    )
    vars(package)["validate"] = _no_documents
    vars(exceptions)["OpenAPIValidationError"] = type("OpenAPIValidationError", (Exception,), {})
    for module in (package, validation, exceptions):
        sys.modules[module.__name__] = module


def _no_documents(*_args: Moto, **_kwargs: Moto) -> None:
    raise NotImplementedError("an API that is made of an OpenAPI document")


def _mock_nothing(*_args: Moto) -> None:
    """Where moto would intercept the requests of this process's own HTTP client."""


def _with_escaped_policy(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    """API Gateway answers the policy as a text within a text: its quotes are escaped twice."""

    def to_dict(self: Moto) -> Moto:
        answer = original(self)
        if answer.get("policy"):
            answer["policy"] = json.dumps(answer["policy"])[1:-1]
        return answer

    return to_dict


def _with_certificate(original: Callable[[Moto], Moto]) -> Callable[[Moto], Moto]:
    def to_json(self: Moto) -> Moto:
        answer = original(self)
        certificate = vars(self).get("revet_client")
        return {**answer, "clientCertificateId": certificate} if certificate else answer

    return to_json


def _serve(operation: Callable[[Call, Moto], Any]) -> Callable[..., Moto]:
    def serve(request: Moto, _url: str, _headers: Moto) -> tuple[int, dict[str, str], str]:
        from moto.apigateway.models import apigateway_backends  # noqa: PLC0415 - after `install`

        call: Call = request.environ[CALL]
        backend = apigateway_backends[call.principal.account][call.region]
        return 200, _JSON, json.dumps(operation(call, backend))

    return serve


def _update(kind: str) -> Callable[[Call, Moto], Any]:
    def update(call: Call, backend: Moto) -> Any:  # noqa: ANN401 - a JSON value
        target = _target(kind, call.parameters, backend)
        operations = call.parameters.get("patchOperations") or []
        if kind == "Stage":
            operations = [one for one in operations if not _sets_methods(target, one)]
        patch(target, FIELDS[kind], operations)
        return target.to_dict() if hasattr(target, "to_dict") else target.to_json()

    return update


def _target(kind: str, named: Mapping[str, Any], backend: Moto) -> Moto:
    """The object that an operation names.

    Raises:
        AwsError: it does not exist; moto raises its own errors for some kinds.
    """
    api, resource = named.get("restApiId"), named.get("resourceId")
    method, status = named.get("httpMethod"), named.get("statusCode")
    find: Mapping[str, Callable[[], Moto]] = {
        "RestApi": lambda: backend.get_rest_api(api),
        "Resource": lambda: backend.get_resource(api, resource),
        "Method": lambda: backend.get_method(api, resource, method),
        "MethodResponse": lambda: backend.get_method_response(api, resource, method, status),
        "Integration": lambda: backend.get_integration(api, resource, method),
        "IntegrationResponse": lambda: backend.get_integration_response(
            api, resource, method, status
        ),
        "GatewayResponse": lambda: backend.get_gateway_response(api, named["responseType"]),
        "Model": lambda: backend.get_model(api, named["modelName"]),
        "Authorizer": lambda: backend.get_authorizer(api, named["authorizerId"]),
        "RequestValidator": lambda: backend.get_request_validator(api, named["requestValidatorId"]),
        "Deployment": lambda: backend.get_rest_api(api).deployments.get(named["deploymentId"]),
        "Stage": lambda: backend.get_stage(api, named["stageName"]),
        "ApiKey": lambda: backend.get_api_key(named["apiKey"]),
        "UsagePlan": lambda: backend.get_usage_plan(named["usagePlanId"]),
        "DomainName": lambda: backend.get_domain_name(named["domainName"]),
        "ClientCertificate": lambda: (
            vars(backend).get(_CERTIFICATES, {}).get(named["clientCertificateId"])
        ),
    }
    found = find[kind]()
    if found is None:
        raise AwsError("NotFoundException", f"Invalid {kind} identifier specified", _NOT_FOUND)
    return found


def _sets_methods(stage: Moto, operation: Mapping[str, str]) -> bool:
    """Apply an operation on the settings of methods, such as `/*/*/logging/loglevel`.

    Returns:
        Whether it was one.
    """
    place, _, group = operation["path"].lstrip("/").rpartition("/")
    place, _, start = place.rpartition("/")
    setting = stage._method_settings_translations(f"{start}/{group}")  # noqa: SLF001 - moto's table
    if operation["op"] == "remove":
        whole = operation["path"].lstrip("/")
        return stage.method_settings.pop(whole, None) is not None
    if setting is None:
        return False
    stage._patch_method_setting(place, f"{start}/{group}", operation["value"])  # noqa: SLF001 - moto's own way
    return True


def _certificate(call: Call, backend: Moto) -> Moto:
    return _target("ClientCertificate", call.parameters, backend)


def _certificates_of(_call: Call, backend: Moto) -> dict[str, Any]:
    held = vars(backend).get(_CERTIFICATES, {})
    return {"item": [certificate.to_json() for certificate in held.values()]}


def _generate_certificate(call: Call, backend: Moto) -> dict[str, Any]:
    from moto.apigateway.utils import create_id  # noqa: PLC0415 - after the stand-in

    made = ClientCertificate(
        create_id(), call.parameters.get("description"), dict(call.parameters.get("tags") or {})
    )
    backend.__dict__.setdefault(_CERTIFICATES, {})[made.id] = made
    return made.to_json()


def _delete_certificate(call: Call, backend: Moto) -> dict[str, Any]:
    vars(backend)[_CERTIFICATES].pop(_certificate(call, backend).id)
    return {}


_TAGGED = {
    "apikeys": ("ApiKey", "apiKey"),
    "clientcertificates": ("ClientCertificate", "clientCertificateId"),
    "domainnames": ("DomainName", "domainName"),
    "restapis": ("RestApi", "restApiId"),
    "usageplans": ("UsagePlan", "usagePlanId"),
}


def _tagged(call: Call, backend: Moto) -> Moto:
    """The object of an ARN: `arn:aws:apigateway:us-east-1::/restapis/a1b2/stages/v1`."""
    arn = unescape(str(call.parameters["resourceArn"]))
    parts = arn.partition("::/")[2].split("/")
    if len(parts) == 4 and parts[0] == "restapis" and parts[2] == "stages":  # noqa: PLR2004 - its form
        return _target("Stage", {"restApiId": parts[1], "stageName": parts[3]}, backend)
    if len(parts) != 2 or parts[0] not in _TAGGED:  # noqa: PLR2004 - kind and id
        raise NotImplementedError(f"tags of `{arn}`")
    kind, name = _TAGGED[parts[0]]
    return _target(kind, {name: parts[1]}, backend)


def _tag(call: Call, backend: Moto) -> dict[str, Any]:
    target = _tagged(call, backend)
    target.tags = {**(target.tags or {}), **call.parameters["tags"]}
    return {}


def _untag(call: Call, backend: Moto) -> dict[str, Any]:
    target = _tagged(call, backend)
    gone = set(call.parameters["tagKeys"])
    target.tags = {key: value for key, value in (target.tags or {}).items() if key not in gone}
    return {}


def _tags_of(call: Call, backend: Moto) -> dict[str, Any]:
    return {"tags": _tagged(call, backend).tags or {}}
