"""Requests are validated before anything is called."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import Api

SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["symbol", "quantity"],
    "additionalProperties": False,
    "properties": {
        "symbol": {"type": "string", "pattern": "^[A-Z]{1,5}$"},
        "quantity": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "side": {"enum": ["buy", "sell"]},
        "parts": {"type": "array", "maxItems": 1, "items": {"$ref": "{models}/Part"}},
    },
}
PART = {"type": "object", "required": ["id"], "properties": {"id": {"type": "number"}}}
GOOD = {"symbol": "ABC", "quantity": 1}
BODIES: list[tuple[str, Any, int]] = [
    ("as it must be", GOOD, 200),
    ("a choice", {**GOOD, "side": "buy"}, 200),
    ("another model", {**GOOD, "parts": [{"id": 1}]}, 200),
    ("a model that does not hold", {**GOOD, "parts": [{"id": "x"}]}, 400),
    ("too many", {**GOOD, "parts": [{"id": 1}, {"id": 2}]}, 400),
    ("something missing", {"symbol": "ABC"}, 400),
    ("something more", {**GOOD, "x": 1}, 400),
    ("another type", {**GOOD, "quantity": "1"}, 400),
    ("true for a number", {**GOOD, "quantity": True}, 400),
    ("the bound of draft 4", {**GOOD, "quantity": 0}, 400),
    ("another pattern", {**GOOD, "symbol": "abc"}, 400),
    ("another choice", {**GOOD, "side": "hold"}, 400),
    ("a list", [GOOD], 400),
    ("nothing", None, 400),
]


@pytest.fixture
def validated(api: Api) -> Api:
    models = f"https://apigateway.amazonaws.com/restapis/{api.id}/models"
    for name, schema in (("Part", PART), ("Order", SCHEMA)):
        api.gateway.create_model(
            restApiId=api.id,
            name=name,
            contentType="application/json",
            schema=json.dumps(schema).replace("{models}", models),
        )
    validator = api.gateway.create_request_validator(
        restApiId=api.id, name="both", validateRequestBody=True, validateRequestParameters=True
    )["id"]
    api.mock(
        "/orders/{id}",
        "POST",
        requestValidatorId=validator,
        requestModels={"application/json": "Order"},
        requestParameters={
            "method.request.querystring.side": True,
            "method.request.header.X-Id": True,
            "method.request.path.id": True,
            "method.request.querystring.more": False,
        },
    )
    api.gateway.put_gateway_response(
        restApiId=api.id,
        responseType="BAD_REQUEST_BODY",
        responseTemplates={
            "application/json": '{"message":$context.error.messageString,'
            '"why":"$context.error.validationErrorString"}'
        },
    )
    api.deploy()
    return api


JSON = {"Content-Type": "application/json", "X-Id": "1"}


def test_bodies(validated: Api) -> None:
    for name, body, status in BODIES:
        text = json.dumps(body).encode()
        got = validated.send("/orders/1?side=buy", "POST", text, JSON)
        assert got.status == status, (name, got)
        if status == 400:
            assert (got.error, got.message) == ("BadRequestException", "Invalid request body"), name
            assert got.json["why"].startswith("["), name
    for text in (b"", b"{", b"NaN", b"\xff"):
        assert validated.send("/orders/1?side=buy", "POST", text, JSON).status == 400
    plain = {**JSON, "Content-Type": "text/plain"}
    assert validated.send("/orders/1?side=buy", "POST", b"x", plain).status == 200
    upper = {**JSON, "Content-Type": "Application/JSON; charset=utf-8"}
    assert validated.send("/orders/1?side=buy", "POST", b"x", upper).status == 400


def test_parameters(validated: Api) -> None:
    body = json.dumps(GOOD).encode()
    for target, headers, missing in (
        ("/orders/1", JSON, "side"),
        ("/orders/1?side=", JSON, "side"),
        ("/orders/1?side=buy", {"Content-Type": "application/json"}, "X-Id"),
        ("/orders/1?side=buy", {**JSON, "X-Id": " "}, "X-Id"),
    ):
        got = validated.send(target, "POST", body, headers)
        assert (got.status, got.error) == (400, "BadRequestException"), target
        assert got.message == f"Missing required request parameters: [{missing}]"


def test_a_model_that_is_not_one_is_named(api: Api) -> None:
    api.gateway.create_model(
        restApiId=api.id,
        name="Broken",
        contentType="application/json",
        schema=json.dumps({"type": "wrong"}),
    )
    validator = api.gateway.create_request_validator(
        restApiId=api.id, name="body", validateRequestBody=True
    )["id"]
    models = {"$default": "Broken"}
    api.mock("/a", "POST", requestValidatorId=validator, requestModels=models)
    api.deploy()
    got = api.send("/a", "POST", b"{}", {"Content-Type": "x/y"})
    assert (got.status, got.error) == (500, "EmbeddedAwsNotImplemented")


def test_without_a_validator_nothing_is_validated(api: Api) -> None:
    api.gateway.create_model(
        restApiId=api.id,
        name="Part",
        contentType="application/json",
        schema=json.dumps(PART),
    )
    api.mock("/a", "POST", requestModels={"application/json": "Part"})
    api.deploy()
    assert api.send("/a", "POST", b"x", JSON).status == 200
