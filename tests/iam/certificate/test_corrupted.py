"""Certificates that were changed: each is rejected, or what it says then is still true."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests.iam.certificate.certificates import Certificate, Draw, keys_of, proved

from revet.iam.certificate import check_certificate
from revet.iam.prove.ask import Result
from revet.model.errors import InputError

CORRUPTIONS, SEEDS = 1000, 4000
LEAST_REJECTED = {
    "branch dropped": 1.0, "universe": 1.0, "proof added": 1.0, "proof missing": 1.0,
    "statement named otherwise": 0.9, "leaf of another key": 0.8, "order": 0.5,
    "question widened": 0.3,
}  # fmt: skip
"""Which part of each kind at least; the others may say something that is true."""

EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
Change = Callable[[Certificate, random.Random], bool]


def nodes(tree: list[Any]) -> list[list[Any]]:
    """A tree and all trees in it."""
    inner = tree[2] if tree[0] in ("choice", "split") else []
    return [tree, *(node for branch in inner for node in nodes(branch))]


def some_node(certificate: Certificate, draw: random.Random, *kinds: str) -> list[Any] | None:
    found = [n for tree in certificate["proofs"] for n in nodes(tree) if n[0] in kinds]
    return draw.choice(found) if found else None


def drop_branch(certificate: Certificate, draw: random.Random) -> bool:
    node = some_node(certificate, draw, "choice", "split")
    if node is None or not node[2]:
        return False
    node[2].pop(draw.randrange(len(node[2])))
    return True


def change_leaf(certificate: Certificate, draw: random.Random) -> bool:
    node = some_node(certificate, draw, "closed")
    if node is None:
        return False
    question = certificate["question"]
    policies = [json.loads(question[side]["policy"]) for side in ("allowed", "beyond")]
    keys = [key for key in [*keys_of(*policies), "aws:nowhere"] if key != node[1]]
    node[1] = draw.choice(keys)
    return True


def change_name(certificate: Certificate, draw: random.Random) -> bool:
    node = some_node(certificate, draw, "split")
    if node is None:
        return False
    side, _, number = node[1].partition(".")
    node[1] = draw.choice((f"{side}.{int(number) + 1}", f"new.{number}x", "old", "new.0", "old.7"))
    return bool(node[1] != f"{side}.{number}")


def change_universe(certificate: Certificate, draw: random.Random) -> bool:
    universe = certificate["universe"]
    if draw.random() < 0.5:
        universe["actions"] += draw.choice((-1, 1))
    else:
        universe["sha256"] = universe["sha256"][::-1]
    return True


def change_order(certificate: Certificate, draw: random.Random) -> bool:
    before = copy.deepcopy(certificate["proofs"])
    node = some_node(certificate, draw, "choice", "split")
    draw.shuffle(certificate["proofs"] if node is None or draw.random() < 0.3 else node[2])
    return bool(before != certificate["proofs"])


def add_proof(certificate: Certificate, draw: random.Random) -> bool:
    proofs = certificate["proofs"]
    proofs.append(copy.deepcopy(draw.choice(proofs)) if proofs else ["closed", "Action"])
    return True


def drop_proof(certificate: Certificate, draw: random.Random) -> bool:
    if certificate["proofs"]:
        certificate["proofs"].pop(draw.randrange(len(certificate["proofs"])))
        return True
    return False


def widen(certificate: Certificate, draw: random.Random) -> bool:
    """Let the new policy say more, or the old one less, without another action."""
    side = draw.choice(("allowed", "allowed", "beyond"))
    entry = certificate["question"][side]
    policy = json.loads(entry["policy"])
    statements = policy["Statement"]
    statement = draw.choice(statements)
    if side == "beyond":
        statement["Effect"] = "Deny" if statement["Effect"] == "Allow" else "Allow"
    elif statement["Effect"] == "Deny":
        statement["Resource"] = ["arn:aws:s3:::only-this"]
        statement.pop("NotResource", None)
    elif "Condition" in statement and draw.random() < 0.5:
        block = statement["Condition"]
        block.pop(draw.choice(sorted(block)))
    elif draw.random() < 0.5:
        statement["Resource"] = ["*"]
        statement.pop("NotResource", None)
    else:
        statement.pop("NotAction", None)
        statement["Action"] = ["*"]
    changed = json.dumps(policy)
    if changed == entry["policy"]:
        return False
    entry["policy"] = changed
    return True


CHANGES: dict[str, Change] = {
    "branch dropped": drop_branch, "leaf of another key": change_leaf,
    "statement named otherwise": change_name, "universe": change_universe, "order": change_order,
    "proof added": add_proof, "proof missing": drop_proof, "question widened": widen,
}  # fmt: skip


def still_true(certificate: Certificate) -> bool:
    """Whether the prover does not find a request that the certificate says there is not."""
    question = certificate["question"]
    new, old = (json.loads(question[side]["policy"]) for side in ("allowed", "beyond"))
    return proved(new, old)[0] is not Result.SOME


def test_corruptions_are_rejected_or_true() -> None:
    counted: Counter[tuple[str, bool]] = Counter()
    for seed in range(SEEDS):
        draw = Draw(seed)
        new = draw.policy(3)
        old = draw.near(new) if seed % 3 else copy.deepcopy(new)
        _, certificate = proved(new, old)
        if certificate is None:
            continue
        assert check_certificate(certificate) == [], seed
        for name, change in CHANGES.items():
            changed = copy.deepcopy(certificate)
            if change(changed, draw.random):
                rejected = bool(check_certificate(changed))
                counted[name, rejected] += 1
                assert rejected or still_true(changed), (seed, name)
        if counted.total() >= CORRUPTIONS:
            break
    assert counted.total() >= CORRUPTIONS
    for name, least in LEAST_REJECTED.items():
        no, yes = counted[name, True], counted[name, False]
        assert no >= least * (no + yes) > 0, (name, no, yes)


@pytest.mark.parametrize(
    "changed",
    [
        {"question": {}},
        {"question": {"kind": "policy", "allowed": None, "beyond": None, "about": []}},
        {"question": {"kind": "policy", "allowed": [], "beyond": None, "about": []}},
        {"question": {"kind": "else", "about": []}},
        {"universe": 7},
        {"proofs": 7},
    ],
    ids=str,
)
def test_what_is_not_a_certificate_is_an_error(changed: Certificate) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    with pytest.raises(InputError):
        check_certificate({"form": 2, "universe": {}, "proofs": [], **changed})
    _, certificate = proved(policy, policy)
    assert certificate is not None
    with pytest.raises(InputError):
        check_certificate({**certificate, **changed})


@pytest.mark.parametrize("layer", ["permissions boundary", "resource control policy", "else"])
def test_a_policy_is_compared_as_one_of_a_principal_or_of_a_resource(layer: str) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    _, certificate = proved(policy, policy)
    assert certificate is not None
    for side in ("allowed", "beyond"):
        certificate["question"][side]["layer"] = layer
    with pytest.raises(InputError, match="can be checked"):
        check_certificate(certificate)


@pytest.mark.parametrize(
    "tree",
    [None, [], "closed", ["closed"], ["closed", 1], ["choice", 0], ["choice", 5, []],
     ["choice", -1, []], ["split", "old.0", []], ["split", 0, []], ["open", "Action"], {}],
    ids=str,
)  # fmt: skip
def test_what_is_not_a_tree_is_a_reason(tree: object) -> None:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    _, certificate = proved(policy, policy)
    assert certificate is not None
    assert check_certificate({**certificate, "proofs": [tree]})


def test_another_form_is_a_reason() -> None:
    _, certificate = proved(EVERYTHING, EVERYTHING)
    assert certificate is not None
    assert check_certificate({**certificate, "form": 1})


@pytest.mark.parametrize("change", [{"name": "new"}, {"layer": "resource policy"}], ids=str)
def test_two_policies_differ_in_name_and_not_in_layer(change: dict[str, str]) -> None:
    _, certificate = proved(EVERYTHING, EVERYTHING)
    assert certificate is not None
    certificate["question"]["beyond"] |= change
    with pytest.raises(InputError, match="can be checked"):
        check_certificate(certificate)
