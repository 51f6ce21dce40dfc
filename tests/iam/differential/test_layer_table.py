"""Session, identity, boundary, SCP, RCP and resource, each allow, deny or nothing: all of it."""

from __future__ import annotations

import collections
from typing import Any

import pytest
from tests.iam.differential.comparison import answers
from tests.iam.differential.layer_table import LAYERS, Row, case_of, expected, rows
from tests.iam.differential.naive import evaluate

# A key always has a policy, so its table has no row without one.
TABLES = {
    "s3, nothing is a policy that does not match": ("s3", "none"),
    "s3, nothing is no policy": ("s3", "absent"),
    "kms, nothing is a policy that does not match": ("kms", "none"),
}
SHORT = "s3, nothing is no policy, the caller itself is named"


@pytest.fixture(
    scope="module",
    name="table",
    params=[SHORT, *(pytest.param(name, marks=pytest.mark.slow) for name in TABLES)],
)
def _table(request: pytest.FixtureRequest) -> list[Row]:
    if request.param == SHORT:
        return list(rows("s3", "absent", forms=1))
    return list(rows(*TABLES[request.param]))


def test_the_table_is_whole(table: list[Row]) -> None:
    combinations = collections.Counter[tuple[Any, ...]]()
    for row in table:
        combinations[row.kind, row.cross, *(row.states[layer] for layer in LAYERS)] += 1
    assert len(combinations) == 3**6 * 2 * 2
    assert set(map(expected, table)) == {"allowed", "explicitly_denied", "implicitly_denied"}


def test_naive_evaluator_follows_the_flow_charts(table: list[Row]) -> None:
    wrong = {
        str(row): (expected(row), got)
        for row in table
        if (got := evaluate(case_of(row))) != expected(row)
    }
    assert wrong == {}


def test_product_follows_the_flow_charts(table: list[Row]) -> None:
    found = answers(map(case_of, table))
    wrong = {
        str(row): (expected(row), answer["decision"])
        for row, answer in zip(table, found, strict=True)
        if answer["decision"] != expected(row)
    }
    assert wrong == {}
