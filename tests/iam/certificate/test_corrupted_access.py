"""Certificates of effective and public access that were changed: rejected, or still true."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.iam.certificate.accounts import (
    ACCOUNT,
    ALICE,
    APP,
    LINKED,
    OTHER,
    Certificate,
    certificates,
    counterexample,
)
from tests.iam.certificate.test_corrupted import (
    add_proof,
    change_order,
    change_universe,
    drop_branch,
    drop_proof,
    some_node,
)

from revet.iam.certificate import check_certificate
from revet.model.errors import InputError

FEW, ALL, TIMES, START = 250, 1000, 3, 50_000
"""How many changed certificates are tried: a quarter each time, and all where there is time."""
LEAST_REJECTED = {
    "branch dropped": 1.0, "universe": 1.0, "proof added": 1.0, "proof missing": 1.0,
    "statement named otherwise": 0.9, "leaf of another key": 0.6, "order": 0.4,
    "set widened": 0.1, "policy of another": 0.2, "layer removed": 0.2, "other caller": 0.2,
    "other question": 0.2,
}  # fmt: skip
"""Which part of each kind at least; the others may say something that is true."""

Change = Callable[[Certificate, random.Random], bool]


def entries(certificate: Certificate) -> list[dict[str, Any]]:
    """All policies, each in what holds it under `policy`."""
    question = certificate["question"]
    inner = [one for each in question.get("principals", ()) for one in each["policies"]]
    outer = [*question.get("policies", ()), *question.get("resources", ()), *inner]
    return [one for one in (*outer, question) if one.get("policy")]


def statements_of(entry: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    policy = json.loads(entry["policy"])
    found = policy["Statement"]
    return policy, found if isinstance(found, list) else [found]


def change_leaf(certificate: Certificate, draw: random.Random) -> bool:
    node = some_node(certificate, draw, "closed")
    if node is None:
        return False
    keys = ["Action", "Resource", "aws:principalarn", "aws:requestedregion", "aws:nowhere"]
    node[1] = draw.choice([key for key in keys if key != node[1]])
    return True


def change_name(certificate: Certificate, draw: random.Random) -> bool:
    node = some_node(certificate, draw, "split")
    if node is None:
        return False
    head, _, number = node[1].rpartition(".")
    others = (f"{head}.{int(number) + 7}", "outside9.0", "identity policy.0.0.0", "")
    node[1] = draw.choice([name for name in others if name != node[1]])
    return True


def widen(certificate: Certificate, draw: random.Random) -> bool:
    """Let a statement allow more, or deny less."""
    found = entries(certificate)
    if not found:
        return False
    entry = draw.choice(found)
    policy, statements = statements_of(entry)
    denials = [one for one in statements if one["Effect"] == "Deny"]
    statement = draw.choice(denials or statements)
    before = copy.deepcopy(statement)
    if statement["Effect"] == "Deny":
        statement.pop("NotResource", None)
        statement["Resource"] = "arn:aws:s3:::only-this"
    else:
        for name in draw.choice((("Condition",), ("NotAction", "NotResource"))):
            statement.pop(name, None)
        statement.setdefault("Action", "*")
        statement.setdefault("Resource", "*")
        if draw.random() < 0.5:
            statement.pop("NotAction", None)
            statement["Action"] = "*"
    entry["policy"] = json.dumps({**policy, "Statement": statements})
    return before != statement


def swap(certificate: Certificate, draw: random.Random) -> bool:
    """Give a policy to another place."""
    found = entries(certificate)
    if len(found) < 2:
        return False
    one, two = draw.sample(found, 2)
    one["policy"] = two["policy"]
    return True


def remove(certificate: Certificate, draw: random.Random) -> bool:
    """Leave out a boundary, a level of an organization, or what a resource's policy says."""
    question = certificate["question"]
    lists = [question.get("policies", []), question.get("resources", [])]
    lists += [one["policies"] for one in question.get("principals", ())]
    held = [one for one in lists if one]
    if not held:
        return False
    chosen = draw.choice(held)
    chosen.pop(draw.randrange(len(chosen)))
    return True


def another_caller(certificate: Certificate, draw: random.Random) -> bool:
    question = certificate["question"]
    whom = draw.choice([question, *question.get("principals", ())])
    if "unnamed" in whom:
        whom["unnamed"] = "role" if whom["unnamed"] == "user" else "root"
    elif "principal" in whom:
        others = (APP, ALICE, LINKED, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER}:root")
        whom["principal"] = draw.choice([one for one in others if one != whom["principal"]])
    else:
        question["account"] = OTHER if question["account"] != OTHER else "999999999999"
    return True


def another_question(certificate: Certificate, draw: random.Random) -> bool:
    question = certificate["question"]
    if not question["about"]:
        return False
    policy = json.loads(question["about"][0])
    [statement] = (
        [policy["Statement"]] if isinstance(policy["Statement"], dict) else policy["Statement"]
    )
    before = dict(statement)
    statement.update(draw.choice(({"Action": "*"}, {"Resource": "*"}, {"Condition": {}})))
    question["about"] = [json.dumps({**policy, "Statement": statement})]
    return before != statement


CHANGES: dict[str, Change] = {
    "branch dropped": drop_branch, "leaf of another key": change_leaf,
    "statement named otherwise": change_name, "universe": change_universe, "order": change_order,
    "proof added": add_proof, "proof missing": drop_proof, "set widened": widen,
    "policy of another": swap, "layer removed": remove, "other caller": another_caller,
    "other question": another_question,
}  # fmt: skip


def rejected(certificate: Certificate) -> bool:
    """Whether the checker does not accept it."""
    try:
        return bool(check_certificate(certificate))
    except InputError:
        return True


def corrupted(start: int) -> Iterator[tuple[str, Certificate]]:
    """Certificates with one thing changed, and what; of those that rest on a statement."""
    for drawn, certificate in certificates(start):
        if "split" not in json.dumps(certificate["proofs"]):
            continue
        for name, change in [*CHANGES.items()] * TIMES:
            changed = copy.deepcopy(certificate)
            if change(changed, drawn.random):
                yield name, changed


@pytest.mark.parametrize("corruptions", [FEW, pytest.param(ALL, marks=pytest.mark.slow)])
def test_corruptions_are_rejected_or_true(corruptions: int) -> None:
    counted: Counter[tuple[str, bool]] = Counter()
    for name, changed in corrupted(START):
        told = rejected(changed)
        counted[name, told] += 1
        if not told:
            assert counterexample(changed) is None, (name, changed)
        if counted.total() >= corruptions:
            break
    for name, least in LEAST_REJECTED.items():
        no, yes = counted[name, True], counted[name, False]
        assert no >= least * (no + yes) > 0, (name, no, yes)


@pytest.mark.parametrize("kind", ["principal", "resource", "public"])
def test_certificates_of_drawn_accounts_check(kind: str) -> None:
    found = 0
    for drawn, certificate in certificates(START):
        if certificate["question"]["kind"] == kind:
            found += 1
            assert check_certificate(certificate) == [], (drawn.subject, certificate)
            assert counterexample(certificate) is None, certificate
        if found == 15:
            return
