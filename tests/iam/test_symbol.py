"""What is a symbol, what is a policy variable, and what a symbol is made of."""

from __future__ import annotations

import pytest

from revet.iam.symbol import (
    around_symbols,
    has_symbol,
    is_exact,
    made_of,
    origins,
    symbols,
    without_symbols,
)


@pytest.mark.parametrize(
    "inner",
    [
        "aws_kms_key.k.arn",
        'aws_s3_bucket.b["a, b"].arn',
        'aws_iam_role.r["team:blue"].arn',
        'aws_s3_bucket.b["{x}"].arn',
        'module.m["a"].aws_sqs_queue.q.arn',
        "data.aws_caller_identity.current.account_id",
        "data.http.ranges.body",
        "local.bucket",
        made_of(("aws_s3_bucket.a.arn", 'aws_s3_bucket.b["x, y"].arn')),
    ],
)
def test_symbols(inner: str) -> None:
    text = f"arn:${{{inner}}}/*"
    assert symbols(text) == (inner,)
    assert has_symbol(text)
    assert without_symbols(text) == "arn:*/*"
    assert around_symbols(text) == "arn:/*"


@pytest.mark.parametrize(
    "text",
    ["${aws:username}", "${*}", "${?}", "${$}", "${}", "${aws:PrincipalTag/a.b, 'x.y'}", "plain"],
)
def test_policy_variables_are_no_symbols(text: str) -> None:
    assert symbols(text) == ()
    assert without_symbols(text) == text


def test_origins_are_what_a_value_is_made_of() -> None:
    names = ("aws_s3_bucket.a.arn", 'aws_s3_bucket.b["x, y"].arn')
    assert origins(made_of(names)) == names
    assert origins(names[1]) == (names[1],)
    assert is_exact(names[0])
    assert not is_exact(made_of(names[:1]))
