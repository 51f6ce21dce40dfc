from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revet.constructs import arguments
from revet.model.errors import ArgumentError

CASES = tomllib.loads((Path(__file__).parent / "arguments.toml").read_text())
CHECKS: dict[str, Callable[[str, Any], object]] = {
    "region": arguments.check_region,
    "suffix": arguments.check_suffix,
    "vpc_cidr": arguments.check_vpc_cidr,
    "source_range": lambda name, value: arguments.check_source_ranges(name, [value]),
    "reason": arguments.check_reason,
}
GOOD = [(kind, value) for kind, cases in CASES.items() for value in cases["good"]]
BAD = [(kind, value, says) for kind, cases in CASES.items() for value, says in cases["bad"]]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_what_is_allowed(kind: str, value: str) -> None:
    CHECKS[kind]("x", value)


@pytest.mark.parametrize(("kind", "value", "says"), BAD)
def test_what_is_not_names_argument_value_and_remedy(kind: str, value: str, says: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        CHECKS[kind]("the_argument", value)
    error = caught.value
    assert "the_argument" in error.where
    assert error.got == repr(value)
    assert error.expected
    assert says in f"{error.expected} {error.do}"
    assert error.exit_code == 3


@pytest.mark.parametrize("value", [None, 5, ["dev"]])
def test_a_suffix_of_another_type(value: object) -> None:
    with pytest.raises(ArgumentError):
        arguments.check_suffix("x", value)


def test_ranges_must_be_a_list() -> None:
    with pytest.raises(ArgumentError, match="list"):
        arguments.check_source_ranges("x", "203.0.113.0/24")


@pytest.mark.parametrize("value", [0, 11, "5", True, None, float("nan")])
def test_range(value: object) -> None:
    arguments.check_range("x", 1, 1, 10, "days")
    arguments.check_range("x", 10, 1, 10, "days")
    with pytest.raises(ArgumentError, match="1 to 10 days"):
        arguments.check_range("x", value, 1, 10, "days")


@pytest.mark.parametrize(
    "tags",
    [{"": "x"}, {"aws:x": "y"}, {"k" * 129: "x"}, {"k": ""}, {"k": "v" * 257}, {"k": 5}, {5: "v"}],
)
def test_tags(tags: dict[Any, object]) -> None:
    assert arguments.check_tags("x", {"k" * 128: "v" * 256})
    with pytest.raises(ArgumentError):
        arguments.check_tags("x", tags)


def test_a_choice_names_the_nearest() -> None:
    with pytest.raises(ArgumentError, match="did you mean `lockfile`"):
        arguments.check_choice("lock", "lock-file", ["lockfile", "dynamodb"])
