"""Parameter groups of databases and clusters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
KINDS = {
    "aws_db_parameter_group": ("DBParameterGroup", "describe_db_parameter_groups"),
    "aws_rds_cluster_parameter_group": (
        "DBClusterParameterGroup",
        "describe_db_cluster_parameter_groups",
    ),
}
PARAMETER = {
    "ParameterName": "rds.force_ssl",
    "ParameterValue": "1",
    "Source": "user",
    "ApplyMethod": "immediate",
}


def answers(kind: str, name: str, tags: list[dict[str, str]]) -> dict[tuple[str, str], Any]:
    word, operation = KINDS[kind]
    group = {
        f"{word}Name": name,
        f"{word}Arn": f"arn:aws:rds:::{name}",
        "DBParameterGroupFamily": "postgres16",
    }
    return {
        ("rds", operation): {f"{word}s": [group]},
        ("rds", operation.replace("_groups", "s")): {"Parameters": [PARAMETER]},
        ("rds", "list_tags_for_resource"): {"TagList": tags},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_aws_makes_is_marked(kind: str, answering: Callable[..., Audit]) -> None:
    audit = answering(answers(kind, "default.postgres16", []), kind)
    assert audit.one(kind, "default.postgres16").made_by == "aws"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tags", "status"), [([{"Key": "Owner", "Value": "a"}], Status.PASS), ([], Status.FAIL)]
)
def test_tags_are_its_own(
    kind: str, tags: list[dict[str, str]], status: Status, answering: Callable[..., Audit]
) -> None:
    audit = answering(answers(kind, "app", tags), kind)
    assert not audit.one(kind, "app").made_by
    assert audit.says("tags-required", kind, "app") is status


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_set_is_read(kind: str, answering: Callable[..., Audit]) -> None:
    audit = answering(answers(kind, "app", []), kind)
    assert audit.one(kind, "app").values["parameter"] == [
        {"name": "rds.force_ssl", "value": "1", "apply_method": "immediate"}
    ]
