"""The product's decisions beside those of the naive evaluator."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.iam.differential.naive import evaluate
from tests.iam.differential.naive_conditions import as_list
from tests.iam.differential.naive_statements import applies, principal_grants, request_of
from tests.iam.differential.shrink import Case, shrink

from revet.iam.evaluate import run_cases

SHOWN = 5
# The names of layers in an answer, where a case has them, and how deep their lists are.
FIELDS = {
    "identity policy": ("identity_policies", 1),
    "session policy": ("session_policies", 1),
    "permissions boundary": ("permissions_boundary", 0),
    "resource policy": ("resource_policy", 0),
    "VPC endpoint policy": ("vpc_endpoint_policy", 0),
    "service control policy": ("service_control_policies", 2),
    "resource control policy": ("resource_control_policies", 2),
}


def answers(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """What the product answers, asked as its command is: in lines of JSON."""
    return list(run_cases(json.dumps(case) for case in cases))


def decision(case: Case) -> str:
    return str(answers([case])[0]["decision"])


def differences(cases: list[Case], decisions: list[str], found: list[dict[str, Any]]) -> list[str]:
    """The first differences of the naive decisions and the answers, each as small as it can be."""
    shown = []
    for case, naive, answer in zip(cases, decisions, found, strict=True):
        ours = answer["decision"]
        if naive == ours:
            continue
        small = shrink(case, lambda smaller: differs(smaller, naive, ours))  # noqa: B023 - at once
        shown.append(f"naive {naive}, ours {ours}: {json.dumps(small)}")
        if len(shown) == SHOWN:
            break
    return shown


def differs(case: Case, naive: str, ours: str) -> bool:
    return evaluate(case) == naive and decision(case) == ours


def wrong_reasons(case: Case, answer: dict[str, Any]) -> list[str]:
    """The statements an answer rests on which do not say, to the naive evaluator, what it says."""
    request = request_of(case)
    effect = "Deny" if answer["decision"] == "explicitly_denied" else "Allow"
    wrong = []
    for reason in answer["by"]:
        policy = policy_at(case, reason)
        statement = as_list(policy["Statement"])[reason["statement"]]
        named = "Principal" not in statement and "NotPrincipal" not in statement
        fits = (
            statement["Effect"] == effect
            and applies(statement, request, policy.get("Version", "2008-10-17"))
            and (named or principal_grants(statement, request))
        )
        if not fits:
            wrong.append(f"{case['name']}: {reason}")
    return wrong


def policy_at(case: Case, reason: dict[str, Any]) -> dict[str, Any]:
    field, depth = FIELDS[reason["layer"]]
    policy: Any = case[field]
    if depth == 2:
        policy = policy[reason["level"]]
    return dict(policy[reason["policy"]] if depth else policy)
