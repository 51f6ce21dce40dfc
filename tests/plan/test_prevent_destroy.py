"""`prevent_destroy` is read from the synthesis and from sources, in both syntaxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.plan import load_plan
from revet.plan.prevent_destroy import prevents_destroy

BUCKET = "aws_s3_bucket.data"
PLAN = plan_json({"resource": {"aws_s3_bucket": {"data": {"bucket": "data"}}}}, "prevent_destroy")


def synthesized(lifecycle: object) -> dict[str, Any]:
    body = {"bucket": "data"} if lifecycle is None else {"bucket": "data", "lifecycle": lifecycle}
    return {"terraform": {}, "resource": {"aws_s3_bucket": {"data": body}}}


@pytest.mark.parametrize(
    ("lifecycle", "kept"),
    [
        ({"prevent_destroy": True}, True),
        ([{"prevent_destroy": True}], True),
        ({"prevent_destroy": "true"}, True),
        ({"prevent_destroy": False}, False),
        ({"create_before_destroy": True}, False),
        (None, False),
    ],
)
def test_in_a_synthesis(lifecycle: object, kept: bool) -> None:  # noqa: FBT001
    plan = load_plan(PLAN, synthesized(lifecycle))

    assert prevents_destroy(plan.resources[BUCKET], plan) is kept


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("main.tf", "lifecycle {\n    prevent_destroy = true\n  }", True),
        ("main.tf", "lifecycle {\n    prevent_destroy = false\n  }", False),
        ("main.tf", "", False),
        ("main.tf.json", ', "lifecycle": {"prevent_destroy": true}', True),
        ("main.tf.json", ', "lifecycle": [{"prevent_destroy": true}]', True),
        ("main.tf.json", "", False),
    ],
)
def test_in_sources(tmp_path: Path, name: str, text: str, kept: bool) -> None:  # noqa: FBT001
    hcl = f'resource "aws_s3_bucket" "data" {{\n  bucket = "data"\n  {text}\n}}\n'
    json = f'{{"resource": {{"aws_s3_bucket": {{"data": {{"bucket": "data"{text}}}}}}}}}'
    (tmp_path / name).write_text(json if name.endswith("json") else hcl)

    plan = load_plan(PLAN, sources=tmp_path)

    assert plan.sources is not None
    assert plan.sources.matches, plan.sources.ignored
    assert prevents_destroy(plan.resources[BUCKET], plan) is kept


def test_a_plan_alone_does_not_say_it() -> None:
    plan = load_plan(PLAN)

    assert not prevents_destroy(plan.resources[BUCKET], plan)
