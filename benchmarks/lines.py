"""Cases of one file a line, decided by `revet iam authorize --cases` and by iam-simulate.

Every line holds its request and all of its policies, as the command takes them; both read the file,
decide every line and write one line of JSON for each. The whole command is measured, its start
included. The policies are those of `evaluate`, in turns with some of them left out, so that a
line's policies are neither all the same nor all new.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import evaluate
from measure import Command

COUNT = 6_000
_VARIANTS = 40


def write_lines(path: Path, count: int = COUNT) -> None:
    """Write cases, one a line.

    Args:
        path: of the file.
        count: how many.
    """
    whole = evaluate.policies()
    lines = []
    for number, request in enumerate(evaluate.requests(count)):
        policies = _variant(whole, number % _VARIANTS)
        case = {
            "name": str(number),
            "request": request,
            "resource_account": evaluate.ACCOUNT,
            **policies,
        }
        lines.append(json.dumps(case))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _variant(whole: dict[str, Any], number: int) -> dict[str, Any]:
    """The policies with one statement left out."""
    identity = [dict(document) for document in whole["identity_policies"]]
    document = identity[number % len(identity)]
    left_out = number // len(identity) % len(document["Statement"])
    document["Statement"] = [
        item for place, item in enumerate(document["Statement"]) if place != left_out
    ]
    return {**whole, "identity_policies": identity}


def ours(cases: Path, decisions: Path, environment: Mapping[str, str]) -> Command:
    """Our command.

    Args:
        cases: the file of lines.
        decisions: file for the answers.
        environment: of the command.
    """
    words = [sys.executable, "-m", "revet.cli", "iam", "authorize", "--cases", str(cases)]
    return Command([*words, "--output", str(decisions)], cases.parent, environment, accept=(0, 2))


def theirs(
    cases: Path, decisions: Path, environment: Mapping[str, str], peer: tuple[str, Path]
) -> Command:
    """The peer's, as a program that does the same.

    Args:
        cases: the file of lines.
        decisions: file for the answers.
        environment: of the command.
        peer: Node, and the folder that holds iam-simulate.
    """
    node, folder = peer
    script = cases.parent / "lines.mjs"
    script.write_text(_THEIRS, encoding="utf-8")
    words = [node, str(script), str(cases), str(decisions), str(folder)]
    return Command(words, cases.parent, environment)


def agreement(first: Path, second: Path) -> float:
    """Share of the lines on which two files of decisions agree."""
    pairs = list(zip(first.read_text().splitlines(), second.read_text().splitlines(), strict=True))
    same = sum(_outcome(one) == _outcome(other) for one, other in pairs)
    return same / len(pairs)


def _outcome(line: str) -> str:
    """`allowed`, `explicitly_denied`, `implicitly_denied`, however it is spelt."""
    return str(json.loads(line)["decision"]).replace("_", "").lower()


_THEIRS = """
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [file, output, folder] = process.argv.slice(2)
const found = createRequire(folder + '/').resolve('@cloud-copilot/iam-simulate')
const { runSimulation } = await import(pathToFileURL(found))
const named = (list) => list.map((policy, index) => ({ name: `p${index}`, policy }))
const lines = []
for (const line of readFileSync(file, 'utf8').split('\\n')) {
  if (!line) continue
  const one = JSON.parse(line)
  const answer = await runSimulation({
    identityPolicies: named(one.identity_policies),
    permissionBoundaryPolicies: named([one.permissions_boundary]),
    serviceControlPolicies: one.service_control_policies.map((level, index) => (
      { orgIdentifier: `o${index}`, policies: named(level) })),
    resourceControlPolicies: [],
    resourcePolicy: one.resource_policy,
    request: {
      principal: one.request.principal,
      action: one.request.action,
      resource: { resource: one.request.resource, accountId: one.resource_account },
      contextVariables: one.request.context,
    },
  }, {})
  const outcome = answer.resultType === 'error' ? 'error' : answer.overallResult
  lines.push(JSON.stringify({ name: one.name, decision: outcome }))
}
writeFileSync(output, lines.join('\\n') + '\\n')
"""
