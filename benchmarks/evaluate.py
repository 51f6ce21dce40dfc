"""Requests a second of the evaluator on one core, beside iam-simulate on the same requests.

Every request is a different one; nothing is remembered between requests. The policies: 20 identity
statements, a permissions boundary, two levels of service control policies, a bucket policy; half of
the statements have conditions. Allowed, explicitly and implicitly denied are at least 15 % each.

`make bench` runs it as `evaluate`.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from revet.iam.evaluate import Outcome, Policies, Request, decide, read_case

ACCOUNT = "111122223333"
BUCKET = "arn:aws:s3:::finance-reports"
LEAST_SHARE = 0.15
ROUNDS = 30

IDENTITY: list[list[dict[str, Any]]] = [
    [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"],
         "Resource": [f"{BUCKET}/*", "arn:aws:s3:::public-data/*"]},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{BUCKET}/${{aws:username}}/*",
         "Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::*",
         "Condition": {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}},
        {"Effect": "Deny", "Action": "s3:*", "Resource": f"{BUCKET}/*",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Effect": "Deny", "Action": ["s3:Delete*", "s3:PutBucket*"], "Resource": "*"},
    ],
    [
        {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:Receive*"],
         "Resource": f"arn:aws:sqs:*:{ACCOUNT}:orders-*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:*",
         "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}},
        {"Effect": "Deny", "Action": "sqs:PurgeQueue", "Resource": "*",
         "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
         "Condition": {"StringEquals": {"kms:ViaService": ["s3.eu-west-1.amazonaws.com"]}}},
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "s3:*", "sqs:*"],
         "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}},
    ],
    [
        {"Effect": "Allow", "Action": "dynamodb:*Item",
         "Resource": f"arn:aws:dynamodb:*:{ACCOUNT}:table/orders"},
        {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*",
         "Condition": {"ForAllValues:StringLike": {"dynamodb:Attributes": ["id", "total", "d*"]}}},
        {"Effect": "Deny", "Action": "dynamodb:Delete*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["ec2:Describe*", "ec2:Get*"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["ec2:StartInstances", "ec2:StopInstances"],
         "Resource": f"arn:aws:ec2:*:{ACCOUNT}:instance/*",
         "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}},
    ],
    [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction",
         "Resource": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders-*"},
        {"Effect": "Allow", "Action": "logs:*", "NotResource": "arn:aws:logs:*:*:log-group:audit*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*",
         "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}}},
        {"Effect": "Allow", "Action": "sns:Publish",
         "Resource": f"arn:aws:sns:*:{ACCOUNT}:alarm-?-*"},
        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
         "Resource": f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:orders/*"},
    ],
]  # fmt: skip
BOUNDARY: list[dict[str, Any]] = [
    {"Effect": "Allow", "Action": ["s3:*", "sqs:*", "dynamodb:*", "ec2:*", "lambda:*", "sns:*"],
     "Resource": "*"},
    {"Effect": "Allow", "Action": ["kms:*", "secretsmanager:*"], "Resource": "*",
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}},
    {"Effect": "Deny", "Action": "sqs:SetQueueAttributes", "Resource": "*",
     "Condition": {"StringNotLike": {"aws:PrincipalTag/team": ["ops*", "sre"]}}},
]  # fmt: skip
SCPS: list[list[dict[str, Any]]] = [
    [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": ["organizations:LeaveOrganization"], "Resource": "*"},
        {"Effect": "Deny", "NotAction": ["iam:*", "sts:*", "s3:*"], "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}},
    ],
    [
        {"Effect": "Allow", "NotAction": "lambda:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "ec2:*", "Resource": "*",
         "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}},
    ],
]  # fmt: skip
BUCKET_POLICY: list[dict[str, Any]] = [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"},
     "Action": "s3:GetObject", "Resource": f"{BUCKET}/shared/*"},
    {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:PutObject",
     "Resource": f"{BUCKET}/*",
     "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}},
    {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"],
     "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}}},
    {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*",
     "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}}},
]  # fmt: skip
TARGETS: dict[str, tuple[str, ...]] = {
    "s3:GetObject": (
        f"{BUCKET}/@",
        f"{BUCKET}/shared/@",
        "arn:aws:s3:::public-data/@",
        "arn:aws:s3:::else/@",
    ),
    "s3:PutObject": (f"{BUCKET}/ana/@", f"{BUCKET}/@"),
    "s3:ListBucket": (BUCKET, "arn:aws:s3:::home-@"),
    "s3:DeleteObject": ("arn:aws:s3:::home/@",),
    "sqs:SendMessage": (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-@",),
    "sqs:PurgeQueue": (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders-@",),
    "sqs:SetQueueAttributes": (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q-@",),
    "dynamodb:GetItem": (f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders",),
    "dynamodb:Query": (f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t@",),
    "dynamodb:DeleteItem": (f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t@",),
    "ec2:StartInstances": (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0@",),
    "lambda:InvokeFunction": (f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders-@",),
    "sns:Publish": (f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarm-1-@",),
    "secretsmanager:GetSecretValue": (
        f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:orders/@-AbCdEf",
    ),
}
"""Actions and their resources; `@` is a name of its own for each request."""


def policies() -> dict[str, Any]:
    """The layers, in the form of an authorization case."""

    def document(statements: list[dict[str, Any]]) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Statement": statements}

    return {
        "identity_policies": [document(statements) for statements in IDENTITY],
        "permissions_boundary": document(BOUNDARY),
        "service_control_policies": [[document(statements)] for statements in SCPS],
        "resource_policy": document(BUCKET_POLICY),
    }


def request(rng: random.Random) -> dict[str, Any]:
    """One random request."""
    action = rng.choice(tuple(TARGETS))
    resource = rng.choice(TARGETS[action]).replace("@", f"{rng.randrange(10**9):09d}")
    context: dict[str, Any] = {
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/ana",  # iam-simulate derives no keys
        "aws:username": "ana",
        "aws:SecureTransport": rng.choice(("true", "true", "true", "false")),
        "aws:SourceIp": f"203.0.{rng.choice((113, 113, 113, 7))}.{rng.randrange(256)}",
        "aws:RequestedRegion": rng.choice(("eu-west-1",) * 9 + ("us-east-1",)),
        "aws:CurrentTime": f"2026-0{rng.choice((1, 2, 3, 4, 5) * 3 + (7,))}-"
        f"{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00Z",
    }
    optional: tuple[tuple[str, Any], ...] = (
        ("aws:PrincipalTag/team", rng.choice(("ops-1", "sre", "web"))),
        ("aws:ResourceTag/team", rng.choice(("ops-1", "sre", "web"))),
        ("aws:MultiFactorAuthPresent", rng.choice(("true", "false"))),
        ("aws:MultiFactorAuthAge", str(rng.randrange(7200))),
        ("s3:x-amz-server-side-encryption", rng.choice(("aws:kms", "AES256"))),
        ("s3:prefix", rng.choice(("", "home/", "home/ana/x", "home/bob/"))),
        ("dynamodb:Attributes", rng.sample(("id", "total", "day", "secret"), 2)),
    )
    context.update(pair for pair in optional if rng.random() < 2 / 3)
    return {
        "principal": f"arn:aws:iam::{ACCOUNT}:user/ana",
        "action": action,
        "resource": resource,
        "context": context,
    }


def requests(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Different random requests.

    Args:
        count: how many.
        seed: of the random numbers.
    """
    rng = random.Random(seed)  # noqa: S311 - the same requests in each run
    found: dict[str, dict[str, Any]] = {}
    while len(found) < count:
        one = request(rng)
        found[json.dumps(one, sort_keys=True)] = one
    return list(found.values())


def write_cases(path: Path, count: int) -> None:
    """Write policies and requests to a file for both evaluators."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"policies": policies(), "requests": requests(count)}))


def run_ours(path: Path) -> dict[str, Any]:
    """Decide all requests; the rate is that of the best round after one that warms up.

    What else runs on the machine only slows a round down.

    Returns:
        `rate` in requests a second, and `shares` of the outcomes.
    """
    data = json.loads(path.read_text())
    found: Policies = read_case({"request": data["requests"][0], **data["policies"]})[1]
    given = [Request(resource_account=ACCOUNT, **one) for one in data["requests"]]
    size = len(given) // (ROUNDS + 1)
    rates = []
    outcomes: Counter[str] = Counter()
    for number in range(ROUNDS + 1):
        part = given[number * size : (number + 1) * size]
        begin = time.perf_counter()
        for one in part:
            outcomes[decide(one, found).outcome.value] += 1
        rates.append(len(part) / (time.perf_counter() - begin))
    shares = {name: number / outcomes.total() for name, number in outcomes.items()}
    return {"rate": max(rates[1:]), "shares": shares}


THEIRS = """
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [file, folder, account, rounds] = process.argv.slice(2)
const found = createRequire(folder + '/').resolve('@cloud-copilot/iam-simulate')
const { runSimulation } = await import(pathToFileURL(found))
const { policies, requests } = JSON.parse(readFileSync(file))
const named = (list) => list.map((policy, index) => ({ name: `p${index}`, policy }))
const fixed = {
  identityPolicies: named(policies.identity_policies),
  permissionBoundaryPolicies: named([policies.permissions_boundary]),
  serviceControlPolicies: policies.service_control_policies.map((level, index) => (
    { orgIdentifier: `o${index}`, policies: named(level) })),
  resourceControlPolicies: [],
  resourcePolicy: policies.resource_policy,
}
const size = Math.floor(requests.length / (Number(rounds) + 1))
const rates = []
const counts = {}
for (let round = 0; round <= Number(rounds); round++) {
  const part = requests.slice(round * size, (round + 1) * size)
  const begin = performance.now()
  for (const one of part) {
    const request = { principal: one.principal, action: one.action,
      resource: { resource: one.resource, accountId: account }, contextVariables: one.context }
    const answer = await runSimulation({ ...fixed, request }, {})
    const outcome = answer.resultType === 'error' ? 'error' : answer.overallResult
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  rates.push(part.length / ((performance.now() - begin) / 1000))
}
const sorted = rates.slice(1).sort((a, b) => a - b)
const all = size * rates.length
const shares = Object.entries(counts).map(([name, number]) => [name, number / all])
console.log(JSON.stringify({ rate: sorted.at(-1), shares: Object.fromEntries(shares) }))
"""
"""Runs iam-simulate over the same file; the rate is measured in the same way."""


def run_theirs(path: Path, folder: Path, node: str) -> dict[str, Any]:
    """Let iam-simulate decide the same requests.

    Args:
        path: the case file.
        folder: where iam-simulate is installed.
        node: the Node program.
    """
    command = [node, "--input-type=module", "-", str(path), str(folder), ACCOUNT, str(ROUNDS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=THEIRS)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def enough(shares: dict[str, float]) -> bool:
    """Whether each outcome is frequent enough for the rate to mean something."""
    wanted = (Outcome.ALLOWED, Outcome.EXPLICITLY_DENIED, Outcome.IMPLICITLY_DENIED)
    return all(shares.get(outcome, 0) >= LEAST_SHARE for outcome in wanted)
