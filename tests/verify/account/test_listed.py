"""Types of which rules ask for names and tags alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status
from revet.plan.calls import calls_of
from revet.plan.terraform_types import terraform_type, types_with

Audit = Any  # of conftest.py, which the test folders cannot import
KINDS = tuple(
    kind
    for kind in types_with("read")
    if (calls := calls_of(kind)) and calls.tags and calls.tags.tagged
)


def found(audit: Audit, kind: str, name: str) -> Any:  # noqa: ANN401 - an observed resource
    attribute = terraform_type(kind).name
    (one,) = [item for item in audit.all(kind).values() if item.values[attribute] == name]
    return one


@pytest.mark.parametrize("kind", KINDS)
def test_its_form(kind: str, whole: Audit) -> None:
    item = found(whole, kind, "full")
    assert item.id == item.values["id"]
    assert item.id in ("full", item.values["arn"])
    assert item.values["arn"].startswith("arn:aws:")


@pytest.mark.parametrize("kind", KINDS)
def test_tags_that_are_told_are_judged_and_others_are_unknown(
    kind: str, whole: Audit, answering: Callable[..., Audit]
) -> None:
    full, bare = (found(whole, kind, name) for name in ("full", "bare"))
    owned = {"ResourceARN": full.values["arn"], "Tags": [{"Key": "Owner", "Value": "security"}]}
    once = {"ResourceARN": bare.values["arn"], "Tags": []}
    for told, status in (([owned], Status.UNKNOWN), ([owned, once], Status.FAIL)):
        tags = {"ResourceTagMappingList": told}
        audit = answering({("resourcegroupstaggingapi", "get_resources"): tags}, kind)
        assert audit.says("tags-required", kind, full.id) is Status.PASS
        assert audit.says("tags-required", kind, bare.id) is status
        untold = status is Status.UNKNOWN
        assert ("does not list it" in audit.why("tags-required", kind, bare.id)) is untold
