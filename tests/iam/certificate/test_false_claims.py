"""Claims that there is nothing new where there is something: no tree of leaves proves them."""

from __future__ import annotations

import copy

from tests.iam.certificate.certificates import Draw, claimed, keys_of, open_leaves, proved

from revet.iam.certificate import check_certificate
from revet.iam.prove.ask import Result

SEEDS = range(10_000, 10_500)
LEAST = 100


def test_false_claims_stay_open_and_true_ones_check() -> None:
    false = true = 0
    for seed in SEEDS:
        draw = Draw(seed)
        new = draw.policy(2)
        old = draw.near(new) if seed % 2 else draw.policy(2)
        if seed % 10 == 0:
            old = copy.deepcopy(new)
        result, certificate = proved(new, old)
        if certificate is not None:
            true += 1
            assert check_certificate(certificate) == [], seed
        elif result is Result.SOME:
            false += 1
            assert open_leaves(claimed(new, old), keys_of(new, old)), seed
    assert min(false, true) >= LEAST
