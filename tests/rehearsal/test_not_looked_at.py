"""What a run did not look at is what neither gate nor live checks looked at."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from revet.model.verdict import Provenance, Verdict
from revet.rehearsal.assembly import with_live
from revet.verify.run import LiveResult

Types = Mapping[str, tuple[str, ...]]
TOPIC: Types = {"aws_sns_topic": ("aws_sns_topic.a", "aws_sns_topic.b")}
GROUP: Types = {"aws_iam_group": ("aws_iam_group.g",)}


@pytest.mark.parametrize(
    ("gate", "live", "left"),
    [
        ({}, {}, {}),
        (TOPIC, {}, {}),
        ({}, TOPIC, {}),
        (TOPIC, TOPIC | GROUP, TOPIC),
        (TOPIC | GROUP, TOPIC, TOPIC),
        (TOPIC, {"aws_sns_topic": ("aws_sns_topic.b",)}, {"aws_sns_topic": ("aws_sns_topic.b",)}),
        (None, GROUP, GROUP),
        (None, {}, {}),
    ],
)
def test_gate_and_live_checks_together(gate: Types | None, live: Types, left: Types) -> None:
    verdict = Verdict(Provenance("tap", "rehearse"), not_looked_at=gate)
    assert with_live(verdict, LiveResult(not_looked_at=live)).not_looked_at == left
