"""The parts of the rehearsal that need neither Terraform nor AWS."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from revet.files import OUTPUTS, make_working_folder
from revet.model.errors import TargetError, UsageError
from revet.model.finding import Severity, Status
from revet.model.verdict import Decision, Provenance, Verdict
from revet.rehearsal.assembly import DRIFT, Remarks, with_drift, with_remarks
from revet.rehearsal.lock import only_run
from revet.rehearsal.session import keep_verdict
from revet.rehearsal.stages import keep_outputs
from revet.rehearsal.steps import Steps
from revet.target.events import Event
from revet.target.saved_plan import Changes

VERDICT = Verdict(Provenance("tap", "rehearse"))


def test_no_changes_pass_under_the_name_of_the_stack() -> None:
    verdict = with_drift(VERDICT, Changes())
    [finding] = verdict.findings
    assert (finding.address, finding.status) == ("tap", Status.PASS)
    assert verdict.controls == (DRIFT,)
    assert verdict.decision is Decision.ALLOWED


@pytest.mark.parametrize(
    ("changes", "addresses"),
    [
        (Changes(update=("aws_x.a",)), ["aws_x.a"]),
        (Changes(create=("aws_x.a",), delete=("aws_x.b",)), ["aws_x.a", "aws_x.b"]),
        (Changes(replace=("aws_x.a",)), ["aws_x.a"]),
        (Changes(outputs=("url",)), ["output.url"]),
    ],
)
def test_every_change_of_the_second_plan_blocks(changes: Changes, addresses: list[str]) -> None:
    verdict = with_drift(VERDICT, changes)
    assert [finding.address for finding in verdict.findings] == addresses
    assert {finding.status for finding in verdict.findings} == {Status.FAIL}
    assert {finding.severity for finding in verdict.findings} == {Severity.HIGH}
    assert verdict.decision is Decision.BLOCKED


def test_what_was_there_before_is_not_left_over() -> None:
    remarks = Remarks()
    remarks.left_behind(["s3: old"], ["s3: old"])
    assert remarks.problems == []
    assert remarks.notes == {"left after destroy": "nothing"}


def test_what_is_left_is_a_problem_and_is_named() -> None:
    remarks = Remarks()
    remarks.left_behind(["s3: new", "s3: old"], ["s3: old"])
    assert remarks.notes == {"left after destroy": "s3: new"}
    assert with_remarks(VERDICT, remarks).decision is Decision.UNDECIDED
    assert "s3: new" in remarks.problems[0]


def test_a_target_that_cannot_list_is_never_called_clean() -> None:
    remarks = Remarks()
    remarks.left_behind(None, None)
    assert remarks.notes["left after destroy"].startswith("not looked at")


def test_a_failed_step_is_remarks_on_one_line() -> None:
    remarks = Remarks()
    remarks.failed("apply", TargetError("terraform\n  failed", where="aws_x.a", got="a\nb"))
    assert remarks.problems == ["apply failed: terraform failed; where: aws_x.a; got: a b"]


def test_versions_of_the_emulation_are_noted() -> None:
    versions = with_remarks(VERDICT, Remarks()).provenance.versions
    assert {"boto3", "moto"} <= set(versions)


def test_steps_are_measured_and_remarks() -> None:
    seen: list[Event] = []
    times = iter([0.0, 2.0, 10.0, 13.0, 20.0, 21.0])
    steps = Steps(seen.append, clock=lambda: next(times))
    with steps.ours("judge"):
        pass
    with steps.terraform("second plan"):
        steps.relay(Event("step_start", "plan"))
    with steps.ours("judge"):
        pass
    assert steps.seconds == {"judge": 3.0, "second plan": 3.0}
    assert [(event.kind, event.step) for event in seen] == [
        ("step_start", "judge"),
        ("step_done", "judge"),
        ("step_start", "second plan"),
        ("step_start", "judge"),
        ("step_done", "judge"),
    ]


def test_a_step_that_fails_is_measured_too() -> None:
    seen: list[Event] = []
    times = iter([0.0, 2.0])
    steps = Steps(seen.append, clock=lambda: next(times))
    with pytest.raises(TargetError), steps.terraform("apply"):
        raise TargetError("no")
    assert steps.seconds == {"apply": 2.0}
    steps.relay(Event("step_start", "plan"))
    assert seen[-1].step == "plan", "the name of the failed step is not kept"


def test_outputs_are_one_flat_object_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    make_working_folder(folder)
    (folder / OUTPUTS).write_text("older")
    (folder / OUTPUTS).chmod(0o644)
    keep_outputs(folder, {"b": 1, "a": "x"})
    assert json.loads((folder / OUTPUTS).read_text("utf-8")) == {"a": "x", "b": 1}
    assert (folder / OUTPUTS).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_verdict_is_kept_in_both_forms(tmp_path: Path) -> None:
    keep_verdict(tmp_path, VERDICT)
    data = json.loads((tmp_path / "verdict.json").read_text("utf-8"))
    assert Verdict.from_dict(data) == VERDICT
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!")


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_run(tmp_path, "rehearse tap"):
        with pytest.raises(UsageError, match=r"`rehearse tap`") as caught, only_run(tmp_path, "x"):
            pytest.fail("the folder is held")
        assert str(tmp_path) in caught.value.where
        assert caught.value.exit_code == 3
    with only_run(tmp_path, "deploy tap"):
        pass


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from revet.rehearsal.lock import only_run\n"
        "with only_run(pathlib.Path(sys.argv[1]), 'rehearse tap'):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -9
    with only_run(tmp_path, "rehearse tap"):
        pass
