"""Functions answer by proxy: what they get, what they may say, and who may call them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.embedded.execute_api.conftest import ACCOUNT, Api

New = Callable[..., Api]
ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
SAYS = """
import json
def handler(event, context):
    asked = json.loads(event["body"])
    if "raise" in asked:
        raise ValueError(asked["raise"])
    return asked["answer"]
"""


def test_a_function_gets_the_request(new_api: New) -> None:
    api = new_api(binaryMediaTypes=["image/*"])
    api.proxy("/orders/{id}/{rest+}", "ANY", api.function("echo", ECHO))
    api.deploy(variables={"colour": "red"})
    headers = {
        "Content-Type": "text/plain",
        "X-One": "1",
        "X-Forwarded-For": "10.0.0.1",
        "X-Amzn-Trace-Id": "mine",
        "User-Agent": "me",
    }
    got = api.send("/orders/a%20b/x/y?q=1&q=2&r=&s=%C3%A4", "PUT", "é".encode(), headers)
    event = got.json
    assert event["resource"] == "/orders/{id}/{rest+}"
    assert event["path"] == "/orders/a%20b/x/y"
    assert event["httpMethod"] == "PUT"
    assert event["pathParameters"] == {"id": "a b", "rest": "x/y"}
    assert event["queryStringParameters"] == {"q": "2", "r": "", "s": "ä"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"], "r": [""], "s": ["ä"]}
    assert (event["body"], event["isBase64Encoded"]) == ("é", False)
    assert event["stageVariables"] == {"colour": "red"}
    assert event["headers"]["X-One"] == "1"
    assert event["multiValueHeaders"]["X-One"] == ["1"]
    assert event["headers"]["X-Forwarded-For"] == "10.0.0.1, 127.0.0.1"
    assert event["headers"]["X-Amzn-Trace-Id"].startswith("Root=1-")
    context = event["requestContext"]
    assert context["requestId"] == got.headers["x-amzn-RequestId"]
    assert context["extendedRequestId"] == got.headers["x-amz-apigw-id"]
    assert context["resourcePath"] == "/orders/{id}/{rest+}"
    assert context["path"] == "/v1/orders/a%20b/x/y"
    assert (context["stage"], context["apiId"]) == ("v1", api.id)
    assert context["accountId"] == ACCOUNT
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "me"
    assert "authorizer" not in context
    plain = api.get("/orders/1/x").json
    for name in ("queryStringParameters", "multiValueQueryStringParameters", "body"):
        assert plain[name] is None
    image = api.send("/orders/1/x", "POST", b"\xff\x00", {"Content-Type": "image/png"}).json
    assert image["isBase64Encoded"] is True
    assert base64.b64decode(image["body"]) == b"\xff\x00"


ANSWERS: list[tuple[str, Any, int, str]] = [
    ("status alone", {"statusCode": 204}, 204, ""),
    ("status as a text", {"statusCode": "201", "body": "made"}, 201, "made"),
    ("no body", {"statusCode": 200, "body": None}, 200, ""),
    ("unknown members", {"statusCode": 200, "body": "x", "cookies": []}, 200, "x"),
    ("an error of its own", {"statusCode": 500, "body": "mine"}, 500, "mine"),
    (
        "Base64 that nobody takes for binary",
        {"statusCode": 200, "body": "eA==", "isBase64Encoded": True},
        200,
        "eA==",
    ),
]
MALFORMED: list[tuple[str, Any]] = [
    ("a text", "fine"),
    ("nothing", None),
    ("a list", [1]),
    ("no status", {"body": "x"}),
    ("no number", {"statusCode": "fine"}),
    ("no status of HTTP", {"statusCode": 99}),
    ("true", {"statusCode": True}),
    ("a fraction", {"statusCode": 200.5}),
    ("a body that is an object", {"statusCode": 200, "body": {"a": 1}}),
    ("headers in a list", {"statusCode": 200, "headers": ["a"]}),
    ("a header that is an object", {"statusCode": 200, "headers": {"a": {}}}),
    ("a header with a line break", {"statusCode": 200, "headers": {"a": "b\r\nc: d"}}),
    ("a header without a name", {"statusCode": 200, "headers": {"a b": "c"}}),
    ("many values in no list", {"statusCode": 200, "multiValueHeaders": {"a": "b"}}),
    ("a flag that is a text", {"statusCode": 200, "body": "", "isBase64Encoded": "true"}),
]


def test_what_a_function_may_say(api: Api) -> None:
    api.proxy("/say", "POST", api.function("says", SAYS))
    api.deploy()

    def say(answer: Any) -> Any:  # noqa: ANN401 - JSON
        return api.send("/say", "POST", json.dumps({"answer": answer}).encode())

    for name, answer, status, body in ANSWERS:
        got = say(answer)
        assert (got.status, got.body.decode()) == (status, body), name
    for name, answer in MALFORMED:
        got = say(answer)
        assert (got.status, got.message) == (502, "Internal server error"), name
        assert got.error == "InternalServerErrorException"
    got = api.send("/say", "POST", b'{"raise": "secret"}')
    assert (got.status, got.message) == (502, "Internal server error")
    assert b"secret" not in got.body


def test_headers_of_an_answer(api: Api) -> None:
    answer = {
        "statusCode": 200,
        "headers": {"X-A": "1", "Date": "never", "X-N": 5, "X-None": None, "X-T": True},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": "<p>",
    }
    api.proxy("/say", "POST", api.function("says", SAYS))
    api.deploy()
    got = api.send("/say", "POST", json.dumps({"answer": answer}).encode())
    assert got.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert (got.headers["X-A"], got.headers["X-N"], got.headers["X-T"]) == ("1", "5", "true")
    assert got.headers["x-amzn-Remapped-Date"] == "never"
    assert got.headers.get_all("Date") != ["never"]
    assert got.headers["Content-Type"] == "application/json"
    assert "X-None" not in got.headers


def test_a_binary_answer(new_api: New) -> None:
    api = new_api(binaryMediaTypes=["image/png"])
    api.proxy("/say", "POST", api.function("says", SAYS))
    api.deploy()
    answer = {"statusCode": 200, "isBase64Encoded": True, "body": "/wA="}
    body = json.dumps({"answer": answer}).encode()
    got = api.send("/say", "POST", body, {"Accept": "image/png, */*"})
    assert got.body == b"\xff\x00"
    assert api.send("/say", "POST", body, {"Accept": "text/html"}).body == b"/wA="


@pytest.mark.parametrize(
    ("permitted", "status"),
    [
        ("*", 200),
        ("*/GET/orders/*", 200),
        ("v1/GET/orders/{id}", 200),
        ("v1/POST/orders/*", 500),
        ("v2/*", 500),
        ("authorizers/x", 500),
        ("", 500),
    ],
)
def test_a_function_must_admit_the_method(api: Api, permitted: str, status: int) -> None:
    api.proxy("/orders/{id}", "GET", api.function("echo", ECHO, permitted=permitted))
    api.deploy()
    got = api.get("/orders/7")
    assert got.status == status
    if status != 200:
        assert (got.error, got.message) == (
            "InternalServerErrorException",
            "Internal server error",
        )


@pytest.mark.parametrize("allowed", [True, False])
def test_a_role_may_call_in_its_place(api: Api, allowed: bool) -> None:  # noqa: FBT001 - a case
    function = api.function("echo", ECHO, permitted="")
    iam = api.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    role = iam.create_role(RoleName=f"{api.name}-call", AssumeRolePolicyDocument=json.dumps(trust))
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "lambda:InvokeFunction",
            "Resource": function if allowed else f"{function}-other",
        },
    }
    iam.put_role_policy(
        RoleName=f"{api.name}-call", PolicyName="p", PolicyDocument=json.dumps(policy)
    )
    api.proxy("/a", "GET", function, credentials=role["Role"]["Arn"])
    api.deploy()
    assert api.get("/a").status == (200 if allowed else 500)


def test_a_function_that_is_gone_is_an_error(api: Api) -> None:
    function = api.function("echo", ECHO)
    api.proxy("/a", "GET", function)
    api.deploy()
    api.client("lambda").delete_function(FunctionName=function)
    assert api.get("/a").status == 500


def test_a_function_of_a_stage_variable(api: Api) -> None:
    function = api.function("echo", ECHO)
    api.proxy("/a", "GET", function.replace(f"{api.name}-echo", "${stageVariables.name}"))
    api.deploy(variables={"name": f"{api.name}-echo"})
    assert api.get("/a").status == 200
    api.patch(("/variables/name", "other"))
    assert api.get("/a").status == 500


def test_a_slow_function_is_not_waited_for(api: Api) -> None:
    slow = "import time\ndef handler(event, context):\n    time.sleep(2)\n"
    api.proxy("/a", "GET", api.function("slow", slow, Timeout=5), timeoutInMillis=50)
    api.deploy()
    got = api.get("/a")
    assert (got.status, got.message) == (504, "Endpoint request timed out")


def test_a_function_may_call_its_own_api(api: Api) -> None:
    """The state's lock is let go of while a function runs."""
    code = """
import os, ssl, urllib.request
def handler(event, context):
    with urllib.request.urlopen(os.environ["URL"]) as answer:
        return {"statusCode": 200, "body": answer.read().decode()}
"""
    api.mock("/inner", text='{"inner": true}')
    url = api.url("/inner")
    function = api.function("outer", code, Environment={"Variables": {"URL": url}}, Timeout=20)
    api.proxy("/outer", "GET", function)
    api.deploy()
    assert api.get("/outer").json == {"inner": True}
