"""Values that a plan does not state refuse everything that an answer could rest on."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revet.model.errors import UnknownValueError
from revet.plan import Computed, Sensitive, Symbolic, Undecided, Unknown

KINDS = (Unknown, Symbolic, Computed, Sensitive)

UNARY: dict[str, Callable[[Any], object]] = {
    "bool": bool, "len": len, "iter": iter, "hash": hash, "str": str, "int": int, "float": float,
    "bytes": bytes, "list": list, "set": set, "dict": dict, "sorted": sorted, "any": any,
    "format": lambda value: f"{value}", "format spec": lambda value: f"{value:>3}",
    "percent": lambda value: "%s" % value,  # noqa: UP031 - the operator is what is tried
    "next": next, "reversed": reversed, "abs": abs, "neg": operator.neg, "index": operator.index,
    "not": operator.not_, "in set": lambda value: value in {1, 2},
    "in dict": lambda value: value in {1: 2},
    "in list": lambda value: value in [1, 2], "unpack": lambda value: [*value],
    "lower": lambda value: value.lower(), "startswith": lambda value: value.startswith("a"),
    "keys": lambda value: value.keys(), "get": lambda value: value.get("a"),
    "item": lambda value: value[0], "slice": lambda value: value[1:], "join": "".join,
}  # fmt: skip
BINARY: dict[str, Callable[[Any, Any], object]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt,
    "ge": operator.ge, "contains": operator.contains, "add": operator.add, "sub": operator.sub,
    "mul": operator.mul, "and": operator.and_, "or": operator.or_, "mod": operator.mod,
}  # fmt: skip


def made(kind: type[Undecided]) -> Undecided:
    return kind("aws_x.y.path", "a reason", "a way out")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", UNARY)
def test_conversions_raise(kind: type[Undecided], name: str) -> None:
    with pytest.raises(UnknownValueError) as caught:
        UNARY[name](made(kind))
    assert caught.value.path == "aws_x.y.path"
    assert caught.value.why == "a reason"
    assert caught.value.resolve == "a way out"


@pytest.mark.parametrize("kind", KINDS)
@given(
    name=st.sampled_from(sorted(BINARY)),
    other=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
)
def test_operators_raise_from_both_sides(kind: type[Undecided], name: str, other: object) -> None:
    value = made(kind)
    with pytest.raises(UnknownValueError):
        BINARY[name](value, other)
    if name not in ("contains", "mul", "mod"):
        with pytest.raises(UnknownValueError):
            BINARY[name](other, value)


@pytest.mark.parametrize("kind", KINDS)
def test_two_of_them_are_not_even_equal_to_themselves(kind: type[Undecided]) -> None:
    value = made(kind)
    with pytest.raises(UnknownValueError):
        _ = value == value  # noqa: PLR0124 - that is the question
    with pytest.raises(UnknownValueError):
        _ = [value] == ["x"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_repr_is_for_people(kind: type[Undecided]) -> None:
    assert repr(made(kind)) == f"<{kind.__name__} aws_x.y.path: a reason>"
    assert isinstance(made(kind), Undecided)
    assert copy.copy(made(kind)).why == "a reason"
