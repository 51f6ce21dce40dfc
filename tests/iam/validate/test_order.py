"""The order of statements decides nothing: what is found in one order is found in every other.

parliament 1.6 is known to lose findings when statements change places; here every statement is
looked at by itself, and checks of the policy as a whole look at all of them.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from typing import Any

import pytest
from tests.iam.validate.case import case_files, read_cases

from revet.iam.policy_type import OF_IDENTITIES
from revet.iam.validate import PolicyFinding, PolicyType, validate_policy

ROUNDS = 200
TYPES = tuple(map(str, PolicyType))


def statements() -> dict[str, list[dict[str, Any]]]:
    """Every statement of every case, by the type of its policy."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TYPES}
    for path in case_files():
        for case in read_cases(path):
            try:
                document = json.loads(case.policy)
            except ValueError:
                continue
            given = document.get("Statement") if isinstance(document, dict) else None
            for statement in given if isinstance(given, list) else [given]:
                if isinstance(statement, dict) and len(json.dumps(statement)) < 4_000:
                    found[case.type].append(statement)
    of_identities = [each for name in TYPES if name in OF_IDENTITIES for each in found[name]]
    return {name: of_identities if name in OF_IDENTITIES else found[name] for name in TYPES}


STATEMENTS = statements()


def moved(finding: PolicyFinding, order: tuple[int, ...]) -> tuple[str, str, frozenset[Any]]:
    """A finding with the numbers that its statements have in the first order."""
    places = set()
    for location in finding.locations:
        path = location.path
        if len(path) > 1 and path[0] == ("value", "Statement") and path[1][0] == "index":
            number = path[1][1]
            assert isinstance(number, int)
            path = (path[0], ("index", order[number]), *path[2:])
        places.add(path)
    return finding.code, finding.level.value, frozenset(places)


@pytest.mark.parametrize("kind", TYPES)
def test_permuting_statements_permutes_findings(kind: str) -> None:
    """Three statements in all six orders, many times."""
    chance = random.Random(kind)  # noqa: S311 - the same policies every time
    kinds: Counter[str] = Counter()
    for _ in range(ROUNDS):
        chosen = chance.sample(STATEMENTS[kind], 3)
        seen = None
        for order in itertools.permutations(range(3)):
            document = {"Version": "2012-10-17", "Statement": [chosen[at] for at in order]}
            found = validate_policy(json.dumps(document), kind)
            kinds.update(finding.code for finding in found)
            same = Counter(moved(finding, order) for finding in found)
            assert seen in (None, same), (order, chosen, seen, same)
            seen = same
    assert len(kinds) > 10
