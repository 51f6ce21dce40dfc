"""Controls, waivers and requirements come to one verdict, and it fails closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import Control, catalog_of, load_catalog
from revet.gate.judge import judge
from revet.model.errors import ConfigError
from revet.model.finding import Origin, Outcome, Severity, Status, compliant
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict, Waiver
from revet.plan import Inventory, Resource, load_plan

MakePlan = Callable[..., dict[str, Any]]
MakeControl = Callable[..., Control]
TODAY = dt.date(2026, 11, 22)
CATALOG = load_catalog(only=["s3-bucket-versioning", "kms-key-rotation", "kms-key-alias"])
BAD = {"aws_s3_bucket": {"a": {"bucket": "a"}}}
GOOD = {
    **BAD,
    "aws_s3_bucket_versioning": {
        "a": {
            "bucket": "${aws_s3_bucket.a.id}",
            "versioning_configuration": [{"status": "Enabled"}],
        }
    },
}
ROW = Requirement(
    "T-01",
    "text",
    (Judged.CONSTRUCTION, Judged.PLAN),
    ("s3.Bucket",),
    ("s3-bucket-versioning",),
)


def run(plan: dict[str, Any], synthesis: dict[str, Any] | None = None, **asked: Any) -> Verdict:  # noqa: ANN401 - handed on
    return judge(load_plan(plan, synthesis), CATALOG, today=TODAY, stack="s", **asked)


def synthesis(*constructs: dict[str, Any]) -> dict[str, Any]:
    return {"terraform": {}, "//": {"revet": {"version": "1", "constructs": list(constructs)}}}


GIVEN_UP = "s3-bucket-versioning"
BUCKET = {"construct": "s3.Bucket", "path": "s/data", "resources": ["aws_s3_bucket.a"]}


def evidence(verdict: Verdict, judged: Judged) -> list[tuple[str, str, Status]]:
    return [(e.source, e.subject, e.status) for e in verdict.evidence if e.judged is judged]


def test_a_good_plan_is_allowed_and_its_passes_are_shown(make_plan: MakePlan) -> None:
    verdict = run(make_plan(GOOD))
    assert verdict.decision is Decision.ALLOWED
    assert [(f.control, f.status) for f in verdict.findings] == [
        ("s3-bucket-versioning", Status.PASS)
    ]
    assert [meta.id for meta in verdict.controls] == list(CATALOG)


def test_a_failure_blocks_and_an_unknown_too(make_plan: MakePlan) -> None:
    assert run(make_plan(BAD)).decision is Decision.BLOCKED
    key = {"aws_kms_key": {"k": {"enable_key_rotation": "${terraform_data.later.output}"}}}
    verdict = run(make_plan(key), baseline=Baseline("b", controls=("kms-key-rotation",)))
    assert verdict.counts[Status.UNKNOWN] == 1
    assert verdict.decision is Decision.BLOCKED


def test_fail_on_lets_lesser_failures_through(make_plan: MakePlan) -> None:
    verdict = run(make_plan(BAD), fail_on=(Severity.HIGH, Severity.CRITICAL))
    assert verdict.fail_on == (Severity.CRITICAL, Severity.HIGH)
    assert verdict.decision is Decision.ALLOWED
    assert verdict.counts[Status.FAIL] == 1


def test_provenance_says_what_it_rests_on(make_plan: MakePlan) -> None:
    verdict = run(make_plan(GOOD), synthesis(BUCKET), plan_hash="ab", stage="deploy")
    p = verdict.provenance
    assert (p.stack, p.stage, p.plan_hash) == ("s", "deploy", "ab")
    assert len(p.synthesis_hash) == 64
    assert p.versions["terraform"] == "1.11.4"
    assert p.versions["revet"]
    assert len(run(make_plan(GOOD)).provenance.plan_hash) == 64


def test_deletions_are_shown(make_plan: MakePlan) -> None:
    plan = make_plan({"aws_s3_bucket": {"a": {"bucket": "a"}, "b": {"bucket": "b"}}})
    change = plan["resource_changes"][0]["change"]
    change.update(actions=["delete"], before=change["after"], after=None, after_unknown={})
    assert run(plan).provenance.notes["deletes"] == "1: aws_s3_bucket.a"


def test_a_plan_that_only_deletes_is_undecided(make_plan: MakePlan) -> None:
    plan = make_plan(BAD)
    change = plan["resource_changes"][0]["change"]
    change.update(actions=["delete"], before=change["after"], after=None, after_unknown={})
    verdict = run(plan)
    assert verdict.decision is Decision.UNDECIDED
    assert "only deletes 1" in verdict.problems[0]


def test_nothing_in_any_scope_is_undecided(make_plan: MakePlan) -> None:
    verdict = run(make_plan({"aws_sns_topic": {"t": {"name": "t"}}}))
    assert verdict.decision is Decision.UNDECIDED
    assert "no control has a resource in its scope" in verdict.problems[0]


def test_an_empty_catalogue_is_undecided(make_plan: MakePlan) -> None:
    verdict = judge(load_plan(make_plan(GOOD)), catalog_of(()), today=TODAY, stack="s")
    assert verdict.decision is Decision.UNDECIDED


def test_a_crash_makes_it_undecided_whatever_else_passes(
    make_plan: MakePlan, make_control: MakeControl
) -> None:
    def crash(resource: Resource, inventory: Inventory) -> Outcome:
        return compliant(str(1 / 0))

    catalog = catalog_of([*CATALOG.values(), make_control(crash)])
    verdict = judge(load_plan(make_plan(GOOD)), catalog, today=TODAY, stack="s")
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.problems[0].startswith("test-thing aws_s3_bucket.a: the rule crashed")
    assert verdict.counts[Status.PASS] == 1


def test_waivers_apply_and_are_accounted_for(make_plan: MakePlan) -> None:
    control = "s3-bucket-versioning"
    good = Waiver(control, "aws_s3_bucket.a", "reason", "ann", dt.date(2026, 12, 1))
    old = Waiver(control, "aws_s3_bucket.a", "reason", "ann", dt.date(2026, 1, 1))
    other = Waiver("kms-key-alias", "*", "reason", "ann", dt.date(2026, 12, 1))
    verdict = run(
        make_plan(BAD), waivers=[good, old, other], requirements=RequirementSet("t", (ROW,))
    )
    assert verdict.decision is Decision.ALLOWED
    assert verdict.expired == (old,)
    assert verdict.unused == (other,)
    [item] = [e for e in verdict.evidence if e.judged is Judged.PLAN]
    assert item.status is Status.WAIVED
    assert "ann" in item.detail


def test_a_waiver_for_a_control_that_does_not_exist_is_refused(make_plan: MakePlan) -> None:
    with pytest.raises(ConfigError):
        run(make_plan(BAD), waivers=[Waiver("s3-x", "*", "r", "ann", TODAY)])


def test_plan_evidence_comes_from_findings(make_plan: MakePlan) -> None:
    rows = RequirementSet("t", (ROW,))
    good = run(make_plan(GOOD), requirements=rows)
    assert evidence(good, Judged.PLAN) == [("s3-bucket-versioning", "aws_s3_bucket.a", Status.PASS)]
    assert good.evidence[0].origin is Origin.PLAN
    assert good.expects == (Judged.PLAN,)
    assert evidence(run(make_plan(BAD), requirements=rows), Judged.PLAN)[0][2] is Status.FAIL


def test_each_control_of_a_requirement_must_find_something(make_plan: MakePlan) -> None:
    row = Requirement("T-01", "t", (Judged.PLAN,), (), ("s3-bucket-versioning", "kms-key-alias"))
    verdict = run(make_plan(GOOD), requirements=RequirementSet("t", (row,)))
    assert evidence(verdict, Judged.PLAN) == [
        ("s3-bucket-versioning", "aws_s3_bucket.a", Status.PASS),
        ("kms-key-alias", "", Status.NOT_EXERCISED),
    ]
    assert verdict.decision is Decision.BLOCKED
    assert verdict.blockers == ("T-01: nothing in scope for plan",)


@pytest.mark.parametrize("plan", [GOOD, BAD])
def test_what_a_requirement_leaves_uncovered_is_told_with_its_reason(
    plan: Any,  # noqa: ANN401 - as `make_plan` takes it
    make_plan: MakePlan,
) -> None:
    row = Requirement(
        "T-01",
        "t",
        (Judged.PLAN,),
        (),
        ("s3-bucket-versioning", "kms-key-alias"),
        {"kms-key-alias": "no key", "s3-bucket-versioning": "no bucket"},
    )
    verdict = run(make_plan(plan), requirements=RequirementSet("t", (row,)))
    versioned = Status.PASS if plan is GOOD else Status.FAIL
    assert evidence(verdict, Judged.PLAN) == [
        ("s3-bucket-versioning", "aws_s3_bucket.a", versioned),
        ("kms-key-alias", "", Status.WAIVED),
    ]
    assert verdict.evidence[1].detail == "not covered: no key"
    assert (verdict.decision is Decision.ALLOWED) == (plan is GOOD)


def test_rows_that_are_not_judged_in_the_plan_get_no_such_evidence(make_plan: MakePlan) -> None:
    row = Requirement("T-01", "t", (Judged.LIVE,), (), ("s3-bucket-versioning",))
    verdict = run(make_plan(GOOD), requirements=RequirementSet("t", (row,)))
    assert verdict.evidence == ()
    assert verdict.decision is Decision.ALLOWED


@pytest.mark.parametrize(
    ("constructs", "expected"),
    [
        ((BUCKET,), [("s3.Bucket", "s/data", Status.PASS)]),
        ((), [("s3.Bucket", "", Status.NOT_EXERCISED)]),
        (({**BUCKET, "construct": "kms.Key"},), [("s3.Bucket", "", Status.NOT_EXERCISED)]),
        (
            ({**BUCKET, "weakened": [{"argument": "sse_s3", "reason": "ticket 1"}]},),
            [("s3.Bucket", "s/data", Status.WAIVED)],
        ),
        (
            ({**BUCKET, "weakened": [{"argument": "a", "reason": "r", "gives_up": []}]},),
            [("s3.Bucket", "s/data", Status.PASS)],
        ),
        (
            ({**BUCKET, "weakened": [{"argument": "a", "reason": "r", "gives_up": [GIVEN_UP]}]},),
            [("s3.Bucket", "s/data", Status.WAIVED)],
        ),
        (
            ({**BUCKET, "resources": ["aws_s3_bucket.gone"]},),
            [("s3.Bucket", "s/data", Status.UNKNOWN)],
        ),
    ],
)
def test_construction_evidence_comes_from_the_synthesis(
    make_plan: MakePlan,
    constructs: tuple[dict[str, Any], ...],
    expected: list[tuple[str, str, Status]],
) -> None:
    verdict = run(make_plan(GOOD), synthesis(*constructs), requirements=RequirementSet("t", (ROW,)))
    assert evidence(verdict, Judged.CONSTRUCTION) == expected
    assert verdict.expects == (Judged.CONSTRUCTION, Judged.PLAN)
    passes = expected[0][2] in (Status.PASS, Status.WAIVED)
    assert (verdict.decision is Decision.ALLOWED) == passes


@pytest.mark.parametrize("repeating", ["count", "for_each"])
def test_what_a_construct_repeats_may_come_to_no_instance(
    make_plan: MakePlan, repeating: str
) -> None:
    made = {**BUCKET, "resources": ["aws_s3_bucket.a", "aws_s3_object.more"]}
    synthesized = {
        **synthesis(made),
        "resource": {"aws_s3_object": {"more": {repeating: "${var.none}"}}},
    }
    asked = RequirementSet("t", (ROW,))
    verdict = run(make_plan(GOOD), synthesized, requirements=asked)
    assert evidence(verdict, Judged.CONSTRUCTION) == [("s3.Bucket", "s/data", Status.PASS)]
    assert "aws_s3_object.more" not in verdict.evidence[0].detail, "it was not made"
    made["resources"] = ["aws_s3_object.more"]
    verdict = run(make_plan(GOOD), synthesized, requirements=asked)
    assert evidence(verdict, Judged.CONSTRUCTION) == [("s3.Bucket", "s/data", Status.UNKNOWN)]


def test_a_weakened_default_says_its_reason(make_plan: MakePlan) -> None:
    weakened = {**BUCKET, "weakened": [{"argument": "sse_s3", "reason": "ticket 1"}]}
    verdict = run(make_plan(GOOD), synthesis(weakened), requirements=RequirementSet("t", (ROW,)))
    assert verdict.evidence[0].detail.startswith("weakened by `sse_s3`: ticket 1; made ")


def test_without_synthesis_construction_is_not_asked_for(make_plan: MakePlan) -> None:
    verdict = run(make_plan(GOOD), requirements=RequirementSet("t", (ROW,)))
    assert evidence(verdict, Judged.CONSTRUCTION) == []
    assert verdict.decision is Decision.ALLOWED


def test_the_verdict_survives_json(make_plan: MakePlan) -> None:
    verdict = run(make_plan(BAD), synthesis(BUCKET), requirements=RequirementSet("t", (ROW,)))
    assert Verdict.from_dict(verdict.as_dict()).as_dict() == verdict.as_dict()
