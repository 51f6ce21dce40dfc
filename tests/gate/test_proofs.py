"""Proofs are evidence: a property that fails blocks, with the request that refutes it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.gate.proofs import certificate_hash
from revet.gate.properties import Check, Proofs, Property
from revet.iam.prove.asked import Asked
from revet.iam.prove.certificates import Certificate
from revet.iam.prove.properties import Holds, Proved
from revet.model.errors import ConfigError
from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged, Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict
from revet.model.work import Work
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
ROW = Requirement("T-01", "text", (Judged.PLAN, Judged.PROOF), (), ("s3-bucket-versioning",))
READS = Property(
    "reads-only",
    "T-01",
    "The application writes nothing",
    Check.ACCESS_NOT_GRANTED,
    ("aws_iam_role.app",),
    Asked(("s3:PutObject",), (), ("*",)),
)


def role(action: str) -> dict[str, Any]:
    trust = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "aws_iam_role": {"app": {"name": "app", "assume_role_policy": policy(**trust)}},
        "aws_iam_role_policy": {
            "app": {
                "role": "${aws_iam_role.app.id}",
                "policy": policy(Action=action, Resource="arn:aws:s3:::data/*"),
            }
        },
        "aws_s3_bucket": {"a": {"bucket": "a"}},
        "aws_s3_bucket_versioning": {
            "a": {
                "bucket": "${aws_s3_bucket.a.id}",
                "versioning_configuration": [{"status": "Enabled"}],
            }
        },
    }


def policy(**statement: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}})


def judged(plan: dict[str, Any], *properties: Property, row: Requirement = ROW) -> Verdict:
    return judge(
        load_plan(plan),
        load_catalog(only=["s3-bucket-versioning"]),
        requirements=RequirementSet("t", (row,)),
        today=dt.date(2026, 11, 22),
        stack="s",
        properties=properties,
    )


def proof(verdict: Verdict) -> Evidence:
    [found] = [item for item in verdict.evidence if item.judged is Judged.PROOF]
    return found


def test_a_property_that_holds_is_evidence(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role("s3:GetObject")), READS)
    found = proof(verdict)
    assert (found.source, found.subject) == ("reads-only", "aws_iam_role.app")
    assert (found.status, found.origin) == (Status.PASS, Origin.PLAN)
    assert found.detail == "holds: The application writes nothing"
    assert verdict.expects == (Judged.PLAN, Judged.PROOF)
    assert verdict.decision is Decision.ALLOWED


def test_a_property_that_fails_blocks_and_shows_the_request(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role("s3:*")), READS)
    found = proof(verdict)
    assert found.status is Status.FAIL
    assert "`s3:PutObject` on `arn:aws:s3:::data/` by `arn:aws:iam::" in found.detail
    assert found.certificate == ""
    assert verdict.matrix[0].cells[1].status is Status.FAIL
    assert verdict.decision is Decision.BLOCKED
    assert verdict.blockers == ("T-01 reads-only aws_iam_role.app: fail",)


def test_what_is_not_known_is_shown_as_unknown_and_blocks(make_plan: MakePlan) -> None:
    made = role("s3:GetObject")
    made["aws_iam_role_policy"]["app"]["policy"] = "${terraform_data.later.output}"
    verdict = judged(make_plan(made), READS)
    assert proof(verdict).status is Status.UNKNOWN
    assert "aws_iam_role_policy.app" in proof(verdict).detail
    assert verdict.decision is Decision.BLOCKED


def test_a_subject_that_is_not_there_is_unknown(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role("s3:GetObject")), replace(READS, subjects=("aws_iam_role.b",)))
    assert proof(verdict).status is Status.UNKNOWN
    assert "no such" in proof(verdict).detail


def test_what_stays_possible_is_shown_by_a_request(make_plan: MakePlan) -> None:
    possible = replace(READS, check=Check.STAYS_POSSIBLE, text="It can write")
    found = proof(judged(make_plan(role("s3:*")), possible))
    assert found.status is Status.PASS
    assert found.detail.startswith("holds: It can write; `s3:PutObject` on ")
    found = proof(judged(make_plan(role("s3:GetObject")), possible))
    assert found.status is Status.FAIL
    assert found.detail == "does not hold: It can write; no such request is allowed"


def test_without_properties_nothing_is_expected(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role("s3:GetObject")))
    assert verdict.expects == (Judged.PLAN,)
    assert verdict.matrix[0].cells[1].status is Status.NOT_EXERCISED
    assert verdict.decision is Decision.ALLOWED


@pytest.mark.parametrize(
    "row",
    [replace(ROW, id="T-02"), replace(ROW, judged=(Judged.PLAN,))],
    ids=["no-such-requirement", "not-judged-by-proof"],
)
def test_a_property_that_nobody_would_see_is_refused(row: Requirement, make_plan: MakePlan) -> None:
    with pytest.raises(ConfigError, match="a property proves a requirement"):
        judged(make_plan(role("s3:GetObject")), READS, row=row)


def test_a_proof_that_crashes_is_a_problem(
    make_plan: MakePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_proofs: Proofs, _one: Property) -> Proved:
        raise RuntimeError("boom")

    monkeypatch.setattr(Proofs, "prove", crash)
    verdict = judged(make_plan(role("s3:GetObject")), READS)
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.problems == ("property reads-only: the proof crashed with RuntimeError: boom",)


def test_no_time_for_proofs_is_a_problem(make_plan: MakePlan) -> None:
    work = Work(-1)
    verdict = judge(
        load_plan(make_plan(role("s3:GetObject"))),
        load_catalog(only=["s3-bucket-versioning"]),
        requirements=RequirementSet("t", (ROW,)),
        today=dt.date(2026, 11, 22),
        stack="s",
        properties=(READS,),
        work=work,
    )
    assert verdict.decision is Decision.UNDECIDED
    assert any("not proved: `reads-only`" in problem for problem in verdict.problems)


def test_nothing_that_a_sensitive_policy_says_is_shown(make_plan: MakePlan) -> None:
    plan = make_plan(role("s3:*"))
    for change in plan["resource_changes"]:
        if change["address"] == "aws_iam_role_policy.app":
            change["change"]["after_sensitive"] = {"policy": True}
    found = proof(judged(plan, READS))
    assert "data" not in found.detail
    assert "`aws_iam_role_policy.app.policy` is sensitive" in found.detail


def test_the_hash_is_that_of_the_certificate() -> None:
    made = Certificate({"form": 2, "proofs": []})
    held = Proved(Holds.HOLDS, certificate=made)
    assert certificate_hash(held) == f"sha256:{made.digest()}"
    assert certificate_hash(replace(held, holds=Holds.UNKNOWN)) == ""
    assert certificate_hash(Proved(Holds.HOLDS)) == ""
