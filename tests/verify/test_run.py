"""The engine fails closed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from revet.model.control import ControlMeta
from revet.model.errors import CatalogError, TargetError
from revet.model.finding import Origin, Outcome, Severity, Status, compliant, noncompliant
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Waiver
from revet.verify.catalog import LiveCheck
from revet.verify.reader import MissingResourceError, ReadDeniedError, Reader, UnreachableError
from revet.verify.run import LiveResult, verify_live
from revet.verify.subject import Deployment, Subject

BUCKET = Subject("aws_s3_bucket", "aws_s3_bucket.data", "data", "", "us-west-2", {})
DEPLOYMENT = Deployment("tap", (BUCKET,))
META = ControlMeta("s3-x", "title", Severity.HIGH, "required", "impact", "fix")
ROWS = RequirementSet(
    "rows", (Requirement("R-1", "text", (Judged.PLAN, Judged.LIVE), (), ("s3-x",)),)
)
Rule = Callable[..., Any]


class Silent:
    """A reader that must not be asked, or that always raises the same."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked: list[tuple[str, str]] = []

    def call(self, service: str, operation: str, **rest: object) -> dict[str, Any]:
        self.asked.append((service, operation))
        if self.error:
            raise self.error
        return {"Status": "Enabled", "asked": len(self.asked), **rest}


def _check(rule: Rule, **more: Any) -> LiveCheck:  # noqa: ANN401 - fields of LiveCheck
    return LiveCheck("s3-x", ("aws_s3_bucket",), ("s3:GetBucketVersioning",), rule, **more)


def _run(
    check: LiveCheck,
    *,
    reader: Reader | None = None,
    deployment: Deployment = DEPLOYMENT,
    meta: ControlMeta = META,
    **more: Any,  # noqa: ANN401 - passed on
) -> LiveResult:
    return verify_live(
        deployment,
        reader or Silent(),
        checks={"s3-x": check},
        controls={"s3-x": meta},
        origin=Origin.EMULATED,
        requirements=ROWS,
        **more,
    )


def _ask(subject: Subject, reader: Reader, **settings: object) -> Outcome:
    del settings
    reader.call("s3", "get_bucket_versioning", region=subject.region, Bucket=subject.id)
    return compliant("asked")


def test_a_finding_takes_its_texts_from_the_control() -> None:
    [finding] = _run(_check(lambda *_: noncompliant("it is off"))).findings
    assert (finding.control, finding.address) == ("s3-x", "aws_s3_bucket.data")
    assert (finding.severity, finding.status) == (Severity.HIGH, Status.FAIL)
    assert finding.implemented == "it is off"
    assert (finding.required, finding.impact, finding.fix) == ("required", "impact", "fix")


def test_access_denied_is_unknown_and_says_which_action_is_missing() -> None:
    denied = ReadDeniedError("s3:GetBucketVersioning", where="here", got="no")
    result = _run(_check(_ask), reader=Silent(denied))
    [finding] = result.findings
    assert finding.status is Status.UNKNOWN
    assert "s3:GetBucketVersioning" in finding.implemented
    assert "s3:GetBucketVersioning" in finding.resolve
    assert [item.status for item in result.evidence] == [Status.UNKNOWN]
    assert result.problems == ()


def test_what_does_not_exist_is_a_failure() -> None:
    [finding] = _run(_check(_ask), reader=Silent(MissingResourceError("gone"))).findings
    assert finding.status is Status.FAIL
    assert "does not exist" in finding.implemented


def test_an_error_of_aws_is_a_problem_and_the_other_subjects_are_still_judged() -> None:
    def rule(subject: Subject, reader: Reader) -> Outcome:
        return _ask(subject, reader) if subject is BUCKET else compliant()

    other = dataclasses.replace(BUCKET, address="aws_s3_bucket.other", id="other")
    result = _run(
        _check(rule),
        reader=Silent(TargetError("AWS said 500")),
        deployment=Deployment("tap", (BUCKET, other)),
    )
    assert [finding.address for finding in result.findings] == ["aws_s3_bucket.other"]
    [problem] = result.problems
    assert problem.startswith("s3-x aws_s3_bucket.data:")
    assert "AWS said 500" in problem


def test_a_crash_is_a_problem() -> None:
    result = _run(_check(lambda *_: int("x")))
    assert result.findings == ()
    assert "ValueError" in result.problems[0]
    assert [item.status for item in result.evidence] == [Status.NOT_EXERCISED]


def test_no_answer_is_a_problem() -> None:
    assert "no answer" in _run(_check(lambda *_: True)).problems[0]


def test_an_unreachable_aws_ends_the_run() -> None:
    with pytest.raises(UnreachableError):
        _run(_check(_ask), reader=Silent(UnreachableError("no network")))


def test_an_undeclared_call_is_never_sent() -> None:
    reader = Silent()
    check = dataclasses.replace(_check(_ask), actions=("s3:GetBucketPolicy",))
    result = _run(check, reader=reader)
    assert reader.asked == []
    assert "does not declare" in result.problems[0]


def test_the_same_question_is_asked_once() -> None:
    reader = Silent()

    def rule(subject: Subject, asks: Reader) -> Outcome:
        for _ in range(3):
            _ask(subject, asks)
        return compliant()

    _run(_check(rule), reader=reader)
    assert len(reader.asked) == 1


def test_an_unknown_region_is_unknown() -> None:
    nowhere = Deployment("tap", (dataclasses.replace(BUCKET, region=""),))
    [finding] = _run(_check(_ask), deployment=nowhere).findings
    assert finding.status is Status.UNKNOWN


def test_nothing_in_scope_is_not_exercised_and_a_problem_when_it_is_all() -> None:
    vpc = Deployment("tap", (dataclasses.replace(BUCKET, type="aws_vpc"),))
    result = _run(_check(_ask), deployment=vpc)
    assert result.not_exercised == ("s3-x",)
    assert [item.status for item in result.evidence] == [Status.NOT_EXERCISED]
    assert result.problems == ("no live check had anything to judge",)


def test_nothing_deployed_is_a_problem() -> None:
    result = _run(_check(_ask), deployment=Deployment("tap", ()))
    assert "nothing is deployed" in result.problems[0]


def test_a_row_whose_control_has_no_live_check_is_not_met_by_the_others() -> None:
    rows = RequirementSet(
        "rows", (Requirement("R-1", "text", (Judged.LIVE,), (), ("s3-x", "s3-unheard-of")),)
    )
    result = verify_live(
        DEPLOYMENT,
        Silent(),
        checks={"s3-x": _check(_ask)},
        controls={"s3-x": META},
        origin=Origin.REAL,
        requirements=rows,
    )
    assert [(item.source, item.status, item.origin) for item in result.evidence] == [
        ("s3-x", Status.PASS, Origin.REAL),
        ("s3-unheard-of", Status.NOT_EXERCISED, Origin.REAL),
    ]


def test_no_checks_at_all_is_an_error() -> None:
    with pytest.raises(CatalogError):
        verify_live(DEPLOYMENT, Silent(), checks={}, controls={}, origin=Origin.EMULATED)


def test_settings_are_those_of_the_control_and_a_missing_one_leaves_the_check_out() -> None:
    seen: list[Mapping[str, object]] = []

    def rule(subject: Subject, reader: Reader, **settings: object) -> Outcome:
        del subject, reader
        seen.append(settings)
        return compliant()

    check = _check(rule, settings=frozenset({"days", "keys"}), required=frozenset({"keys"}))
    given = dataclasses.replace(META, settings={"days": 90, "keys": ("a",), "plan_only": True})
    _run(check, meta=given)
    assert seen == [{"days": 90, "keys": ("a",)}]
    without = dataclasses.replace(META, settings={"days": 90, "keys": None})
    assert _run(check, meta=without).not_exercised == ("s3-x",)


def test_a_waiver_covers_the_live_finding_and_its_evidence() -> None:
    waiver = Waiver("s3-x", "*", "ticket 7", "me", dt.date(2030, 1, 1))
    idle = dataclasses.replace(waiver, control="s3-y")
    result = _run(
        _check(lambda *_: noncompliant("it is off")),
        waivers=(waiver, idle),
        today=dt.date(2029, 1, 1),
    )
    assert [finding.status for finding in result.findings] == [Status.WAIVED]
    assert [item.status for item in result.evidence] == [Status.WAIVED]
    assert result.unused == (idle,)


def _part(kind: str, label: str, **attributes: object) -> Subject:
    return Subject(kind, f"{kind}.{label}", f"{kind}-{label}", "", "us-west-2", attributes)


VERSIONING = "aws_s3_bucket_versioning"


@pytest.mark.parametrize(
    ("others", "parts", "left"),
    [
        ((), (), {}),
        ((_part(VERSIONING, "v", bucket="data"),), (VERSIONING,), {}),
        ((_part(VERSIONING, "v", bucket="data"),), (), {VERSIONING: ("v",)}),
        ((_part(VERSIONING, "v", bucket="elsewhere"),), (VERSIONING,), {VERSIONING: ("v",)}),
        ((_part("aws_sns_topic", "t", name="data"),), (VERSIONING,), {"aws_sns_topic": ("t",)}),
        (
            (_part("aws_x", "a", names=["data"]), _part("aws_y", "b", x="aws_x-a")),
            ("aws_x", "aws_y"),
            {},
        ),
        (
            (_part("aws_x", "a", names=["data"]), _part("aws_y", "b", x="aws_x-a")),
            ("aws_y",),
            {"aws_x": ("a",), "aws_y": ("b",)},
        ),
    ],
)
def test_it_says_what_no_check_looked_at(
    others: tuple[Subject, ...], parts: tuple[str, ...], left: dict[str, tuple[str, ...]]
) -> None:
    deployment = Deployment("tap", (BUCKET, *others))
    result = _run(_check(_ask, parts=parts), deployment=deployment)
    named = {kind: tuple(f"{kind}.{name}" for name in names) for kind, names in left.items()}
    assert result.not_looked_at == named


def test_who_looks_at_labels_alone_looks_at_nothing() -> None:
    meta = dataclasses.replace(META, labels_only=True)
    assert _run(_check(_ask), meta=meta).not_looked_at == {"aws_s3_bucket": ("aws_s3_bucket.data",)}
