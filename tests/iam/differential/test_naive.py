"""The product against the naive evaluator, on random cases; every difference is shown small.

First: the cases are what they are said to be. They are repeatable and mixed, every layer decides
some, every form of condition occurs.
"""

from __future__ import annotations

import collections
import copy
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.iam.differential.case_conditions import OPERATORS
from tests.iam.differential.cases import case, cases, family
from tests.iam.differential.comparison import answers, decisions, differences, wrong_reasons
from tests.iam.differential.naive import DECISIONS, LAYERS, Layers, decide, evaluate, layers_of
from tests.iam.differential.naive_conditions import as_list, holds
from tests.iam.differential.naive_statements import (
    Request,
    action_matches,
    principal_grants,
    request_of,
    resource_matches,
)
from tests.iam.differential.shrink import Case, shrink
from tests.iam.differential.walk import all_statements

SEED = 20261122
FAMILIES, BLOCK, BLOCKS = 3_400, 10_000, 10
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what the naive evaluator makes of it."""

    case: Case
    request: Request
    layers: Layers
    decision: str


def judged(item: Case) -> Judged:
    request = request_of(item)
    layers = layers_of(item, request)
    return Judged(item, request, layers, decide(request, layers))


@pytest.fixture(scope="module", name="sample")
def _sample(families: list[list[Case]]) -> list[Judged]:
    return [judged(item) for same in families for item in same]


@pytest.fixture(scope="module", name="families")
def _families() -> list[list[Case]]:
    return [family(SEED, number) for number in range(FAMILIES)]


def test_a_case_comes_from_seed_and_number_alone() -> None:
    program = (
        "import hashlib, json; from tests.iam.differential.cases import cases;"
        f"print(hashlib.sha256(json.dumps(list(cases({SEED}, 60))).encode()).hexdigest())"
    )
    backwards = [case(SEED, number) for number in reversed(range(60))][::-1]
    here = hashlib.sha256(json.dumps(backwards).encode()).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"},
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    assert here == there


def test_every_layer_decides_at_least_one_case_in_a_hundred(sample: list[Judged]) -> None:
    """A layer decides when access is granted with it and not without it, or the reverse."""
    decided = collections.Counter[str]()
    for item in sample:
        allowed = item.decision == "allowed"
        for layer in LAYERS:
            if allowed != (decide(item.request, item.layers.without(layer)) == "allowed"):
                decided[layer] += 1
    shares = {layer: decided[layer] / len(sample) for layer in LAYERS}
    assert min(shares.values()) >= 0.015, shares


def test_decisions_callers_and_services_are_mixed(sample: list[Judged]) -> None:
    decisions, traits = collections.Counter[str](), collections.Counter[str]()
    for item in sample:
        request, decision, who = item.request, item.decision, item.request.caller
        decisions[decision] += 1
        found = {who.kind, request.action.split(":")[0]}
        if who.account and who.account != request.resource_account:
            found.add("cross-account")
        for trait in found:
            traits[f"{trait}: {'allowed' if decision == 'allowed' else 'denied'}"] += 1
    shares = {name: decisions[name] / len(sample) for name in DECISIONS}
    assert min(shares.values()) >= 0.2, shares
    expected = {
        "role session", "user", "federated user", "root", "service", "anonymous", "provider",
        "cross-account",
        "s3", "sqs", "kms", "sts", "secretsmanager", "dynamodb", "lambda", "ec2", "logs",
    }  # fmt: skip
    rare = {
        name: traits[name]
        for trait in expected
        for name in (f"{trait}: allowed", f"{trait}: denied")
        if traits[name] < len(sample) / 200
    }
    assert rare == {}


def test_every_form_of_condition_is_true_and_false(sample: list[Judged]) -> None:
    seen = collections.Counter[tuple[str, bool]]()
    missing = collections.Counter[str]()
    variables = collections.Counter[str]()
    for item in sample:
        context = item.request.context
        for statement, version in all_statements(item.case):
            for operator, keys in statement.get("Condition", {}).items():
                for key, values in keys.items():
                    truth = holds(operator, key, as_list(values), context, version)
                    seen[operator, truth] += 1
                    missing[operator] += key.lower() not in context
                    for value in as_list(values):
                        variables["in a condition"] += "${" in str(value)
            for text in as_list(statement.get("Resource", statement.get("NotResource", []))):
                variables["in a resource"] += "${" in text
                variables["with a default"] += ", '" in text
                variables["escape"] += "${*}" in text or "${?}" in text
                variables["in an old version"] += "${" in text and version != "2012-10-17"
    forms = {
        qualifier + name + suffix
        for names in OPERATORS.values()
        for name in names
        for qualifier in ("", "ForAllValues:", "ForAnyValue:")
        for suffix in ("", "IfExists")
    } | {"Null"}
    assert {form for form in forms for truth in (True, False) if not seen[form, truth]} == set()
    assert {form for form in forms if not missing[form]} == set()
    assert len(variables) == 5
    assert min(variables.values()) >= 10, variables


def test_the_negative_elements_match_and_do_not(sample: list[Judged]) -> None:
    seen = collections.Counter[tuple[str, bool]]()
    for item in sample:
        request = item.request
        for statement, version in all_statements(item.case):
            if "NotAction" in statement:
                seen["NotAction", action_matches(statement, request)] += 1
            if "NotResource" in statement:
                seen["NotResource", resource_matches(statement, request, version)] += 1
            if "NotPrincipal" in statement:
                seen["NotPrincipal", bool(principal_grants(statement, request))] += 1
    assert len(seen) == 6
    assert min(seen.values()) >= 20, seen


def test_ten_thousand_random_cases(families: list[list[Case]], sample: list[Judged]) -> None:
    assert len(sample) >= 10_000
    ours = [decision for same in families for decision in decisions(same)]
    naive = [item.decision for item in sample]
    assert differences([item.case for item in sample], naive, ours) == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_hundred_thousand_random_cases(block: int) -> None:
    drawn = list(cases(SEED + 1 + block, BLOCK))
    ours = [answer["decision"] for answer in answers(drawn)]
    assert differences(drawn, list(map(evaluate, drawn)), ours) == []


def test_an_answer_of_the_command_rests_on_statements_that_match() -> None:
    drawn = list(cases(SEED + 100, 1000))
    pairs = list(zip(drawn, answers(drawn), strict=True))
    ours = [answer["decision"] for _, answer in pairs]
    assert differences(drawn, list(map(evaluate, drawn)), ours) == []
    assert [line for item, answer in pairs for line in wrong_reasons(item, answer)] == []
    denied = [answer for _, answer in pairs if answer["decision"] == "explicitly_denied"]
    assert [answer["name"] for answer in denied if not answer["by"]] == []


def test_what_is_shown_of_a_difference_is_small() -> None:
    def denied(smaller: Case) -> bool:
        return evaluate(smaller) == "explicitly_denied"

    sample = [item for item in (case(SEED, number) for number in range(200)) if denied(item)]
    for item in sample[:10]:
        before = copy.deepcopy(item)
        small = shrink(item, denied)
        assert item == before
        assert denied(small)
        texts = str(small)
        assert texts.count("'Effect'") == 1
        assert texts.count("'Deny'") == 1
