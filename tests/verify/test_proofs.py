"""Properties are proved again over what is deployed, as the state has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from revet.gate.properties import Check, Property
from revet.iam.prove.asked import Asked
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
