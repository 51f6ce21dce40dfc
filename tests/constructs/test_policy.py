from __future__ import annotations

import json

import pytest

from revet.constructs.policy import document, statement

ESCAPES = {
    "user/${aws:username}": "user/$${aws:username}",
    "${TfToken[TOKEN.1]}/x": "${TfToken[TOKEN.1]}/x",
    "%{if}": "%%{if}",
    "$x ${a} ${TfToken[TOKEN.2]}": "$x $${a} ${TfToken[TOKEN.2]}",
}


@pytest.mark.parametrize("text", ESCAPES)
def test_only_iam_variables_are_escaped(text: str) -> None:
    rendered = document([statement("A", actions="s3:GetObject", resources=text)])
    assert json.loads(rendered)["Statement"][0]["Resource"] == ESCAPES[text]


def test_a_statement_has_what_was_given_and_nothing_else() -> None:
    assert statement("A", actions=("a:B",), resources=None) == {
        "Sid": "A",
        "Effect": "Allow",
        "Action": ["a:B"],
    }
    full = statement(
        "B",
        effect="Deny",
        actions="s3:*",
        resources=("r",),
        principals={"AWS": "x"},
        conditions={"Bool": {"k": "v"}, "StringLike": {"l": ("a", "b")}},
    )
    assert full["Principal"] == {"AWS": "x"}
    assert full["Condition"] == {"Bool": {"k": "v"}, "StringLike": {"l": ["a", "b"]}}
