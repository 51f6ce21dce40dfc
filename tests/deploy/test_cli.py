"""The command line over a Terraform folder: every command of the road, as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_s3_bucket" "data" {
  bucket = "data-of-the-command-line"
}
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Enabled"
  }
}
output "bucket" {
  value = aws_s3_bucket.data.bucket
}
"""
CONFIGURATION = """
fail_on = "none"
region = "eu-west-1"

[stacks.infra]
terraform = "infra"

[stacks.strict]
terraform = "infra"
fail_on = "low"
"""


class Project:
    """A user's project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "infra").mkdir()
        (folder / "infra" / "main.tf").write_text(MAIN)
        (folder / "revet.toml").write_text(CONFIGURATION)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "revet.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1"},
            timeout=300,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
        return ended.stdout


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path)
    yield project
    project.run("aws", "stop")


def test_deploy_verify_report_destroy(project: Project) -> None:
    before = sorted(project.folder.glob("infra/*"))
    checked = project.succeed("check", "infra")
    assert "FAIL s3-bucket-encryption (high) at 1 address" in checked
    assert project.run("aws", "status").returncode == 3, "`check` leaves nothing running"

    refused = project.run("deploy", "strict")
    assert refused.returncode == 1
    assert "blocked: strict at deploy" in refused.stdout

    deployed = project.succeed("deploy", "infra")
    assert "deployed: 2 to create" in deployed
    outputs = project.folder / ".revet" / "infra" / "embedded" / "outputs.json"
    assert json.loads(outputs.read_text()) == {"bucket": "data-of-the-command-line"}
    assert "data-of-the-command-line" in project.succeed("aws", "status")
    assert "export AWS_CA_BUNDLE=" in project.succeed("aws", "env")

    verified = json.loads(project.succeed("verify", "infra", "--format", "json"))
    passed = {item["control"] for item in verified["findings"] if item["status"] == "pass"}
    assert "s3-bucket-versioning" in passed
    assert verified["provenance"]["target"] == "embedded"
    page = project.folder / "report.html"
    project.succeed("report", "infra", "--format", "html", "--output", str(page))
    assert "embedded AWS" in page.read_text()

    destroyed = project.succeed("destroy", "infra")
    assert "still in the target: nothing" in destroyed
    assert sorted(project.folder.glob("infra/*")) == before, "the user's folder is left alone"


@pytest.mark.slow
def test_rehearse_leaves_nothing(project: Project) -> None:
    shown = project.succeed("rehearse", "infra")
    assert "left after destroy: nothing" in shown
    folder = project.folder / ".revet" / "infra" / "rehearsal"
    verdict = json.loads((folder / "verdict.json").read_text())
    second = [item for item in verdict["findings"] if item["control"] == "terraform-second-plan"]
    assert [item["status"] for item in second] == ["pass"]
    assert project.run("aws", "status").returncode == 3, "what it started it has stopped"
