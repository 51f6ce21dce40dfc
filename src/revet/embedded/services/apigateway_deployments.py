"""API Gateway: a deployment keeps what was deployed, and an authorizer what a token must look like.

moto's deployment is an id alone, so that nothing could answer as the stage says (see
`execute_api.deployed`), and it makes a new stage where the one that it is for exists; its
CreateAuthorizer drops `identityValidationExpression`, whose name it misspells, and its
CreateRestApi `binaryMediaTypes`. (API Gateway API reference, `CreateDeployment`,
`CreateAuthorizer`, `CreateRestApi`.)
"""

from __future__ import annotations

import json
from collections.abc import Callable

from revet.embedded.call import Moto
from revet.embedded.execute_api.deployed import DEPLOYED, take
from revet.embedded.patching import parameter, replace
from revet.embedded.services.apigateway import stand_in_for_validator


def install() -> None:
    """Put the changes in place."""
    stand_in_for_validator()
    from moto.apigateway.models import RestAPI  # noqa: PLC0415 - after the stand-in
    from moto.apigateway.responses import APIGatewayResponse  # noqa: PLC0415 - likewise

    replace(RestAPI, "create_deployment", _deploy)
    replace(APIGatewayResponse, "create_rest_api", _create_api)
    replace(APIGatewayResponse, "create_authorizer", _create_authorizer)


def _deploy(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def create_deployment(self: Moto, *arguments: Moto, **named: Moto) -> Moto:
        before = dict(self.stages)
        made = original(self, *arguments, **named)
        setattr(made, DEPLOYED, take(self))
        for name, stage in before.items():
            if self.stages.get(name) is not stage:
                stage.deployment_id = made.id
                stage.variables |= self.stages[name].variables
                self.stages[name] = stage
        return made

    return create_deployment


def _create_api(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def create_rest_api(self: Moto) -> Moto:
        before = set(self.backend.apis)
        answer = original(self)
        made = next((one for key, one in self.backend.apis.items() if key not in before), None)
        if made is None:
            return answer
        made.binaryMediaTypes = list(parameter(self, "binaryMediaTypes") or ())
        return 201, {"status": 201}, json.dumps(made.to_dict())

    return create_rest_api


def _create_authorizer(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def create_authorizer(self: Moto) -> Moto:
        wanted = parameter(self, "identityValidationExpression")
        api = self.path.split("/")[2]
        before = set(self.backend.get_rest_api(api).authorizers)
        answer = original(self)
        held = self.backend.get_rest_api(api).authorizers
        for key in set(held) - before:
            held[key].identity_validation_expression = wanted
        return answer

    return create_authorizer
