"""Places as IAM Access Analyzer counts them, on policies and findings of AWS itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from revet.iam.document import parse_policy, render
from revet.iam.document_json import JsonArray, JsonObject, JsonText

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer"

pytestmark = pytest.mark.skipif(
    not ORACLES, reason="REVET_ORACLES is not set: not compared with Access Analyzer"
)


def place(parsed: JsonText, path: list[dict[str, Any]]) -> tuple[int, int]:
    node = parsed.root
    for step in path:
        if "index" in step:
            # A single value stands for a list of one.
            if isinstance(node, JsonArray):
                node = node.items[step["index"]]
        elif "key" in step:
            assert isinstance(node, JsonObject)
            key = next(member.key for member in node.members if member.name == step["key"])
            return key.start, key.end
        elif "value" in step:
            assert isinstance(node, JsonObject)
            found = node.get(step["value"])
            assert found is not None
            node = found
    return node.start, node.end


def test_spans_are_those_of_access_analyzer() -> None:
    compared = 0
    for path in sorted((FOLDER / "findings").glob("*.json")):
        document = parse_policy((FOLDER / "policies" / path.name).read_bytes())
        assert document.json is not None
        for finding in json.loads(path.read_text()):
            for location in finding["locations"]:
                start, end = place(document.json, location["path"])
                span = document.json.span(start, end)
                for got, expected in (
                    (span.start, location["span"]["start"]),
                    (span.end, location["span"]["end"]),
                ):
                    assert (got.line, got.column, got.offset) == (
                        expected["line"], expected["column"], expected["offset"],
                    ), (path.name, location["path"])  # fmt: skip
                compared += 1
    assert compared > 100


def test_managed_policies_have_nothing_odd_and_survive_writing() -> None:
    paths = sorted((FOLDER / "policies").glob("*.json"))
    assert paths
    for path in paths:
        document = parse_policy(path.read_bytes())
        assert document.oddities == (), path.name
        assert parse_policy(render(document)) == document
