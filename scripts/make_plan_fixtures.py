"""Make tests/plan/data/*.json from tests/plan/sources/* with the real Terraform and AWS provider.

    python scripts/make_plan_fixtures.py [NAME …]

Needs `terraform` on PATH and the AWS provider in a plugin folder (`TF_CLI_ARGS_init`) or from the
registry. No AWS account: nothing is refreshed and no data source needs the network. What differs
between machines and runs, and what the product does not read, is left out of the fixtures.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "plan" / "sources"
DATA = ROOT / "tests" / "plan" / "data"
KEPT = (
    "format_version",
    "terraform_version",
    "variables",
    "planned_values",
    "resource_changes",
    "output_changes",
    "prior_state",
    "configuration",
    "checks",
    "relevant_attributes",
    "applyable",
    "complete",
    "errored",
)
# What `changes` finds in its state: name of a topic to its attributes beyond name and ARN.
TOPICS = ("kept", "updated", "replaced", "deleted", "forgotten")


def main() -> None:
    """Make the named fixtures, or all."""
    names = sys.argv[1:] or sorted(path.name for path in SOURCES.iterdir() if path.is_dir())
    DATA.mkdir(exist_ok=True)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / name
            shutil.copytree(SOURCES / name, work)
            if name == "changes":
                (work / "terraform.tfstate").write_text(json.dumps(_state()))
            elif (work / "state.json").exists():
                (work / "state.json").rename(work / "terraform.tfstate")
            plan = _plan(work)
            text = json.dumps(_trimmed(plan), indent=1, sort_keys=True) + "\n"
            if folder in text:
                message = f"{name}: the plan holds a path of this machine"
                raise SystemExit(message)
        (DATA / f"{name}.json").write_text(text)
        print(f"{name}: {len(plan['resource_changes'])} resources")


def _plan(work: Path) -> dict[str, Any]:
    for arguments in (("init",), ("plan", "-refresh=false", "-out=plan.bin")):
        command = ["terraform", arguments[0], "-no-color", "-input=false", *arguments[1:]]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
    shown = subprocess.run(
        ["terraform", "show", "-json", "plan.bin"], cwd=work, capture_output=True, check=True
    )
    plan: dict[str, Any] = json.loads(shown.stdout)
    return plan


def _trimmed(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: plan[name] for name in KEPT if name in plan}


def _state() -> dict[str, Any]:
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {},
        "resources": [_topic(name) for name in TOPICS],
    }


def _topic(name: str) -> dict[str, Any]:
    arn = f"arn:aws:sns:us-west-2:123456789012:{name}"
    return {
        "mode": "managed",
        "type": "aws_sns_topic",
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [
            {
                "schema_version": 0,
                "attributes": {
                    "id": arn,
                    "arn": arn,
                    "name": name,
                    "fifo_topic": False,
                    "content_based_deduplication": False,
                    "tags_all": {},
                },
            }
        ],
    }


if __name__ == "__main__":
    main()
