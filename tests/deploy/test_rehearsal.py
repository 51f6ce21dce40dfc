"""The rehearsal with the real Terraform and the real provider, on the embedded AWS."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.walks import deploy, destroy, rehearse, verify

from revet.gate.baseline import Baseline
from revet.model.finding import Origin, Status
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict
from revet.rehearsal.stack_input import StackInput
from revet.target.embedded import EmbeddedTarget
from revet.target.events import Event

pytestmark = pytest.mark.embedded

REGION = "us-west-2"
LOGS = Baseline("logs", controls=("logs-group-retention",))
SMALL = RequirementSet(
    "small",
    (
        Requirement(
            "R-1",
            "storage is encrypted with the customer's key",
            (Judged.PLAN, Judged.PROOF, Judged.LIVE),
            (),
            ("s3-bucket-encryption", "s3-bucket-versioning", "kms-key-rotation", "kms-key-alias"),
        ),
        Requirement(
            "R-2",
            "logs are encrypted and kept",
            (Judged.PLAN, Judged.LIVE),
            (),
            ("logs-group-encryption", "logs-group-retention"),
        ),
    ),
    {"s3-bucket-encryption": {"customer_managed_key": True}, "logs-group-retention": {"days": 30}},
)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[EmbeddedTarget]:
    made = EmbeddedTarget(tmp_path / "aws", region=REGION)
    yield made
    made.stop()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def _stack(folder: Path, resources: dict[str, Any], **more: Any) -> Path:  # noqa: ANN401 - JSON
    folder.mkdir()
    configuration = {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}},
            "backend": {"s3": {"bucket": "absent", "key": "state", "region": REGION}},
        },
        "provider": {"aws": [{"region": REGION}]},
        "resource": resources,
        **more,
    }
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    return folder


def _groups(*names: str, **arguments: object) -> dict[str, Any]:
    common = {"retention_in_days": 90, **arguments}
    return {"aws_cloudwatch_log_group": {n: {"name": f"/small/{n}", **common} for n in names}}


def _logs_client(target: EmbeddedTarget) -> Any:  # noqa: ANN401 - boto3 makes client classes at run time
    return target.session(REGION).client("logs")


def _names(target: EmbeddedTarget) -> list[str]:
    groups = _logs_client(target).describe_log_groups()["logGroups"]
    return [group["logGroupName"] for group in groups]


@pytest.mark.slow
def test_the_whole_road_over_a_small_stack(
    target: EmbeddedTarget, tmp_path: Path, work: Path
) -> None:
    bucket = "${aws_s3_bucket.data.id}"
    key = "${aws_kms_key.data.arn}"
    stack = _stack(
        tmp_path / "stack",
        {
            "aws_kms_key": {"data": {"enable_key_rotation": True}},
            "aws_kms_alias": {
                "data": {"name": "alias/small", "target_key_id": "${aws_kms_key.data.id}"}
            },
            "aws_s3_bucket": {"data": {"bucket": "small-data"}},
            "aws_s3_bucket_versioning": {
                "data": {"bucket": bucket, "versioning_configuration": {"status": "Enabled"}}
            },
            "aws_s3_bucket_server_side_encryption_configuration": {
                "data": {
                    "bucket": bucket,
                    "rule": {
                        "bucket_key_enabled": True,
                        "apply_server_side_encryption_by_default": {
                            "sse_algorithm": "aws:kms",
                            "kms_master_key_id": key,
                        },
                    },
                }
            },
            **_groups("app", kms_key_id=key),
        },
        output={
            "bucket_name": {"value": "${aws_s3_bucket.data.bucket}"},
            "hidden": {"value": "${aws_kms_key.data.id}", "sensitive": True},
        },
    )
    steps: list[str] = []

    def observe(event: Event) -> None:
        if event.kind == "step_done":
            steps.append(event.step)

    road = StackInput(
        "small",
        stack,
        requirements=SMALL,
        baseline=Baseline("rows only", controls=()),
        region=REGION,
    )
    verdict = rehearse(road, target, work, observe)

    assert verdict.decision is Decision.ALLOWED, (verdict.problems, verdict.blockers)
    assert [(cell.judged, cell.status) for row in verdict.matrix for cell in row.cells] == [
        (Judged.PLAN, Status.PASS),
        (Judged.PROOF, Status.NOT_EXERCISED),
        (Judged.LIVE, Status.PASS),
        (Judged.PLAN, Status.PASS),
        (Judged.LIVE, Status.PASS),
    ]
    live = [item for item in verdict.evidence if item.judged is Judged.LIVE]
    assert {item.origin for item in live} == {Origin.EMULATED}
    assert "customer-managed" in next(i for i in live if "s3-bucket-enc" in i.source).detail
    assert steps == [
        *("start", "init", "plan", "judge", "apply", "outputs", "verify", "second plan"),
        *("destroy", "leftovers"),
    ]
    notes = verdict.provenance.notes
    assert notes["left after destroy"] == "nothing"
    assert notes["apply floor"].startswith("8 s (aws_kms_key.data); measured ")
    assert {"apply and destroy above their floors", "everything else"} <= set(notes)
    assert verdict.provenance.target == "embedded"
    assert verdict.provenance.account == "123456789012"
    assert {"revet", "terraform", "moto"} <= set(verdict.provenance.versions)
    assert json.loads((work / "outputs.json").read_text("utf-8")) == {"bucket_name": "small-data"}
    kept = json.loads((work / "verdict.json").read_text("utf-8"))
    assert Verdict.from_dict(kept).decision is Decision.ALLOWED
    calls = [json.loads(line) for line in (work / "calls.jsonl").read_text("utf-8").splitlines()]
    assert {"CreateBucket", "GetBucketVersioning", "DeleteBucket"} <= {
        c["eventName"] for c in calls
    }
    assert target.leftovers() == []
    assert target.daemon.internal_errors() == []


@pytest.mark.slow
def test_drift_and_leftovers_are_found(target: EmbeddedTarget, tmp_path: Path, work: Path) -> None:
    def observe(event: Event) -> None:
        if (event.kind, event.step) == ("step_done", "verify"):
            logs = _logs_client(target)
            logs.put_retention_policy(logGroupName="/small/app", retentionInDays=7)
            logs.create_log_group(logGroupName="/made/by/nobody")

    stack = _stack(tmp_path / "stack", _groups("app"))
    target.start()
    _logs_client(target).create_log_group(logGroupName="/was/there/before")
    road = StackInput("small", stack, baseline=LOGS, region=REGION)
    verdict = rehearse(road, target, work, observe)

    [drift] = [f for f in verdict.findings if f.control == "terraform-second-plan"]
    assert (drift.address, drift.status) == ("aws_cloudwatch_log_group.app", Status.FAIL)
    [left] = verdict.problems
    assert "/made/by/nobody" in left
    assert "/was/there/before" not in left
    assert verdict.decision is Decision.UNDECIDED
    assert _names(target) == ["/made/by/nobody", "/was/there/before"]


@pytest.mark.slow
def test_a_blocked_plan_is_not_applied(target: EmbeddedTarget, tmp_path: Path, work: Path) -> None:
    stack = _stack(tmp_path / "stack", _groups("app", retention_in_days=0))
    verdict = rehearse(StackInput("small", stack, baseline=LOGS, region=REGION), target, work)
    assert verdict.decision is Decision.BLOCKED
    assert target.leftovers() == []
    assert "apply" not in verdict.provenance.seconds


@pytest.mark.slow
def test_a_failed_apply_is_cleaned_up(target: EmbeddedTarget, tmp_path: Path, work: Path) -> None:
    stack = _stack(tmp_path / "stack", _groups("app", "taken"))
    target.start()
    _logs_client(target).create_log_group(logGroupName="/small/taken")
    verdict = rehearse(StackInput("small", stack, baseline=LOGS, region=REGION), target, work)
    assert verdict.decision is Decision.UNDECIDED
    [problem] = verdict.problems
    assert problem.startswith("apply failed:")
    assert "aws_cloudwatch_log_group.taken" in problem
    assert _names(target) == ["/small/taken"]
    assert verdict.provenance.notes["left after destroy"] == "nothing"


_KILLED = """
import os, signal, sys
from pathlib import Path
import psutil
from revet.gate.baseline import Baseline
from revet.rehearsal.rehearse import rehearse
from revet.rehearsal.session import hold
from revet.rehearsal.stack_input import StackInput
from revet.target.embedded import EmbeddedTarget

def observe(event):
    if (event.kind, event.step) == ("resource_done", "apply"):
        for child in psutil.Process().children(recursive=True):
            child.kill()
        os.kill(os.getpid(), signal.SIGKILL)

root = Path(sys.argv[1])
road = StackInput("small", root / "stack", region="us-west-2",
                 baseline=Baseline("logs", controls=("logs-group-retention",)))
target = EmbeddedTarget(root / "aws", region="us-west-2")
with hold(root / "work", "rehearse small", target) as session:
    rehearse(session, road, observe)
"""


@pytest.mark.slow
def test_a_killed_rehearsal_is_cleaned_up_by_the_next(
    target: EmbeddedTarget, tmp_path: Path, work: Path
) -> None:
    stack = _stack(tmp_path / "stack", _groups("app"))
    target.start()
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert _names(target) == ["/small/app"]
    verdict = rehearse(StackInput("small", stack, baseline=LOGS, region=REGION), target, work)
    assert verdict.decision is Decision.ALLOWED, verdict.problems
    assert verdict.provenance.notes["cleared"].startswith("1 resources")
    assert _names(target) == []


@pytest.mark.slow
def test_deploy_verify_and_destroy_go_on_from_each_other(
    target: EmbeddedTarget, tmp_path: Path, work: Path
) -> None:
    stack = _stack(tmp_path / "stack", _groups("app"), output={"group": {"value": "/small/app"}})
    road = StackInput("small", stack, baseline=LOGS, region=REGION)
    assert deploy(road, target, work).decision is Decision.ALLOWED
    assert verify(road, target, work).decision is Decision.ALLOWED
    _logs_client(target).delete_retention_policy(logGroupName="/small/app")
    spoiled = verify(road, target, work)
    assert spoiled.decision is Decision.BLOCKED
    assert [f.control for f in spoiled.findings] == ["logs-group-retention"]
    again = deploy(road, target, work)
    assert again.provenance.notes["deployed"] == "1 to update"
    assert destroy(road, target, work).decision is Decision.ALLOWED
    assert target.leftovers() == []
