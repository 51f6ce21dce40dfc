"""Properties are proved, and attacks decided, over what is deployed, as the state has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from revet.gate.properties import Check, Property
from revet.iam.prove.asked import Asked
from revet.model.attack import Attack, Expected
from revet.model.errors import ConfigError
from revet.model.finding import Origin, Status
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Verdict

Account = Any  # of conftest.py
Judge = Callable[..., Verdict]
ROWS = RequirementSet("t", (Requirement("T-01", "text", (Judged.PROOF,)),))
CLOSED = Property(
    "closed",
    "T-01",
    "No outsider reads the data",
    Check.NO_PUBLIC_ACCESS,
    ("bucket_name",),
    Asked(),
)
OPEN = replace(
    CLOSED,
    id="nobody-puts",
    text="Nobody puts anything into the bucket",
    check=Check.ACCESS_NOT_GRANTED,
    asked=Asked(("s3:PutObject",)),
)


ATTACKED = RequirementSet("t", (Requirement("T-02", "text", (Judged.ATTACK,)),))
WORKS = Attack(
    "instances-can-be-seen",
    "T-02",
    ("aws_iam_role.flow",),
    "ec2:DescribeInstances",
    "*",
    expect=Expected.ALLOWED,
    given=("ec2:*",),
)
WHOLE_ROLE = {
    "assume_role_policy": json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        }
    ),
    "inline_policy": [],
    "managed_policy_arns": [],
    "permissions_boundary": "",
}
"""What Terraform's state has of a role beside its names."""
NOT_GRANTED = replace(WORKS, id="nobody-granted-it", given=())
NO_GUARD = replace(NOT_GRANTED, id="no-guard", expect=Expected.DENIED)


def test_what_is_deployed_is_proved(
    account: Account, deployed: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for node in account.state["values"]["root_module"]["resources"]:
        if node["type"] == "aws_s3_bucket":
            monkeypatch.setitem(node["values"], "policy", "")
    verdict = deployed(requirements=ROWS, properties=(CLOSED, OPEN))
    found = {one.source: one for one in verdict.evidence if one.judged is Judged.PROOF}
    assert {one.origin for one in found.values()} == {Origin.STATE}
    assert found["closed"].status is Status.PASS
    assert found["nobody-puts"].status is Status.FAIL
    assert "arn:aws:s3:::tap-data-dev/" in found["nobody-puts"].detail
    assert Judged.PROOF in verdict.expects
    assert "T-01 nobody-puts bucket_name: fail" in verdict.blockers


def test_a_property_that_nobody_would_see_is_refused(deployed: Judge) -> None:
    with pytest.raises(ConfigError, match="a property proves a requirement"):
        deployed(properties=(CLOSED,))


def test_attacks_are_decided_over_what_is_deployed(
    account: Account, deployed: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for node in account.state["values"]["root_module"]["resources"]:
        if node["type"] == "aws_iam_role":
            for name, value in WHOLE_ROLE.items():
                monkeypatch.setitem(node["values"], name, value)
    verdict = deployed(requirements=ATTACKED, attacks=(WORKS, NOT_GRANTED, NO_GUARD))
    found = {one.source: one for one in verdict.evidence if one.judged is Judged.ATTACK}
    assert {one.origin for one in found.values()} == {Origin.STATE}
    assert {name: one.status for name, one in found.items()} == {
        "instances-can-be-seen": Status.PASS,
        "nobody-granted-it": Status.FAIL,
        "no-guard": Status.UNKNOWN,
    }
    assert "`ec2:DescribeInstances` on `*` by `arn:aws:iam::" in found["nobody-granted-it"].detail
    assert Judged.ATTACK in verdict.expects
    assert Judged.PROOF not in verdict.expects
    assert "T-02 nobody-granted-it aws_iam_role.flow: fail" in verdict.blockers
    assert "T-02 no-guard aws_iam_role.flow: unknown" in verdict.blockers


def test_an_attack_that_nobody_would_see_is_refused(deployed: Judge) -> None:
    with pytest.raises(ConfigError, match="an attack tries a requirement"):
        deployed(attacks=(WORKS,))
