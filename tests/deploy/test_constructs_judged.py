"""Constructs and gate meet: whatever a construct makes by default, every control accepts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.target.overriding import write_backend_override

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Status
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Decision
from revet.plan import load_plan
from revet.synth import run_program
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform

pytestmark = pytest.mark.embedded

MORE = {
    "apigateway-domain-tls",
    "iam-role-boundary",
    "iam-role-region-guard",
    "kms-key-use",
    "logs-group-critical-events",
    "logs-group-exported",
    "rds-logs-exported",
    "s3-bucket-archive-tier",
}
"""What constructs give where a program asks: an API with `domain`, a role with `boundary`, a
context with `region_guard`, a key with `users`, a log group with filters, a database instance with
`log_key`, a bucket with `archive_after_days`."""
ROW = Requirement("ALL", "every control", (Judged.PLAN,), (), tuple(load_catalog().keys() - MORE))
EVERY = Path(__file__).parents[1] / "constructs" / "programs" / "every_construct.py"


def test_every_control_accepts_every_construct_by_default(tmp_path: Path) -> None:
    made = run_program([str(EVERY)], tmp_path / "out").stacks["every"]
    target = EmbeddedTarget(tmp_path / "aws")
    target.start()
    try:
        write_backend_override(made.directory, target.backend_override(tmp_path / "state"))
        terraform = Terraform(made.directory, environment=target.environment())
        terraform.init()
        saved = terraform.plan()
    finally:
        target.stop()
    catalog = load_catalog()
    plan = load_plan(saved.json_bytes, made.json_path)
    # Without names, keys or a pattern that are asked for, the control has nothing to judge.
    asked: dict[str, dict[str, Any]] = {
        "apigateway-cors": {"origins": ["https://app.example.com"]},
        "config-rule-remediation": {"identifiers": ["S3_DEFAULT_ENCRYPTION_KMS"]},
        "config-rules": {"identifiers": ["S3_DEFAULT_ENCRYPTION_KMS"]},
        "ec2-vpc-zones": {"zones": 2},
        "kms-key-one-service": {"services": ["dynamodb", "rds"]},
        "lambda-function-architecture": {"architecture": "arm64"},
        "terraform-outputs": {"names": ["key_arn"]},
        "tags-required": {"keys": ["Environment", "Owner"]},
        "terraform-names": {"pattern": "app-[a-z0-9-]+-test(-[0-9]{12}-[a-z0-9-]+)?"},
    }
    rows = RequirementSet("every", (ROW,), asked)
    verdict = judge(plan, catalog, requirements=rows, today=dt.date(2026, 1, 1), stack="every")
    assert verdict.problems == ()
    assert verdict.blockers == ()
    assert verdict.decision is Decision.ALLOWED
    judged = {item.control for item in verdict.findings if item.status is Status.PASS}
    assert judged == set(catalog) - MORE, "a control that no construct exercises"
