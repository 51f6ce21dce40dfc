"""That a policy allows nothing that a copy of it does not: each such certificate checks."""

from __future__ import annotations

import copy
import json
import os
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.iam.certificate.certificates import Policy, proved

from revet.iam.certificate import check_certificate
from revet.iam.prove.ask import Result

ORACLES = os.environ.get("REVET_ORACLES")
FOLDER = Path(ORACLES or "") / "access_analyzer" / "policies"
IAM = Path(__file__).parents[1]
ENOUGH, ENOUGH_STORED = 300, 60
LISTS = ("Action", "NotAction", "Resource", "NotResource")


def stored() -> list[tuple[str, Policy]]:
    """The policies without principals that the repository has."""
    found: list[tuple[str, Policy]] = []
    for path in sorted((IAM / "validate" / "documented").glob("*.toml")):
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["policy"]
        found.extend((entry["name"], json.loads(entry["policy"])) for entry in entries)
    for path in sorted((IAM / "cases").glob("*.toml")):
        texts = tomllib.loads(path.read_text(encoding="utf-8")).get("policies", {})
        for name, text in texts.items():
            policy = {"Version": "2012-10-17", "Statement": json.loads(text)}
            found.append((f"{path.stem} {name}", policy))
    return [
        (name, policy)
        for name, policy in found
        if not any("rincipal" in key for one in as_list(policy["Statement"]) for key in one)
    ]


def as_list(value: object) -> list:  # type: ignore[type-arg]
    return value if isinstance(value, list) else [value]


def permuted(policy: Policy, draw: random.Random) -> Policy:
    """The policy with statements, and what is in lists, in another order."""
    changed = copy.deepcopy(policy)
    statements = as_list(changed["Statement"])
    for statement in statements:
        for name in LISTS:
            if isinstance(statement.get(name), list):
                draw.shuffle(statement[name])
        for block in statement.get("Condition", {}).values():
            for values in block.values():
                if isinstance(values, list):
                    draw.shuffle(values)
    draw.shuffle(statements)
    changed["Statement"] = statements
    return changed


def halves(statement: Policy, draw: random.Random) -> Iterator[Policy]:
    """Two statements that say the same together, where a list can be split."""
    names = [
        name
        for name in ("Action", "Resource")
        if isinstance(statement.get(name), list) and len(statement[name]) > 1
    ]
    if not names:
        yield statement
        return
    name = draw.choice(names)
    at = draw.randint(1, len(statement[name]) - 1)
    for part in (statement[name][:at], statement[name][at:]):
        yield {**statement, name: part}


def split(policy: Policy, draw: random.Random) -> Policy:
    """The policy with a list of each statement cut in two, in another order."""
    changed = permuted(policy, draw)
    statements = changed["Statement"]
    changed["Statement"] = [half for one in statements for half in halves(one, draw)]
    return changed


def check(name: str, policy: Policy) -> bool:
    """Check the certificates of a policy against itself and its copies, both ways.

    Returns:
        Whether there were all of them: what a policy says may not be known, even beside itself.
    """
    draw = random.Random(name)  # noqa: S311 - a seed
    other, parts = permuted(policy, draw), split(policy, draw)
    results = set()
    for new, old in ((policy, policy), (policy, other), (policy, parts), (parts, policy)):
        result, certificate = proved(new, old)
        results.add(result)
        if certificate is not None:
            assert check_certificate(certificate) == [], name
    assert Result.SOME not in results, name
    return results == {Result.NONE}


def test_stored_policies() -> None:
    assert sum(check(name, policy) for name, policy in stored()) >= ENOUGH_STORED


@pytest.mark.skipif(not ORACLES, reason="REVET_ORACLES is not set: no policies of AWS")
def test_policies_of_aws() -> None:
    paths = sorted(FOLDER.glob("*.json"))
    policies = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    assert sum(check(name, policy) for name, policy in policies) >= ENOUGH
