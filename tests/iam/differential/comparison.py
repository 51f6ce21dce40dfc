"""The product's decisions beside those of the naive evaluator."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.iam.differential.naive import evaluate
from tests.iam.differential.naive_conditions import as_list
from tests.iam.differential.naive_statements import applies, principal_grants, request_of
from tests.iam.differential.shrink import Case, shrink

from revet.iam.evaluate import decide, read_case, run_cases

SHOWN = 5
POLICIES = (
    "identity_policies", "session_policies", "permissions_boundary", "resource_policy",
    "vpc_endpoint_policy", "service_control_policies", "resource_control_policies",
)  # fmt: skip
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


def decisions(family: list[Case]) -> list[str]:
    """What the product decides on requests to the same policies, which it reads once."""
    _, policies = read_case(family[0])
    return [
        str(decide(read_case({**case, **dict.fromkeys(POLICIES)})[0], policies).outcome)
        for case in family
    ]


def decision(case: Case) -> str:
    return str(answers([case])[0]["decision"])


def differences(cases: list[Case], judged: list[str], decided: list[str]) -> list[str]:
    """The first differences of naive and our decisions, each as small as it can be."""
    shown = []
    for case, naive, ours in zip(cases, judged, decided, strict=True):
        if naive == ours:
            continue
        if decision(case) != ours:
            shown.append(f"naive {naive}, ours {ours} only after other requests: {case['name']}")
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
