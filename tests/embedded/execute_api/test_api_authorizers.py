"""Authorizers let in whom their policy allows, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import Api

New = Callable[..., Api]
ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["requestContext"])}
"""
DECIDES = """
import json, uuid
def handler(event, context):
    said = event.get("authorizationToken") or event["headers"]["Authorization"]
    if said == "Unauthorized":
        raise Exception("Unauthorized")
    if said == "crash":
        raise Exception("something secret")
    if said == "event":
        return allow(event, context={"event": json.dumps(event)})
    answer = allow(event, context={"call": str(uuid.uuid4()), "n": 1, "yes": True})
    answer.update(json.loads(said) if said.startswith("{") else {})
    return answer

def allow(event, context):
    return {"principalId": "ann", "context": context, "policyDocument": {
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}]}}
"""


def policy(*statements: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": effect, "Action": action, "Resource": resource}
                for effect, action, resource in statements
            ],
        }
    }


INVOKE = "execute-api:Invoke"
DENIED = "User is not authorized to access this resource"
EXPLICIT = f"{DENIED} with an explicit deny"
DECISIONS: list[tuple[str, dict[str, Any], int, str | None]] = [
    ("as it answers", {}, 200, None),
    ("everything", policy(("Allow", "execute-api:*", "*")), 200, None),
    ("the stage", policy(("Allow", INVOKE, "{api}/v1/*")), 200, None),
    ("the method", policy(("Allow", INVOKE, "{api}/v1/GET/a/*")), 200, None),
    ("another method", policy(("Allow", INVOKE, "{api}/v1/POST/a/*")), 403, DENIED),
    ("another stage", policy(("Allow", INVOKE, "{api}/v2/*")), 403, DENIED),
    ("another action", policy(("Allow", "execute-api:ManageConnections", "*")), 403, DENIED),
    ("nothing", policy(), 403, DENIED),
    ("a denial", policy(("Deny", INVOKE, "*")), 403, EXPLICIT),
    (
        "a denial beside",
        policy(("Allow", INVOKE, "*"), ("Deny", INVOKE, "{api}/v1/GET/a/*")),
        403,
        EXPLICIT,
    ),
    ("no principal", {"principalId": None}, 500, None),
    ("a principal that is a number", {"principalId": 7}, 500, None),
    ("no policy", {"policyDocument": None}, 500, None),
    ("a policy that is a text", {"policyDocument": "{}"}, 500, None),
    ("a policy of another form", {"policyDocument": {"Statement": "x"}}, 500, None),
    ("a statement of another form", policy(("Grant", INVOKE, "*")), 500, None),
    ("an object in the context", {"context": {"a": {}}}, 500, None),
    ("a list in the context", {"context": {"a": ["b"]}}, 500, None),
]


@pytest.mark.parametrize("kind", ["REQUEST", "TOKEN"])
def test_the_answer_decides(new_api: New, kind: str) -> None:
    api = new_api()
    api.proxy(
        "/a/{id}",
        "GET",
        api.function("echo", ECHO),
        **api.authorizer(api.function("who", DECIDES), type=kind),
    )
    api.deploy()
    for name, answer, status, message in DECISIONS:
        said = json.dumps(answer).replace("{api}", api.arn)
        got = api.get("/a/7", Authorization=said)
        assert got.status == status, (name, got)
        if status == 403:
            assert (got.error, got.message) == ("AccessDeniedException", message), name
        if status == 500:
            assert got.error == "AuthorizerConfigurationException", name
    for said in ("", None):
        got = api.get("/a/7", **({} if said is None else {"Authorization": said}))
        assert (got.status, got.error, got.message) == (
            401,
            "UnauthorizedException",
            "Unauthorized",
        )
    assert api.get("/a/7", Authorization="Unauthorized").status == 401
    got = api.get("/a/7", Authorization="crash")
    assert (got.status, got.json) == (500, {"message": None})
    context = api.get("/a/7", Authorization="{}").json["authorizer"]
    assert (context["principalId"], context["n"], context["yes"]) == ("ann", "1", "true")


def test_what_an_authorizer_is_asked(new_api: New) -> None:
    api = new_api()
    who = api.function("who", DECIDES)
    api.proxy("/a/{id}", "GET", api.function("echo", ECHO), **api.authorizer(who))
    api.deploy()
    said = api.get("/a/7?q=1", Authorization="event").json["authorizer"]["event"]
    event = json.loads(said)
    assert event["type"] == "REQUEST"
    assert event["methodArn"] == f"{api.arn}/v1/GET/a/7"
    assert (event["resource"], event["path"]) == ("/a/{id}", "/a/7")
    assert event["pathParameters"] == {"id": "7"}
    assert event["queryStringParameters"] == {"q": "1"}
    assert event["requestContext"]["resourcePath"] == "/a/{id}"
    assert "body" not in event


def test_a_token_is_asked_about_alone(new_api: New) -> None:
    api = new_api()
    settings = api.authorizer(
        api.function("who", DECIDES),
        type="TOKEN",
        identitySource="method.request.header.X-Proof",
        identityValidationExpression="[a-z]+",
    )
    api.proxy("/a", "GET", api.function("echo", ECHO), **settings)
    api.deploy()
    said = api.get("/a", X_Proof="event").json["authorizer"]["event"]
    assert json.loads(said) == {
        "type": "TOKEN",
        "authorizationToken": "event",
        "methodArn": f"{api.arn}/v1/GET/a",
    }
    for proof in ("event1", "EVENT", ""):
        assert api.get("/a", X_Proof=proof).status == 401


@pytest.mark.parametrize(("ttl", "remembered"), [(300, True), (0, False)])
def test_answers_are_remembered_for_a_while(new_api: New, ttl: int, remembered: bool) -> None:  # noqa: FBT001 - a case
    api = new_api()
    settings = api.authorizer(
        api.function("who", DECIDES),
        authorizerResultTtlInSeconds=ttl,
        identitySource="method.request.header.Authorization, method.request.querystring.q",
    )
    echo = api.function("echo", ECHO)
    api.proxy("/a", "GET", echo, **settings)
    api.proxy("/b", "GET", echo, **settings)
    api.deploy()

    def call(path: str, said: str) -> str:
        return str(api.get(path, Authorization=said).json["authorizer"]["call"])

    everything = json.dumps(policy(("Allow", INVOKE, "*")))
    first = call("/a?q=1", everything)
    assert (call("/a?q=1", everything) == first) is remembered
    assert (call("/b?q=1", everything) == first) is remembered
    assert call("/a?q=2", everything) != first
    assert api.get("/a", Authorization=everything).status == 401
    # a policy for one path counts for another as long as it is remembered
    assert api.get("/a?q=3", Authorization="x").status == 200
    assert api.get("/b?q=3", Authorization="x").status == (403 if remembered else 200)


def test_the_authorizers_function_must_admit_it(new_api: New) -> None:
    api = new_api()
    who = api.function("who", DECIDES, permitted="*/GET/*")
    api.mock("/a", **api.authorizer(who))
    api.deploy()
    got = api.get("/a", Authorization="x")
    assert (got.status, got.error) == (500, "AuthorizerConfigurationException")


def test_the_key_that_an_authorizer_names_counts(new_api: New) -> None:
    api = new_api(apiKeySource="AUTHORIZER")
    key = api.gateway.create_api_key(name=api.name, enabled=True)
    settings = api.authorizer(api.function("who", DECIDES))
    api.proxy("/a", "GET", api.function("echo", ECHO), apiKeyRequired=True, **settings)
    api.deploy()
    plan = api.gateway.create_usage_plan(
        name=api.name, apiStages=[{"apiId": api.id, "stage": "v1"}]
    )
    api.gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    said = json.dumps({"usageIdentifierKey": key["value"]})
    got = api.get("/a", Authorization=said)
    assert got.json["identity"]["apiKeyId"] == key["id"]
    assert api.get("/a", Authorization="{}", x_api_key=key["value"]).status == 403


def test_authorizers_of_cognito_are_refused_by_name(new_api: New) -> None:
    api = new_api()
    made = api.gateway.create_authorizer(
        restApiId=api.id,
        name="pool",
        type="COGNITO_USER_POOLS",
        providerARNs=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x"],
        identitySource="method.request.header.Authorization",
    )
    api.mock("/a", authorizationType="COGNITO_USER_POOLS", authorizerId=made["id"])
    api.deploy()
    got = api.get("/a", Authorization="x")
    assert (got.status, got.error) == (500, "EmbeddedAwsNotImplemented")
