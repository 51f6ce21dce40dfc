"""Attacks are evidence: one that fails or does not count blocks, and none of them is sent."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revet.gate.attacks import Answered, Attacks, Removals, read_attacks
from revet.gate.attempted import SIMULATED, attempt_all
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.attack import Attack, Expected, Guard
from revet.model.errors import ConfigError
from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged, Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict
from revet.model.work import Work
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
ROOT = Path(__file__).parents[2]
ROW = Requirement("T-01", "text", (Judged.PLAN, Judged.ATTACK), (), ("s3-bucket-versioning",))
ROLE = "arn:aws:iam::123456789012:role/app"
READ = Attack(
    "read-secrets",
    "T-01",
    ("aws_iam_role.app",),
    "s3:GetObject",
    "arn:aws:s3:::data/secret",
    guard=(Guard("aws_iam_role.app", sid="NoSecrets"),),
    owner="123456789012",
)
LIST = Attack(
    "list-data",
    "T-01",
    ("aws_iam_role.app",),
    "s3:GetObject",
    "arn:aws:s3:::data/open",
    expect=Expected.ALLOWED,
    grant=(Guard("aws_iam_role.app", sid="Reads"),),
    owner="123456789012",
)


def role(denied: str = "arn:aws:s3:::data/secret") -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    return {
        "aws_iam_role": {
            "app": {
                "name": "app",
                "arn": ROLE,
                "assume_role_policy": policy({**trust, "Action": "sts:AssumeRole"}),
            }
        },
        "aws_iam_role_policy": {
            "app": {
                "role": "${aws_iam_role.app.id}",
                "policy": policy(
                    statement("Reads", "Allow", "arn:aws:s3:::data/*"),
                    statement("NoSecrets", "Deny", denied),
                ),
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


def statement(sid: str, effect: str, resource: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Action": "s3:GetObject", "Resource": resource}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def judged(
    plan: dict[str, Any], *attacks: Attack, row: Requirement = ROW, work: Work | None = None
) -> Verdict:
    return judge(
        load_plan(plan),
        load_catalog(only=["s3-bucket-versioning"]),
        requirements=RequirementSet("t", (row,)),
        today=dt.date(2026, 11, 22),
        stack="s",
        attacks=attacks,
        work=work,
    )


def attempted(verdict: Verdict) -> list[Evidence]:
    return [item for item in verdict.evidence if item.judged is Judged.ATTACK]


def test_attacks_that_count_are_evidence(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role()), READ, LIST)
    denied, allowed = attempted(verdict)
    assert (denied.source, denied.subject) == ("read-secrets", "aws_iam_role.app")
    assert {(one.status, one.origin) for one in (denied, allowed)} == {(Status.PASS, Origin.PLAN)}
    assert denied.detail.startswith(
        "denied by identity policy; `s3:GetObject` on `arn:aws:s3:::data/secret` by `arn:aws:"
    )
    assert allowed.detail.startswith("allowed; `s3:GetObject` on `arn:aws:s3:::data/open` by `")
    assert all(one.detail.endswith(f"; {SIMULATED}") for one in (denied, allowed))
    assert "nothing was sent" in SIMULATED
    assert verdict.expects == (Judged.PLAN, Judged.ATTACK)
    assert verdict.decision is Decision.ALLOWED


FAILED = [
    (replace(READ, resource="arn:aws:s3:::data/open"), "must be denied, and is not; "),
    (replace(LIST, resource="arn:aws:s3:::data/secret"), "must be allowed, and is not; "),
    (replace(READ, by="boundary"), "must be denied by permissions boundary, and is not; without "),
]


@pytest.mark.parametrize(("attack", "said"), FAILED, ids=lambda one: getattr(one, "id", ""))
def test_an_attack_that_fails_blocks_and_shows_the_request(
    attack: Attack, said: str, make_plan: MakePlan
) -> None:
    verdict = judged(make_plan(role()), attack)
    [found] = attempted(verdict)
    assert found.status is Status.FAIL
    assert found.detail.startswith(said)
    assert f"`s3:GetObject` on `{attack.resource}` by `" in found.detail
    assert verdict.matrix[0].cells[1].status is Status.FAIL
    assert verdict.decision is Decision.BLOCKED
    assert verdict.blockers == (f"T-01 {attack.id} aws_iam_role.app: fail",)


UNKNOWN = [
    (replace(READ, guard=()), "denied by identity policy, but does not count; it names no guard"),
    (replace(READ, guard=(Guard("aws_iam_role.app", sid="Reads"),)), "but does not count; "),
    (replace(READ, guard=(Guard("aws_iam_role.app", sid="Gone"),)), "but does not count; "),
    (replace(LIST, grant=()), "allowed, but does not count; it names no grant"),
    (replace(READ, principals=("aws_iam_role.gone",)), "not known whether it is denied; "),
    (replace(READ, account="210987654321"), "not known whether it is denied; account"),
]


@pytest.mark.parametrize(("attack", "said"), UNKNOWN)
def test_what_does_not_count_or_is_not_known_is_unknown_and_blocks(
    attack: Attack, said: str, make_plan: MakePlan
) -> None:
    verdict = judged(make_plan(role()), attack, replace(LIST, id="other"))
    found, other = attempted(verdict)
    assert found.status is Status.UNKNOWN
    assert said in found.detail
    assert found.detail.endswith(SIMULATED)
    assert other.status is Status.PASS, "one that names what is not there leaves the others"
    assert verdict.blockers == (f"T-01 {attack.id} {found.subject}: unknown",)


def test_a_policy_that_is_not_known_leaves_it_unknown(make_plan: MakePlan) -> None:
    made = role()
    made["aws_iam_role_policy"]["app"]["policy"] = "${terraform_data.later.output}"
    [found] = attempted(judged(make_plan(made), READ))
    assert found.status is Status.UNKNOWN
    assert "aws_iam_role_policy.app" in found.detail


def test_without_attacks_nothing_is_expected(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role()))
    assert verdict.expects == (Judged.PLAN,)
    assert verdict.matrix[0].cells[1].status is Status.NOT_EXERCISED
    assert verdict.decision is Decision.ALLOWED


@pytest.mark.parametrize(
    "row",
    [replace(ROW, id="T-02"), replace(ROW, judged=(Judged.PLAN, Judged.PROOF))],
    ids=["no-such-requirement", "not-judged-by-attack"],
)
def test_an_attack_that_nobody_would_see_is_refused(row: Requirement, make_plan: MakePlan) -> None:
    with pytest.raises(ConfigError, match="an attack tries a requirement that does not") as caught:
        judged(make_plan(role()), READ, row=row)
    assert caught.value.where == "attack `read-secrets`"
    assert "judged by attack (`A`)" in caught.value.expected


def test_an_attack_that_crashes_is_a_problem(
    make_plan: MakePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = Attacks.answer_one

    def crash(attacks: Attacks, one: Attack, among: Removals) -> Answered:
        if one.id == READ.id:
            raise RuntimeError("boom")
        return decide(attacks, one, among)

    monkeypatch.setattr(Attacks, "answer_one", crash)
    verdict = judged(make_plan(role()), READ, LIST)
    assert verdict.decision is Decision.UNDECIDED
    assert verdict.problems == (
        "attack read-secrets: the evaluation crashed with RuntimeError: boom",
    )
    assert [one.source for one in attempted(verdict)] == ["list-data"]


def test_no_time_for_attacks_is_a_problem(make_plan: MakePlan) -> None:
    verdict = judged(make_plan(role()), READ, LIST, work=Work(-1))
    assert verdict.decision is Decision.UNDECIDED
    assert any("not decided: `read-secrets`, `list-data`" in one for one in verdict.problems)
    assert attempted(verdict) == []


@pytest.mark.parametrize("attack", [READ, replace(READ, resource="arn:aws:s3:::data/open")])
def test_nothing_that_a_sensitive_policy_says_is_shown(attack: Attack, make_plan: MakePlan) -> None:
    plan = make_plan(role())
    for change in plan["resource_changes"]:
        if change["address"] == "aws_iam_role_policy.app":
            change["change"]["after_sensitive"] = {"policy": True}
    [found] = attempted(judged(plan, attack))
    assert "data" not in found.detail
    assert "`aws_iam_role_policy.app.policy` is sensitive" in found.detail
    assert found.detail.endswith(SIMULATED)


def test_all_attacks_of_the_tap_blueprint_pass() -> None:
    good = json.loads((ROOT / "tests/mutations/tap/plans/good.json").read_text())["plan"]
    attacks = read_attacks(ROOT / "src/revet/blueprints/tap/attacks.toml")
    run = attempt_all(attacks, load_plan(good), Origin.PLAN, Work(60))
    assert run.problems == ()
    assert {(one.requirement, one.status) for one in run.evidence} == {("TAP-05", Status.PASS)}
    assert len(run.evidence) == len(attacks)
