"""The prover and z3 say the same, and what each of them finds is a request for the evaluator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from tests.iam.prove.judged import Compared, replays
from tests.iam.prove.pairs import SEED, Pair, pairs
from tests.iam.prove.z3_model import Said, new_access

from revet.iam.prove.ask import Result

FEW, MANY = 150, 2000
SHORT, LONG = 0.3, 10.0
"""What z3 may take for a question, in seconds."""
LEAST_ANSWERED = 0.85
MOST_UNKNOWN = 0.01
DISAGREE = {(Result.NONE, Said.SOME), (Result.SOME, Said.NONE)}


@dataclass
class Comparison:
    """What became of some pairs.

    Args:
        said: how often which two answers were given.
        wrong: pairs with answers that disagree, or a request that does not replay.
    """

    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def unknown(self) -> int:
        """How often the prover did not know."""
        return sum(count for (ours, _), count in self.said.items() if ours == Result.UNKNOWN)

    @property
    def answered(self) -> int:
        """How often z3 answered."""
        return sum(count for (_, z3), count in self.said.items() if z3 in (Said.NONE, Said.SOME))

    def add(self, pair: Pair, seconds: float) -> None:
        """Compare one pair.

        Args:
            pair: the two policies.
            seconds: what z3 may take.
        """
        compared = Compared.of(pair.new, pair.old)
        ours = compared.answer()
        theirs = new_access(compared.new, compared.old, seconds)
        self.said[ours.result, theirs.said] += 1
        if (ours.result, theirs.said) in DISAGREE:
            self.wrong.append(f"prover {ours.result}, z3 {theirs.said}: {pair}")
        witness = ours.witness
        if (witness is None) is (ours.result is Result.SOME):
            self.wrong.append(f"{ours.result} with the witness {witness}: {pair}")
        if witness is not None and not replays(
            compared, witness.action, witness.resource, dict(witness.context)
        ):
            self.wrong.append(f"the prover's {witness} does not replay: {pair}")
        if theirs.said is Said.SOME and not replays(
            compared, theirs.action, theirs.resource, theirs.context or {}
        ):
            self.wrong.append(f"the model of z3 is wrong, {theirs} does not replay: {pair}")


def compare(count: int, seed: int, seconds: float) -> Comparison:
    found = Comparison()
    for pair in pairs(count, seed):
        found.add(pair, seconds)
    print({f"{ours}, z3 {theirs}": count for (ours, theirs), count in found.said.items()})  # noqa: T201 - the figures are asked for
    return found


def test_the_prover_agrees_with_z3_on_some_pairs() -> None:
    found = compare(FEW, SEED, SHORT)
    assert not found.wrong, "\n".join(found.wrong)
    assert found.answered >= LEAST_ANSWERED * FEW, found.said
    assert found.unknown <= MOST_UNKNOWN * FEW, found.said


@pytest.mark.slow
def test_the_prover_agrees_with_z3_on_many_pairs() -> None:
    found = compare(MANY, SEED + 1, LONG)
    assert not found.wrong, "\n".join(found.wrong)
    assert found.answered >= LEAST_ANSWERED * MANY, found.said
    assert found.unknown <= MOST_UNKNOWN * MANY, found.said
