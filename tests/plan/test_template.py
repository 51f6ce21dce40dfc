"""Templates as JSON-syntax configuration holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.plan.expression import (
    Call,
    Every,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
    references,
    write_template,
)
from revet.plan.template import of_leaf, parse_template

ARN = Traversal("aws_x.y.arn")
PARSED: dict[str, Expression] = {
    "plain": Literal("plain"),
    "": Literal(""),
    "${aws_x.y.arn}": ARN,
    "${ aws_x.y.arn }": ARN,
    "${aws_x.y.arn}/*": Template((ARN, Literal("/*"))),
    "a ${aws_x.y.arn} b ${each.key}": Template(
        (Literal("a "), ARN, Literal(" b "), Traversal("each.key"))
    ),
    "$${aws:username}": Literal("${aws:username}"),
    "$${a} ${aws_x.y.arn} %%{b}": Template((Literal("${a} "), ARN, Literal(" %{b}"))),
    '${aws_x.y["a.b"].arn}': Traversal('aws_x.y["a.b"].arn'),
    "${aws_x.y[count.index].arn}": Traversal("aws_x.y[count.index].arn"),
    '${"a}${aws_x.y.arn}"}': Template((Literal("a}"), ARN)),
    "${(aws_x.y.arn)}": ARN,
    "${true}": Literal(True),
    "${-1.5}": Literal(-1.5),
    '${[1, "a", aws_x.y.arn,]}': TupleExpression((Literal(1), Literal("a"), ARN)),
    '${{a = 1, "b" : [], (aws_x.y.arn) = null\n c = "d" }}': ObjectExpression(
        (
            (Literal("a"), Literal(1)),
            (Literal("b"), TupleExpression(())),
            (ARN, Literal(None)),
            (Literal("c"), Literal("d")),
        )
    ),
    '${jsonencode({"A" = aws_x.y.arn})}': Call(
        "jsonencode", (ObjectExpression(((Literal("A"), ARN),)),)
    ),
    '${"\\u00e9\\n\\"$${a}"}': Literal('é\n"${a}'),
    '${jsonencode([aws_x.y.arn ? "a" : aws_z.b.c, 1])}': Call(
        "jsonencode",
        (
            TupleExpression(
                (
                    Opaque('aws_x.y.arn ? "a" : aws_z.b.c', ("aws_x.y.arn", "aws_z.b.c")),
                    Literal(1),
                )
            ),
        ),
    ),
    "${aws_x.y.arn == aws_z.b.c}": Opaque("aws_x.y.arn == aws_z.b.c", ("aws_x.y.arn", "aws_z.b.c")),
    "${[for k in aws_x.y : k.id]}": Every("aws_x.y.id"),
    "${ [for name, k in aws_x.y : k.id ] }": Every("aws_x.y.id"),
    "${aws_x.y[*].id}": Every("aws_x.y.id"),
    "${aws_x.y.*.id}": Every("aws_x.y.id"),
    "${values(aws_x.y)[*].id}": Every("aws_x.y.id"),
    "${[for k in aws_x.y : k.id if k.a]}": Opaque(
        "[for k in aws_x.y : k.id if k.a]", ("aws_x.y", "k.id", "k.a")
    ),
    "${[for k in aws_x.y : j.id]}": Opaque("[for k in aws_x.y : j.id]", ("aws_x.y", "j.id")),
    "${var.y[*].id}": Opaque("var.y[*].id", ("var.y",)),
    "%{ if var.a }x%{ endif }": Opaque("%{ if var.a }x%{ endif }", ("var.a",)),
    "${aws_x.y": Opaque("${aws_x.y", ("aws_x.y",)),
}


@pytest.mark.parametrize("text", PARSED)
def test_templates(text: str) -> None:
    assert parse_template(text) == PARSED[text]


@given(st.text())
def test_nothing_crashes_and_no_reference_becomes_a_literal(text: str) -> None:
    parsed = parse_template("${aws_x.y.arn}" + text)
    assert not isinstance(parsed, Literal)
    assert "aws_x.y.arn" in references(parsed)


@given(st.text(alphabet='${}"\\[](),=?:%. \nabz09', max_size=40))
def test_hostile_templates_do_not_crash(text: str) -> None:
    write_template(parse_template(text))
    write_template(parse_template("${" + text + "}"))


def test_deep_nesting_is_not_followed() -> None:
    deep = "${" + "[" * 5000 + "]" * 5000 + "}"
    assert isinstance(parse_template(deep), (Opaque, TupleExpression))


def test_listed_references_lose_their_prefixes() -> None:
    leaf = {"references": ["aws_x.y[0].arn", "aws_x.y[0]", "aws_x.y", "var.a", "aws_x.y"]}
    assert of_leaf(leaf) == Opaque("", ("aws_x.y[0].arn", "var.a", "aws_x.y"))
