"""Whatever a text or value is, reading what was written gives it back: revet's own reader of HCL,
which shares nothing with the writer, is asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from revet.plan.memory import Memory
from revet.plan.source.environment import Environment
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.hcl import read_hcl
from revet.plan.source.parsing import parser
from revet.plan.source.sources import Nothing
from revet.plan.source.symbolic import plain
from revet.synth.hcl.layout import Assignment, Block, render
from revet.synth.hcl.tree import literal, of_json

SIGNS = st.text(alphabet=st.sampled_from('$%{}~"\\\n\r\t aé\u200b#/<'), max_size=40)
TEXTS = st.one_of(SIGNS, st.text(max_size=200))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def read(written: str) -> object:
    """What revet's reader of sources makes of the only argument of a file's only block."""
    body = read_hcl(written.encode(), "x.tf", parser()).blocks[0].body
    return plain(evaluated(body.arguments["value"]))


def evaluated(argument: Any) -> Any:  # noqa: ANN401 - of the reader
    found = Evaluator(Nothing, Memory()).argument(argument, Environment())
    assert found is not None
    return found


def escaped(value: object) -> object:
    """A value whose texts are templates that come to them."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [escaped(item) for item in value]
    if isinstance(value, dict):
        return {escaped(name): escaped(item) for name, item in value.items()}
    return value


@given(TEXTS)
def test_a_literal_comes_back(text: str) -> None:
    assert read(render([Block("output", [Assignment("value", literal(text))])])) == text


@given(VALUES)
def test_a_value_comes_back(value: object) -> None:
    made = of_json(escaped(value), list)
    assert read(render([Block("output", [Assignment("value", made)])])) == value
