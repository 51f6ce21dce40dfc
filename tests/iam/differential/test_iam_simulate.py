"""The product against iam-simulate on random cases: every difference is of a kind we explain."""

from __future__ import annotations

import collections
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.iam.differential.cases import cases
from tests.iam.differential.comparison import answers, decision
from tests.iam.differential.iam_simulate import UNUSED, Simulator, install, supported
from tests.iam.differential.iam_simulate_kinds import KINDS, kind_of
from tests.iam.differential.naive import evaluate
from tests.iam.differential.shrink import shrink

PEERS = Path(__file__).parents[3] / ".tools" / "peers"
EXPLAINED = tomllib.loads((Path(__file__).parent / "iam_simulate.toml").read_text())
SEED, COUNT = 31, 6000


@pytest.fixture(scope="module", name="simulator")
def _simulator() -> Iterator[Simulator]:
    why = install(PEERS)
    if why:
        pytest.skip(f"iam-simulate is not there to compare with: {why}")
    simulator = Simulator(PEERS)
    yield simulator
    simulator.close()


def test_every_kind_is_explained() -> None:
    assert set(KINDS) == set(EXPLAINED)
    for kind in EXPLAINED.values():
        assert set(kind) == {"difference", "documentation", "source"}


@pytest.mark.slow
def test_every_difference_is_of_a_known_kind(simulator: Simulator) -> None:
    # A wildcard in the resource of a request stands for many resources there; a request of an
    # identity provider is one of its account.
    sample = [
        supported(case)
        for case in cases(SEED, COUNT, unused=UNUSED)
        if not set("*?") & set(case["request"]["resource"])
        and "-provider/" not in case["request"]["principal"]
    ]
    assert len(sample) >= 5000
    kinds, unexplained = collections.Counter[str](), []
    for case, answer in zip(sample, answers(sample), strict=True):
        ours, theirs = answer["decision"], simulator.decision(case)
        if ours == theirs:
            continue
        policy = bool(case["resource_policy"])
        small = shrink(
            case,
            lambda smaller: (
                bool(smaller.get("resource_policy")) == policy  # noqa: B023 - called at once
                and evaluate(smaller) == ours  # noqa: B023 - same
                and simulator.decision(smaller) == theirs  # noqa: B023 - same
            ),
        )
        kind = kind_of(small)
        if kind is None or decision(small) != ours:
            unexplained.append(f"ours {ours}, theirs {theirs}: {json.dumps(small)}")
        else:
            kinds[kind] += 1
    assert unexplained == []
    assert set(kinds) == set(EXPLAINED)
    assert kinds.total() < len(sample) / 5
