"""iam-simulate from npm as a black box: installed when its test runs, asked through a pipe.

It is AGPL: nothing of it is part of the product or read, only its answers are compared.
"""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.iam.differential.naive_conditions import as_list, as_text
from tests.iam.differential.naive_statements import request_of
from tests.iam.differential.shrink import Case
from tests.iam.differential.vocabulary import KEYS
from tests.iam.differential.walk import all_statements

PACKAGE = "@cloud-copilot/iam-simulate"
VERSION = "0.1.173"
SCRIPT = Path(__file__).parent / "iam_simulate.mjs"
DECISIONS = {
    "Allowed": "allowed",
    "ExplicitlyDenied": "explicitly_denied",
    "ImplicitlyDenied": "implicitly_denied",
}
FULL_ACCESS = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
# It refuses or ignores keys that the Service Authorization Reference does not list for an action.
UNUSED = frozenset(
    key for key in KEYS if key.split("/")[0] in {"aws:ResourceTag", "aws:RequestTag"}
)
UNUSED |= {"aws:TagKeys"}
NAMES = {name.lower(): name for name in KEYS}


def install(folder: Path) -> str:
    """Put it into a folder, unless it is there; why that could not be done, or nothing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no npm on PATH"
    manifest = folder / "node_modules" / PACKAGE / "package.json"
    if manifest.is_file() and json.loads(manifest.read_text())["version"] == VERSION:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund",
        "--fetch-retries", "1", "--fetch-timeout", "20000", f"{PACKAGE}@{VERSION}",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    except subprocess.TimeoutExpired:
        return "npm could not reach its registry in time"
    return "" if done.returncode == 0 else f"npm could not install it: {done.stderr.strip()[-300:]}"


def supported(case: Case) -> Case:
    """The case in the part of the language that iam-simulate takes.

    Resource control policies only deny there, by name of actions, and the default policy goes
    without saying; policies of endpoints name the principal as `*`; all values are texts.
    """
    changed = copy.deepcopy(case)
    changed["resource_control_policies"] = [
        [_policy([FULL_ACCESS]), *([_policy(denied)] if (denied := _denied(level)) else [])]
        for level in case.get("resource_control_policies") or ()
    ]
    changed["request"]["context"] = {
        key: [as_text(item) for item in value] if isinstance(value, list) else as_text(value)
        for key, value in case["request"]["context"].items()
    }
    for statement, _ in all_statements(changed):
        for keys in statement.get("Condition", {}).values():
            for key, values in keys.items():
                keys[key] = [as_text(value) for value in as_list(values)]
    for statement in as_list((changed.get("vpc_endpoint_policy") or {}).get("Statement", [])):
        statement["Principal"] = "*"
    return changed


def _policy(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _denied(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        statement
        for policy in policies
        for statement in as_list(policy["Statement"])
        if statement["Effect"] == "Deny" and "*" not in as_list(statement.get("Action", "*"))
    ]


class Simulator:
    """A process that answers one case after the other."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [shutil.which("node") or "node", str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def decision(self, case: Case) -> str:
        """Its decision, or what it says of a case that it does not take."""
        asked = copy.deepcopy(case)
        given = {key.lower() for key in case["request"]["context"]}
        # It derives no keys from the request.
        asked["request"]["context"] |= {
            NAMES.get(key, key): values[0]
            for key, values in request_of(case).context.items()
            if key not in given
        }
        asked["resource_control_policies"] = [
            [policy for policy in level if policy["Statement"] != [FULL_ACCESS]]
            for level in case.get("resource_control_policies") or ()
        ]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return DECISIONS.get(answer.get("decision", ""), f"error: {answer.get('error')}")

    def close(self) -> None:
        self.process.stdin and self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout and self.process.stdout.close()
