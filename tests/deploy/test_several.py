"""Stacks of one app that read outputs of each other, with the real Terraform."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

PROGRAM = """\
import sys
import cdktn
from revet.constructs.context import Context
from cdktn_provider_aws.sns_topic import SnsTopic
from cdktn_provider_aws.sqs_queue import SqsQueue


class Part(cdktn.TerraformStack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        Context(self, prefix="pay", environment_suffix="dev", region="eu-west-1",
                tags={"Environment": "dev", "Owner": "p", "Purpose": "t"}, lifecycle="EPHEMERAL")


app = cdktn.App()
first, second = Part(app, "first"), Part(app, "second")
topic = SnsTopic(first, "topic", name="orders")
queue = SqsQueue(second, "queue", name="orders", tags={"Topic": topic.arn})
cdktn.TerraformOutput(second, "topic_of_the_first", value=topic.arn, static_id=True)
cdktn.TerraformOutput(second, "queue_arn", value=queue.arn, static_id=True)
app.synth()
"""
SETTINGS = """\
fail_on = "none"
region = "eu-west-1"

[stacks.second]
program = "python app.py"

[stacks.a]
program = "python app.py"
stack = "first"
"""
ARN = "arn:aws:sns:eu-west-1:123456789012:orders"


class Project:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "app.py").write_text(PROGRAM)
        (folder / "revet.toml").write_text(SETTINGS)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "revet.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1"},
            timeout=600,
            check=False,
        )

    def outputs(self, stack: str) -> dict[str, str]:
        path = self.folder / ".revet" / stack / "embedded" / "outputs.json"
        return dict(json.loads(path.read_text()))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path)
    yield project
    project.run("aws", "stop")


def turns(text: str) -> list[str]:
    pattern = r"^(?:check|deploy|rehearse|verify|destroy) `(\w+)`, \d of \d"
    return re.findall(pattern, text, re.MULTILINE)


def test_all_are_deployed_and_destroyed_in_order(project: Project) -> None:
    early = project.run("deploy", "second")
    assert early.returncode == 3
    assert "`revet deploy a` first" in early.stderr

    deployed = project.run("deploy", "--all", "--format", "json")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert turns(deployed.stderr) == ["a", "second"]
    verdicts = json.loads(deployed.stdout)["verdicts"]
    assert [item["provenance"]["stack"] for item in verdicts] == ["a", "second"]

    needed = project.run("destroy", "a")
    assert needed.returncode == 3
    assert "`revet destroy second` first" in needed.stderr

    verified = project.run("verify", "--all", "--output", "reports")
    assert verified.returncode == 0, verified.stderr
    assert sorted(path.name for path in (project.folder / "reports").iterdir()) == [
        "a.txt",
        "second.txt",
    ]
    rehearsed = project.run("rehearse", "second")
    assert rehearsed.returncode == 0, rehearsed.stderr + rehearsed.stdout
    assert turns(rehearsed.stderr) == ["a", "second"], "the update of both, in a copy"

    destroyed = project.run("destroy", "--all")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert turns(destroyed.stderr) == ["second", "a"]
    again = project.run("destroy", "--all")
    assert again.returncode == 0, again.stderr


def test_check_knows_nothing_of_what_is_not_deployed(project: Project) -> None:
    checked = project.run("check", "--all", "--format", "markdown")
    assert checked.returncode == 0, checked.stderr
    assert turns(checked.stderr) == ["a", "second"]
    plan = json.loads((project.folder / ".revet/second/check/plan.json").read_text())
    [queue] = [item for item in plan["resource_changes"] if item["type"] == "aws_sqs_queue"]
    assert ARN not in json.dumps(queue)
    assert plan["output_changes"]["topic_of_the_first"]["after_unknown"] is True


def test_a_rehearsal_reads_what_the_other_one_has_made(project: Project) -> None:
    rehearsed = project.run("rehearse", "--all")
    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    plan = json.loads((project.folder / ".revet/second/rehearsal/plan.json").read_text())
    assert ARN in json.dumps(plan["planned_values"])


def test_what_needs_a_blocked_stack_is_undecided(project: Project) -> None:
    settings = project.folder / "revet.toml"
    settings.write_text(SETTINGS + 'fail_on = "low"\n')
    ended = project.run("rehearse", "second")
    assert ended.returncode == 2, ended.stderr
    assert "`a`, which it needs, is not deployed" in ended.stdout
