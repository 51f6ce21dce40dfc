"""Classes show what they take to `inspect.signature` and `help`, ours and CDK Terrain's."""

from __future__ import annotations

import inspect
import pydoc

import pytest
from cdktn import App, S3Backend, TerraformStack
from cdktn_provider_aws.s3_bucket import S3Bucket
from constructs import Construct

from revet.blueprints.tap.stack import SecureApplicationStack
from revet.constructs import dynamodb, ec2, iam, kms, logs, rds, s3
from revet.constructs.context import Context

CLASSES = [
    (s3.Bucket, ("scope", "construct_id", "key", "sse_s3")),
    (kms.Key, ("scope", "construct_id", "description")),
    (iam.Role, ("scope", "construct_id")),
    (ec2.Vpc, ("scope", "construct_id")),
    (rds.Instance, ("scope", "construct_id")),
    (dynamodb.Table, ("scope", "construct_id")),
    (logs.LogGroup, ("scope", "construct_id")),
    (Context, ("stack", "prefix", "environment_suffix", "region", "tags")),
    (SecureApplicationStack, ("scope",)),
    (S3Bucket, ("scope", "id_", "acl", "bucket", "tags")),
    (S3Backend, ("scope", "bucket", "key", "use_lockfile")),
    (TerraformStack, ("scope", "id")),
    (App, ("context", "outdir")),
]


class Part(Construct):
    """One of a user's own."""

    def __init__(self, scope: Construct, name: str, *, size: int = 3) -> None:
        super().__init__(scope, name)
        self.size = size


@pytest.mark.parametrize(("made", "names"), [*CLASSES, (Part, ("scope", "name", "size"))], ids=str)
def test_a_class_shows_its_arguments(made: type, names: tuple[str, ...]) -> None:
    shown = inspect.signature(made).parameters
    assert set(names) <= set(shown)
    assert "self" not in shown
    own = list(inspect.signature(made.__init__).parameters.values())[1:]  # type: ignore[misc]
    assert list(shown.values()) == own


def test_defaults_and_kinds_are_shown() -> None:
    size = inspect.signature(Part).parameters["size"]
    assert (size.default, size.kind) == (3, inspect.Parameter.KEYWORD_ONLY)
    assert "Part(scope: " in pydoc.plain(pydoc.render_doc(Part)).replace("\n", "")


def test_objects_are_not_touched() -> None:
    part = Part(TerraformStack(App(), "s"), "p")
    assert not hasattr(part, "__signature__")
