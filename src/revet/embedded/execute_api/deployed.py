"""What a deployment holds of its API, taken when it is made.

moto keeps no such snapshot: its deployment is an id. Source: Amazon API Gateway Developer Guide,
"Deploy REST APIs in API Gateway" (a deployment is a snapshot of the API's resources and methods;
changes show when the API is deployed again).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.embedded.call import Json, Moto

DEPLOYED = "revet_deployed"
"""Attribute of moto's deployment that holds the snapshot."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A path and its methods.

    Args:
        id: of the resource.
        path: `/orders/{id}`.
        methods: HTTP method or `ANY`, to the method as GetMethod answers it.
    """

    id: str
    path: str
    methods: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Deployed:
    """An API as it was deployed.

    Args:
        resources: those with a method.
        authorizers: by id, as GetAuthorizer answers.
        models: JSON schema as a text, by name.
        validators: by id, as GetRequestValidator answers.
        gateway_responses: by type, as GetGatewayResponse answers.
        key_source: `HEADER` or `AUTHORIZER`.
        binary_types: media types whose bodies are binary.
        policy: resource policy, JSON text; empty without one.
        endpoint_disabled: whether the API answers to domain names of its own only.
        endpoint_types: `REGIONAL`, `EDGE` or `PRIVATE`.
    """

    resources: Sequence[Resource]
    authorizers: Mapping[str, Json]
    models: Mapping[str, str]
    validators: Mapping[str, Json]
    gateway_responses: Mapping[str, Json]
    key_source: str
    binary_types: Sequence[str]
    policy: str
    endpoint_disabled: bool
    endpoint_types: Sequence[str]


def take(api: Moto) -> Deployed:
    """The snapshot of an API.

    Args:
        api: moto's.
    """
    return Deployed(
        tuple(
            Resource(
                resource.id,
                resource.get_path(),
                {
                    name: copy.deepcopy(method.to_json())
                    for name, method in resource.resource_methods.items()
                },
            )
            for resource in api.resources.values()
            if resource.resource_methods
        ),
        _copies(api.authorizers),
        {name: str(model.schema or "") for name, model in api.models.items()},
        {key: copy.deepcopy(one.to_dict()) for key, one in api.request_validators.items()},
        _copies(api.gateway_responses),
        str(api.api_key_source or "HEADER"),
        tuple(api.binaryMediaTypes or ()),
        str(api.policy or ""),
        str(api.disableExecuteApiEndpoint).lower() == "true",
        tuple((api.endpoint_configuration or {}).get("types") or ()),
    )


def _copies(objects: Mapping[str, Any]) -> dict[str, Json]:
    return {key: copy.deepcopy(one.to_json()) for key, one in objects.items()}
