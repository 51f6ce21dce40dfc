"""Requests are checked before anything is called: parameters that must be there, and the body.

Source: Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway"
(required parameters are there and not blank; the body is validated by the model of its content
type, `$default` for any; without a model for it, it is not), "Data models for REST APIs" (JSON
Schema, draft 4; references to other models of the API).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from jsonschema import Draft4Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT4

from revet.embedded.call import Json
from revet.embedded.execute_api.context import NotRunError, selected
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import Exchange

_MODELS = re.compile(r"https://apigateway\.amazonaws\.com/restapis/[^/]+/models/(?P<name>\w+)")
_EMPTY = "Empty"


def require_valid(exchange: Exchange) -> None:
    """Go on when a request is what its method asks for.

    Args:
        exchange: the request on its way.

    Raises:
        RefusedError: it is not.
        NotRunError: the model cannot be read.
    """
    validator = exchange.deployed.validators.get(exchange.method.get("requestValidatorId") or "")
    if validator is None:
        return
    if validator.get("validateRequestParameters"):
        _require_parameters(exchange)
    if validator.get("validateRequestBody"):
        _require_body(exchange)


def _require_parameters(exchange: Exchange) -> None:
    wanted = exchange.method.get("requestParameters") or {}
    missing = [
        name.split(".", 3)[3]
        for name, required in wanted.items()
        if str(required).lower() == "true" and not selected(exchange, name).strip()
    ]
    if missing:
        message = f"Missing required request parameters: [{', '.join(missing)}]"
        raise RefusedError("BAD_REQUEST_PARAMETERS", message, validation=message)


def _require_body(exchange: Exchange) -> None:
    models = {
        name.lower(): model for name, model in (exchange.method.get("requestModels") or {}).items()
    }
    name = models.get(exchange.incoming.media_type) or models.get("$default")
    if not name or (name == _EMPTY and name not in exchange.deployed.models):
        return
    errors = _errors(exchange.incoming.body, name, exchange.deployed.models)
    if errors:
        raise RefusedError("BAD_REQUEST_BODY", validation=f"[{', '.join(errors)}]")


def _errors(body: bytes, name: str, models: Mapping[str, str]) -> list[str]:
    """What is wrong with a body; nothing when it is valid."""
    try:
        schema = _schema(models[name])
        Draft4Validator.check_schema(schema)
        known = [(f"model:{other}", _resource(_schema(text))) for other, text in models.items()]
        validator = Draft4Validator(schema, registry=Registry().with_resources(known))
    except (KeyError, ValueError, SchemaError) as error:
        raise NotRunError(
            f"the model `{name}`, which is not a schema of draft 4: {error}"
        ) from error
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except ValueError:
        return ["the body is not JSON"]
    try:
        found = sorted(validator.iter_errors(value), key=lambda one: list(map(str, one.path)))
    except Unresolvable as error:
        raise NotRunError(f"the model `{name}`, which refers to {error.ref}") from error
    return [_line(str(error.validator), error.path) for error in found]


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"`{name}` is not JSON")


def _line(keyword: str, path: Iterable[str | int]) -> str:
    """What does not hold and where: without the value, which may be nobody's business."""
    return f"/{'/'.join(str(part) for part in path)}: `{keyword}` does not hold"


def _schema(text: str) -> Json:
    """A model's schema, in which references to models of the API are ours."""
    schema = json.loads(text or "{}", object_hook=_refer)
    if not isinstance(schema, (dict, bool)):
        raise ValueError("a schema is an object")  # noqa: TRY004 - the content is wrong
    return schema


def _refer(value: dict[str, Json]) -> dict[str, Json]:
    match = _MODELS.fullmatch(str(value.get("$ref") or ""))
    return {**value, "$ref": f"model:{match['name']}"} if match else value


def _resource(schema: Json) -> Resource[Json]:
    return Resource.from_contents(schema, default_specification=DRAFT4)
