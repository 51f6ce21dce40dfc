"""What became of a property or an attack is in every format: the request, the reason, the hash."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from revet.model.finding import Origin, Status
from revet.model.requirement import Evidence, Judged
from revet.model.verdict import Verdict
from revet.report import FORMATS

HASH = f"sha256:{'ab' * 32}"
REFUTED = "does not hold: Only CloudTrail writes; `s3:PutObject` on `arn:aws:s3:::b/` is allowed"
SHOWN = {"text", "json", "html", "sarif", "junit", "markdown"}


def proved(verdict: Verdict, status: Status, detail: str, certificate: str = "") -> Verdict:
    one = Evidence(
        "TAP-06", Judged.PROOF, "only-it", "bucket", status, Origin.STATE, detail, certificate
    )
    kept = (item for item in verdict.evidence if item.judged is not Judged.PROOF)
    return replace(verdict, evidence=(*kept, one))


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_certificate_is_shown_by_its_hash(name: str, verdict: Verdict) -> None:
    shown = FORMATS[name](proved(verdict, Status.PASS, "holds: it does", HASH))
    assert HASH in shown
    assert "only-it" in shown


@pytest.mark.parametrize("name", sorted(SHOWN))
@pytest.mark.parametrize(
    ("status", "detail"), [(Status.FAIL, REFUTED), (Status.UNKNOWN, "not known: `x` is not read")]
)
def test_the_request_and_the_reason_are_shown(
    name: str, status: Status, detail: str, verdict: Verdict
) -> None:
    shown = " ".join(FORMATS[name](proved(verdict, status, detail)).split())
    for part in detail.replace("`", "|").split("|"):
        assert part.strip() in shown, part


def test_github_names_the_property_that_fails(verdict: Verdict) -> None:
    shown = FORMATS["github"](
        replace(proved(verdict, Status.FAIL, REFUTED), findings=(), problems=())
    )
    assert "TAP-06 only-it bucket%3A fail" in shown or "TAP-06 only-it bucket: fail" in shown


def test_json_has_it_as_fields(verdict: Verdict) -> None:
    shown = json.loads(FORMATS["json"](proved(verdict, Status.PASS, "holds: it does", HASH)))
    [found] = [item for item in shown["evidence"] if item["judged"] == "X"]
    assert (found["source"], found["certificate"]) == ("only-it", HASH)
    again = Verdict.from_dict(shown)
    assert [item.certificate for item in again.evidence if item.judged is Judged.PROOF] == [HASH]


def attempted(verdict: Verdict, status: Status, detail: str) -> Verdict:
    one = Evidence("TAP-05", Judged.ATTACK, "without-mfa", "group", status, Origin.STATE, detail)
    kept = (item for item in verdict.evidence if item.judged is not Judged.ATTACK)
    return replace(verdict, evidence=(*kept, one))


@pytest.mark.parametrize("name", sorted(SHOWN))
@pytest.mark.parametrize("status", [Status.PASS, Status.FAIL, Status.UNKNOWN])
def test_an_attack_is_shown_with_its_layer_and_as_simulated(
    name: str, status: Status, verdict: Verdict
) -> None:
    said = "denied by identity policy; simulated"
    shown = " ".join(FORMATS[name](attempted(verdict, status, said)).split())
    assert "without-mfa" in shown
    assert said in shown


def test_sarif_keeps_attacks_apart_from_proofs(verdict: Verdict) -> None:
    [run] = json.loads(FORMATS["sarif"](attempted(verdict, Status.PASS, "denied")))["runs"]
    [found] = run["properties"]["attacks"]
    assert (found["attack"], found["result"], found["origin"]) == ("without-mfa", "pass", "state")
    assert {item["requirement"] for item in run["properties"]["proofs"]} == {"TAP-06"}
