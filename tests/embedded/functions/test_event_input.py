"""What a rule's target gets of an event."""

from typing import Any

import pytest

from revet.embedded.functions.event_input import InputError, filled, made_input, selected

EVENT: dict[str, Any] = {"id": "1", "detail": {"a-b": ["x", {"y": 2}], "t": 'q"', "n": None}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", EVENT),
        ("$.id", "1"),
        ("$.detail.a-b[0]", "x"),
        ("$.detail.a-b[1].y", 2),
        ("$.detail['t']", 'q"'),
        ("$.gone.deeper", None),
        ("$.detail.a-b[9]", None),
        ("$.id[0].x", None),
    ],
)
def test_a_path_selects(path: str, expected: object) -> None:
    assert selected(EVENT, path) == expected


@pytest.mark.parametrize("path", ["id", "$..id", "$.detail.*", "$[?(@.a)]"])
def test_a_path_that_is_not_known_is_named(path: str) -> None:
    with pytest.raises(InputError, match="does not model the path"):
        selected(EVENT, path)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"t": <t>}', {"t": 'q"'}),
        ('{"t": "it is <t>"}', {"t": 'it is q"'}),
        ('{"l": <l>, "n": <n>}', {"l": ["x", {"y": 2}], "n": None}),
        ('"<t>"', 'q"'),
        ('{"e": <aws.events.event>}', {"e": EVENT}),
        ('{"u": "<unknown>"}', {"u": "<unknown>"}),
    ],
)
def test_a_template_is_filled(template: str, expected: object) -> None:
    paths = {"t": "$.detail.t", "l": "$.detail.a-b", "n": "$.detail.n"}
    assert filled(template, paths, EVENT) == expected


@pytest.mark.parametrize(
    "target",
    [{"Input": "{"}, {"InputTransformer": {"InputTemplate": "no JSON"}}],
    ids=["input", "template"],
)
def test_what_is_not_json_is_named(target: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="the input is not JSON"):
        made_input(target, EVENT)
