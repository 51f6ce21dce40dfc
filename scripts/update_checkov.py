"""Run Checkov over the plan of every blueprint, and write down what it says against them.

    PYTHONPATH=.:benchmarks python scripts/update_checkov.py

Each blueprint is synthesized as its program does by default, planned by the real Terraform beside
an embedded AWS, and judged by Checkov, which is installed into `.tools/` once. What fails is
written to `tests/blueprints/checkov.json`; `docs/checkov.toml` must answer all of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.target.overriding import write_backend_override

import peers
from revet.synth import run_program
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / ".tools"
FAILURES = ROOT / "tests" / "blueprints" / "checkov.json"
BLUEPRINTS = ("state_backend", "tap", "trading_platform", "zero_trust")
_READ = ("ENVIRONMENT_SUFFIX", "AWS_REGION", "LIFECYCLE", "LOCK", "PURPOSE")
Failures = dict[str, dict[str, list[str]]]
"""Blueprint to check to the addresses of what fails it."""


def failures_of(checkov: Path, folder: Path) -> Failures:
    """What Checkov says against each blueprint.

    Args:
        checkov: its program.
        folder: an empty folder to work in.
    """
    target = EmbeddedTarget(folder / "aws")
    target.start()
    try:
        plans = {name: _plan(name, folder / name, target) for name in BLUEPRINTS}
    finally:
        target.stop()
    return {name: _judged(checkov, plan) for name, plan in plans.items()}


def _plan(blueprint: str, folder: Path, target: EmbeddedTarget) -> Path:
    """The plan of a blueprint, as JSON in a file."""
    program = ROOT / "src" / "revet" / "blueprints" / blueprint / "program.py"
    environment = {name: value for name, value in os.environ.items() if name not in _READ}
    environment["OWNER"] = "platform-security"
    [made] = run_program([str(program)], folder / "out", environment).stacks.values()
    write_backend_override(made.directory, target.backend_override(folder / "state"))
    terraform = Terraform(made.directory, environment=target.environment())
    terraform.init()
    plan = folder / "plan.json"
    plan.write_bytes(terraform.plan().json_bytes)
    return plan


def _judged(checkov: Path, plan: Path) -> dict[str, list[str]]:
    """Check to the addresses of what fails it, both in order."""
    command = [str(checkov), "--file", plan.name, "--framework", "terraform_plan", "--quiet",
               "--compact", "--output", "json"]  # fmt: skip
    environment = {**os.environ, "BC_SKIP_MAPPING": "TRUE"}
    run = subprocess.run(
        command, cwd=plan.parent, env=environment, capture_output=True, check=False
    )
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stderr.decode())
    report: dict[str, Any] = json.loads(run.stdout)
    found: dict[str, list[str]] = {}
    for failed in report.get("results", {}).get("failed_checks", []):
        found.setdefault(failed["check_id"], []).append(failed["resource"])
    return {check: sorted(set(found[check])) for check in sorted(found)}


def main() -> None:
    """Write what fails."""
    with tempfile.TemporaryDirectory() as folder:
        found = failures_of(peers.checkov(TOOLS), Path(folder))
    FAILURES.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for name, checks in found.items():
        print(f"{name}: {sum(map(len, checks.values()))} failures of {len(checks)} checks")


if __name__ == "__main__":
    main()
