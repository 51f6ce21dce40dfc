"""The product against the naive evaluator on policies that AWS wrote, not a generator of ours."""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.iam.differential.cases import Draw
from tests.iam.differential.comparison import decisions, differences
from tests.iam.differential.naive import evaluate
from tests.iam.differential.naive_conditions import as_list, as_text
from tests.iam.differential.naive_text import VARIABLE
from tests.iam.differential.shrink import Case

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer" / "policies"
# Every request has an `aws:userid` that no ARN tells ("IAM policy elements: Variables and tags").
PRINCIPALS = {
    "arn:aws:iam::111122223333:user/alice": "AIDAEXAMPLE",
    "arn:aws:sts::111122223333:assumed-role/blue/session": "AROAEXAMPLE:session",
}
# "Controlling access to aliases": they need the alias and the key; a request names one resource.
ON_TWO_RESOURCES = {"kms:createalias", "kms:updatealias", "kms:deletealias"}
REQUESTS = 30
OWNER = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ORACLES, reason="REVET_ORACLES is not set: no policies of AWS to compare on"
    ),
]


def concrete(draw: random.Random, text: str) -> str:
    """A text that the pattern may well match."""
    text = VARIABLE.sub(lambda _: draw.choice(("alice", "blue", "111122223333")), text)
    for wildcard, texts in (("*", ("y", "x", "abc", "Ab1")), ("?", ("x", "1"))):
        while wildcard in text:
            text = text.replace(wildcard, draw.choice(texts), 1)
    return text


def requests(draw: random.Random, policy: dict[str, Any], name: str) -> list[Case]:
    """Requests about what the policy's statements speak of."""
    statements = as_list(policy["Statement"])
    actions = [text for item in statements for text in as_list(item.get("Action", []))]
    actions = actions or ["iam:CreateUser", "s3:GetObject"]
    keys: dict[str, list[str]] = {}
    qualified: dict[str, bool] = {}
    for statement in statements:
        for operator, block in statement.get("Condition", {}).items():
            for key, values in block.items():
                known = keys.setdefault(key.lower(), [])
                if operator != "Null":
                    known += map(as_text, as_list(values))
                    many = operator.startswith("For")
                    qualified[key.lower()] = many and qualified.get(key.lower(), True)
    cases: list[Case] = []
    for number in range(REQUESTS):
        about = draw.choice(statements)
        action = draw.choice((*as_list(about.get("Action", actions)), draw.choice(actions)))
        resource = draw.choice(as_list(about.get("Resource", "arn:aws:s3:::bucket/key")))
        resource = resource if resource == "*" else concrete(draw, resource)
        owner = OWNER.match(resource)
        principal = draw.choice(tuple(PRINCIPALS))
        context: dict[str, Any] = {"aws:userid": PRINCIPALS[principal]}
        for key, values in keys.items():
            if values and draw.random() < 0.7:
                drawn = [concrete(draw, value) for value in draw.choices(values, k=2)]
                context[key] = drawn if qualified.get(key) else drawn[0]
        cases.append(
            {
                "name": f"{name}/{number}",
                "request": {
                    "principal": principal,
                    "action": concrete(draw, action) if action != "*" else "s3:GetObject",
                    "resource": resource,
                    "context": context,
                },
                "principal_account": "111122223333",
                "resource_account": owner.group(1) if owner else "111122223333",
                "identity_policies": [policy],
            }
        )
    return [case for case in cases if case["request"]["action"].lower() not in ON_TWO_RESOURCES]


def test_policies_of_aws() -> None:
    seen, wrong = Counter[str](), []
    for path in sorted(FOLDER.glob("*.json")):
        same = requests(Draw(path.stem), json.loads(path.read_text()), path.stem)
        naive = list(map(evaluate, same))
        seen.update(naive)
        wrong += differences(same, naive, decisions(same))
    assert wrong == []
    assert seen.total() >= 20_000
    assert min(seen["allowed"], seen["implicitly_denied"]) > 3000
    assert seen["explicitly_denied"] > 150
