"""Names in which account and region are left open."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Status
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
ACCOUNT = "${data.aws_caller_identity.me.account_id}"
REGION = "${data.aws_region.here.name}"
ANY = "tap-data-dev-[0-9]{12}-[a-z]{2}-[a-z]+-[0-9]"


@pytest.mark.parametrize(
    ("name", "pattern", "status"),
    [
        (f"tap-data-dev-{ACCOUNT}-{REGION}", ANY, Status.PASS),
        (f"tap-data-dev-{ACCOUNT}-us-west-2", ANY, Status.PASS),
        (f"data-dev-{ACCOUNT}-{REGION}", ANY, Status.FAIL),
        (f"tap-data-dev-{REGION}-{ACCOUNT}", ANY, Status.FAIL),
        (f"tap-data-dev-{ACCOUNT}", "tap-data-dev-111122223333", Status.UNKNOWN),
        (f"tap-data-dev-{REGION}", "tap-data-dev-us-east-1", Status.UNKNOWN),
        ("tap-data-dev-${data.aws_vpc.main.id}", ".*", Status.UNKNOWN),
        (f"tap-data-${{upper({ACCOUNT[2:-1]})}}", ".*", Status.UNKNOWN),
    ],
)
def test_account_and_region_may_be_left_open(
    make_plan: MakePlan, name: str, pattern: str, status: Status
) -> None:
    """Until the data sources are read; their place in the configuration shows what they are."""
    plan = make_plan({"aws_s3_bucket": {"data": {"bucket": "later"}}})
    change = plan["resource_changes"][0]
    del change["change"]["after"]["bucket"]
    change["change"]["after_unknown"]["bucket"] = True
    resources = plan["configuration"]["root_module"]["resources"]
    for source in (_source("aws_caller_identity", "me"), _source("aws_region", "here")):
        resources.append(source)
        later = {"actions": ["read"], "before": None, "after": {}, "after_unknown": {"id": True}}
        plan["resource_changes"].append({**source, "change": later})
    sources = re.findall(r"data\.\w+\.\w+", name)
    resources[0]["expressions"]["bucket"] = {"constant_value": name, "references": sources}

    asked = Baseline(
        "test", controls=("terraform-names",), settings={"terraform-names": {"pattern": pattern}}
    )
    judged = run_controls(
        load_plan(plan), select(load_catalog(only=["terraform-names"]), asked, None), subject="plan"
    )

    assert judged.problems == ()
    assert [finding.status for finding in judged.findings] == [status], judged.findings


def _source(kind: str, name: str) -> dict[str, Any]:
    return {"address": f"data.{kind}.{name}", "mode": "data", "type": kind, "name": name}
