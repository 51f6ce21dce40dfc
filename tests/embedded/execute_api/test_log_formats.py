"""Formats of access logs, and the templates that are filled here."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from revet.embedded.execute_api.context import NotRunError, for_log, rendered
from revet.embedded.execute_api.deployed import Deployed
from revet.embedded.execute_api.requests import Exchange, Incoming


@pytest.fixture
def exchange() -> Exchange:
    incoming = Incoming(
        "GET",
        "abc.execute-api.us-east-1.amazonaws.com",
        "/v1/a?b=c",
        [("Host", "x"), ("User-Agent", "me")],
        b"",
        request_id="id-1",
    )
    stage = SimpleNamespace(name="v1", variables={"colour": "red"}, method_settings={})
    deployed = Deployed(
        (), {}, {}, {}, {}, "HEADER", (), "", endpoint_disabled=False, endpoint_types=()
    )
    made = Exchange(incoming, "123456789012", "us-east-1", "abc", stage, deployed, "dep", "/a")
    made.variables |= {"status": "200", "error.messageString": '"no"'}
    made.authorizer = {"principalId": "ann", "my-key": "1"}
    return made


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("$context.requestId", "id-1"),
        ("${context.requestId}x", "id-1x"),
        ("$context.requestId-$context.status", "id-1-200"),
        ("$context.status.", "200."),
        ("<a>$context.path</a>,$context.stage", "<a>/v1/a</a>,v1"),
        ("$context.authorizer.my-key", "1"),
        ("$context.authorizer.other", "-"),
        ("$context.identity.sourceIp [$context.identity.caller]", "127.0.0.1 [-]"),
        ('{"m":$context.error.messageString}', '{"m":"no"}'),
        ("$context", "$context"),
        ("$input.body", "$input.body"),
    ],
)
def test_lines_of_an_access_log(exchange: Exchange, template: str, line: str) -> None:
    assert for_log(template, exchange) == line


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$context.requestId $stageVariables.colour", "id-1 red"),
        ("${stageVariables.colour}$context.nothing", "red"),
        ('{"statusCode": 200}', '{"statusCode": 200}'),
        ("costs 5$ &#35;", "costs 5$ &#35;"),
    ],
)
def test_templates_without_directives(exchange: Exchange, template: str, text: str) -> None:
    assert rendered(template, exchange) == text


@pytest.mark.parametrize(
    "template",
    [
        "$input.body",
        "#set($x = 1)",
        "#if(true)a#end",
        "$util.escapeJavaScript('a')",
        "${input.x}",
        "$!x",
    ],
)
def test_what_velocity_would_do_is_not_done(exchange: Exchange, template: str) -> None:
    with pytest.raises(NotRunError, match="Velocity"):
        rendered(template, exchange)
