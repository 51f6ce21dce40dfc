from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cdktn
import pytest

from revet.model.errors import InputError
from revet.synth.app import empty_blocks, new_app, read_synthesis, synth


def test_an_app_makes_its_folder_and_takes_lock_files(tmp_path: Path) -> None:
    app = new_app(tmp_path / "a" / "b")
    stack = cdktn.TerraformStack(app, "s")
    cdktn.S3Backend(stack, bucket="b", key="k", region="eu-west-1", use_lockfile=True)
    made = synth(app)
    assert made.directory == tmp_path / "a" / "b"
    assert made.stacks["s"].json["terraform"]["backend"]["s3"]["use_lockfile"] is True


BLOCKS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a block that lost everything": (
        {"resource": {"aws_cloudtrail": {"t": {"event_selector": [{}]}}}},
        ["aws_cloudtrail.t.event_selector[0]"],
    ),
    "deep inside": (
        {"data": {"aws_x": {"n": {"a": [{"b": {"c": [{"d": 1}, {}]}}]}}}},
        ["aws_x.n.a[0].b.c[1]"],
    ),
    "metadata is not looked at": ({"resource": {"aws_x": {"n": {"//": {"a": [{}]}}}}}, []),
    "an empty filter is legitimate": (
        {
            "resource": {
                "aws_s3_bucket_lifecycle_configuration": {"n": {"rule": [{"filter": [{}]}]}}
            }
        },
        [],
    ),
    "no resource": ({}, []),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_empty_blocks(case: str) -> None:
    configuration, expected = BLOCKS[case]
    assert list(empty_blocks(configuration)) == expected


def write(directory: Path, manifest: str, stack: str) -> Path:
    (directory / "manifest.json").write_text(manifest)
    (directory / "s.json").write_text(stack)
    return directory


MANIFEST = json.dumps({"stacks": {"s": {"synthesizedStackPath": "s.json"}}})
UNREADABLE = {
    "no stack": ('{"stacks": {}}', "{}", "no stack"),
    "no JSON": (MANIFEST, "{", "cannot be read"),
    "a list": (MANIFEST, "[]", "cannot be read"),
    "an empty block": (
        MANIFEST,
        '{"resource": {"t": {"n": {"b": [{}]}}}}',
        "values may have been lost",
    ),
}


def test_an_empty_block_that_was_looked_at_is_meant(tmp_path: Path) -> None:
    manifest, stack, _ = UNREADABLE["an empty block"]
    made = read_synthesis(write(tmp_path, manifest, stack), guarded=True)
    assert made.stacks["s"].json["resource"] == {"t": {"n": {"b": [{}]}}}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_an_error(tmp_path: Path, case: str) -> None:
    manifest, stack, message = UNREADABLE[case]
    with pytest.raises(InputError, match=message):
        read_synthesis(write(tmp_path, manifest, stack))
