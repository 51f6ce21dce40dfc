"""Make `plan.json` of the stacks in tests/plan/source with the real Terraform and provider.

    python scripts/make_source_plans.py [NAME …]

Needs `terraform` on PATH and the AWS provider in a plugin folder (`TF_CLI_ARGS_init`) or from the
registry. No AWS account: credentials are false, and nothing is asked of AWS. The provider's
settings are put beside the stack for the plan only: sources are not compared by them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "tests" / "plan" / "source"
STACKS = {path.parent.name: path.parent for path in (SOURCE / "stacks").glob("*/main.tf*")} | {
    "references": SOURCE / "references"
}
KEPT = (
    *("format_version", "terraform_version", "variables", "planned_values", "resource_changes"),
    *("output_changes", "prior_state", "configuration", "checks", "complete", "errored"),
)
PROVIDER = """terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Environment = "test", Owner = "platform", Purpose = "corpus" }
  }
}
"""


def main() -> None:
    """Make the plans of the named stacks, or of all."""
    for name in sys.argv[1:] or sorted(STACKS):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / name
            shutil.copytree(STACKS[name], work, ignore=shutil.ignore_patterns("plan.json"))
            (work / "provider.tf").write_text(PROVIDER)
            plan = _plan(work)
            text = json.dumps({key: plan[key] for key in KEPT if key in plan}, sort_keys=True)
            if folder in text:
                message = f"{name}: the plan holds a path of this machine"
                raise SystemExit(message)
        (STACKS[name] / "plan.json").write_text(text + "\n")
        print(f"{name}: {len(plan['resource_changes'])} resources, {len(text):,} bytes")


def _plan(work: Path) -> dict[str, Any]:
    for arguments in (("init",), ("plan", "-refresh=false", "-out=plan.bin")):
        command = ["terraform", arguments[0], "-no-color", "-input=false", *arguments[1:]]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{work.name}: {done.stdout}{done.stderr}")
    shown = subprocess.run(
        ["terraform", "show", "-json", "plan.bin"], cwd=work, capture_output=True, check=True
    )
    plan: dict[str, Any] = json.loads(shown.stdout)
    return plan


if __name__ == "__main__":
    main()
