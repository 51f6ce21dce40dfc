"""What only a proof finds: cases as data, in any order of the statements, and on AWS's policies."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from tests.iam.validate.case import Case, read_cases

from revet.iam.prove.codes import PROOF_PREFIX, load_proofs
from revet.iam.review import LARGEST, review_policy
from revet.iam.validate import Level, PolicyType, validate_policy
from revet.iam.validate.catalog import load_checks

FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
CASES = [case for path in FILES for case in read_cases(path)]
LEAST = 3


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    found = review_policy(case.policy, case.type, case.resource_type)
    proofs = {one.code for one in found if one.code.startswith(PROOF_PREFIX)}
    others = {one.code for one in found} - proofs
    assert proofs == ({case.code} if case.fires else set())
    assert others == case.also
    mine = [finding for finding in found if finding.code == case.code]
    assert [tuple(at.path for at in finding.locations) for finding in mine] == list(case.at)
    texts = [
        tuple(case.policy[at.span.start.offset : at.span.end.offset] for at in finding.locations)
        for finding in mine
    ]
    assert texts == list(case.text)


def test_every_code_has_cases() -> None:
    assert [path.stem for path in FILES] == sorted(load_proofs())
    for path in FILES:
        cases = read_cases(path)
        assert sum(case.fires for case in cases) >= LEAST
        assert sum(not case.fires for case in cases) >= LEAST
        assert any(case.name.startswith("unknown") for case in cases if not case.fires)


def test_they_are_suggestions_under_one_prefix_of_their_own() -> None:
    checks = load_proofs()
    assert all(code.startswith(PROOF_PREFIX) for code in checks)
    assert {check.level for check in checks.values()} == {Level.SUGGESTION}
    assert not any(code.startswith(PROOF_PREFIX) for code in load_checks())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_of_statements_does_not_matter(case: Case) -> None:
    document = json.loads(case.policy)
    written = document["Statement"]
    answers = set()
    for order in itertools.permutations(range(len(written))):
        document["Statement"] = [written[at] for at in order]
        found = review_policy(json.dumps(document), case.type)
        answers.add(
            frozenset(
                (one.code, order[int(str(one.locations[0].path[1][1]))])
                for one in found
                if one.code.startswith(PROOF_PREFIX)
            )
        )
    assert len(answers) == 1


@pytest.mark.parametrize("kind", list(PolicyType))
@pytest.mark.parametrize("text", ["", "[]", "{", '{"Statement": 5}', '{"Statement": [5, {}]}'])
def test_what_is_no_policy_has_the_findings_of_validation_alone(
    kind: PolicyType, text: str
) -> None:
    assert review_policy(text, kind) == validate_policy(text, kind)


def test_a_very_long_policy_is_not_proved() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    wide = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    short = json.dumps({"Version": "2012-10-17", "Statement": [statement, wide]})
    assert any(one.code.startswith(PROOF_PREFIX) for one in review_policy(short, "identity"))
    long = short + " " * LARGEST
    assert review_policy(long, "identity") == validate_policy(long, "identity")


def test_references_that_are_not_known_are_texts_that_nobody_knows() -> None:
    names = ("${aws_s3_bucket.a.arn}", "${aws_s3_bucket.b.arn}")

    def found(*resources: str) -> set[str]:
        statements = [
            {"Effect": "Allow", "Action": action, "Resource": f"{name}/*"}
            for action, name in zip(("s3:GetObject", "s3:Get*"), resources, strict=True)
        ]
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        return {one.code for one in review_policy(text, "identity")} & load_proofs().keys()

    assert found(names[0], names[0]) == {"REVET_PROVED_ALLOW_COVERED"}
    assert found(*names) == set()
