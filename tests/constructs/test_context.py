from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from revet.constructs import kms, s3
from revet.constructs.context import PROVIDER_VERSION, Context, Lifecycle
from revet.model.errors import ArgumentError
from revet.synth import new_app

if TYPE_CHECKING:
    from tests.constructs.conftest import MakeStack, Synthesize

TAGS = {"Owner": "tests"}


def test_one_provider_for_both_majors_with_default_tags(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    made = synthesized(stack).json
    assert made["terraform"]["required_providers"]["aws"]["version"] == PROVIDER_VERSION
    assert made["provider"]["aws"] == [
        {
            "region": "us-west-2",
            "default_tags": [
                {"tags": {"Environment": "test", "Owner": "tests", "Purpose": "testing"}}
            ],
        }
    ]


def test_names(stack: cdktn.TerraformStack) -> None:
    context = Context.of(stack)
    assert context.name("x", limit=10) == "app-x-test"
    unique = context.unique_name("x", limit=63)
    assert unique == f"app-x-test-{context.account_id}-us-west-2"


@pytest.mark.parametrize("length", [63, 64])
def test_a_unique_name_counts_the_account(stack: cdktn.TerraformStack, length: int) -> None:
    context = Context.of(stack)
    word = "x" * (length - len("app--test-123456789012-us-west-2"))
    if length <= 63:
        assert context.unique_name(word, limit=63)
        return
    with pytest.raises(ArgumentError, match="64"):
        context.unique_name(word, limit=63)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"region": "mars"}, "aws_region"),
        ({"environment_suffix": "A"}, "environment_suffix"),
        ({"prefix": "a b"}, "prefix"),
        ({"lifecycle": "FOREVER"}, "PROTECTED"),
        ({"tags": {"aws:x": "y"}}, "aws:"),
        ({"lifecycle": "EPHEMERAL", "environment_suffix": "prod"}, "PROTECTED"),
    ],
)
def test_a_bad_argument_leaves_nothing_behind(
    tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    stack = cdktn.TerraformStack(cdktn.App(outdir=str(tmp_path)), "s")
    arguments = {"prefix": "a", "environment_suffix": "b", "region": "us-east-1", "tags": TAGS}
    with pytest.raises(ArgumentError, match=says):
        Context(stack, **{**arguments, **changed})
    assert stack.node.children == []


def test_a_second_context_is_refused(stack: cdktn.TerraformStack) -> None:
    with pytest.raises(ArgumentError, match="only one"):
        Context(stack, prefix="a", environment_suffix="b", region="us-east-1", tags=TAGS)


def test_a_stack_without_a_context_is_told(tmp_path: Path) -> None:
    stack = cdktn.TerraformStack(new_app(tmp_path), "s")
    with pytest.raises(ArgumentError, match="no context"):
        kms.Key(stack, "k", description="x")
    assert stack.node.children == []


def test_a_late_context_needs_the_apps_versions(tmp_path: Path) -> None:
    for app, accepted in ((cdktn.App(outdir=str(tmp_path)), False), (new_app(tmp_path), True)):
        stack = cdktn.TerraformStack(app, "s")
        cdktn.TerraformOutput(stack, "o", value="x")
        arguments: dict[str, Any] = {
            "prefix": "a",
            "environment_suffix": "b",
            "region": "us-east-1",
        }
        if accepted:
            Context(stack, **arguments, tags=TAGS)
        else:
            with pytest.raises(ArgumentError, match="context first"):
                Context(stack, **arguments, tags=TAGS)


def test_records_say_what_was_made_where_and_what_was_weakened(
    stack: cdktn.TerraformStack,
    synthesized: Synthesize,
) -> None:
    s3.Bucket(stack, "logs", sse_s3="a target of access logs")
    made = synthesized(stack)
    record = made.records()["stack/logs"]
    assert record["construct"] == "s3.Bucket"
    assert record["weakened"] == [
        {"argument": "sse_s3", "reason": "a target of access logs", "gives_up": []}
    ]
    assert record["source"]["file"].endswith("tests/constructs/test_context.py")
    assert sorted(record["resources"]) == sorted(made.addresses())
    assert made.json["//"]["revet"]["version"]


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_only_protected_prevents_destruction(
    lifecycle: Lifecycle,
    make_stack: MakeStack,
    synthesized: Synthesize,
) -> None:
    stack = make_stack(lifecycle)
    key = kms.Key(stack, "key", description="x")
    s3.Bucket(stack, "data", key=key)
    made = synthesized(stack)
    protected = lifecycle is Lifecycle.PROTECTED
    for kind in ("aws_kms_key", "aws_s3_bucket"):
        prevented = made.one(kind).get("lifecycle", {}).get("prevent_destroy", False)
        assert prevented is protected
    assert made.one("aws_s3_bucket")["force_destroy"] is not protected
    assert made.one("aws_kms_key")["deletion_window_in_days"] == (30 if protected else 7)
