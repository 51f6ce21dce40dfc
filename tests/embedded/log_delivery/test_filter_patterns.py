"""Filter patterns match what CloudWatch Logs says, and nothing else is taken for one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.embedded.log_delivery.patterns import PatternError, read_pattern

FILE = Path(__file__).parent.parent / "cases" / "filter_patterns.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))
LINE = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /x HTTP/1.0" 404 1534'


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_a_pattern_matches_what_it_says(case: dict[str, Any]) -> None:
    pattern = read_pattern(case["pattern"])
    assert [text for text in case["matches"] if pattern(text) is None] == []
    assert [text for text in case["differs"] if pattern(text) is not None] == []


@pytest.mark.parametrize("pattern", [case["pattern"] for case in CASES["refused"]])
def test_what_is_not_a_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        read_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "message", "selector", "value"),
    [
        ("{ $.latency = * }", '{"latency": 12.5}', "$.latency", 12.5),
        ("{ $.a = 1 }", '{"a": 1}', "$.b", None),
        ("[ip, id, user, time, request, status, size]", LINE, "$size", "1534"),
        ("[ip, ..., status, size]", LINE, "$status", "404"),
        ("[ip, id, user, time, request, ...]", LINE, "$time", "10/Oct/2000:13:25:15 -0700"),
        ("ERROR", "ERROR", "$.latency", None),
    ],
)
def test_selectors_have_what_the_event_has(
    pattern: str, message: str, selector: str, value: object
) -> None:
    match = read_pattern(pattern)(message)
    assert match is not None
    assert match.value(selector) == value
