"""Work that a plan asks for grows with its size, counted in steps."""

import itertools
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, TypeAlias

import pytest

import hostile
from revet.model.errors import UnknownValueError
from revet.model.work import Work, limited
from revet.plan import Inventory, Symbolic, Unknown, load_plan

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]
VERSIONING = "aws_s3_bucket_versioning"


def steps(raw: dict[str, Any], read: Callable[[Inventory], object]) -> int:
    """Steps of reading something out of a plan; the clock stands still."""
    with limited(Work(1, itertools.repeat(0.0).__next__)) as work:
        read(load_plan(raw))
    return work.steps


def buckets_of_all(plan: Inventory) -> None:
    for resource in plan.of_type(VERSIONING):
        resource.get("bucket")


def settings_of_all(plan: Inventory) -> None:
    for bucket in plan.of_type("aws_s3_bucket"):
        with suppress(UnknownValueError):
            plan.attached(bucket, VERSIONING, via="bucket")


def blocks_of_all(plan: Inventory) -> None:
    for group in plan.of_type("aws_security_group"):
        for number in range(len(group.get("ingress"))):
            group.expression(f"ingress.{number}.security_groups")


GROWING: dict[str, tuple[Callable[[int], dict[str, Any]], Callable[[Inventory], object], int]] = {
    "variable": (hostile.nested_variable, buckets_of_all, 15),
    "doubled text": (hostile.templated_variable, buckets_of_all, 6),
    "outputs": (hostile.output_chain, buckets_of_all, 15),
    "interpolations": (hostile.wide_template, buckets_of_all, 200),
    "chained": (hostile.fan_out, settings_of_all, 200),
    "one name": (hostile.same_names, settings_of_all, 200),
    "names known after apply": (hostile.open_names, settings_of_all, 200),
    "blocks": (hostile.many_rules, blocks_of_all, 200),
}


@pytest.mark.parametrize("kind", GROWING)
def test_twice_the_size_is_about_twice_the_work(kind: str) -> None:
    make, read, size = GROWING[kind]
    once, twice = (steps(make(count), read) for count in (size, 2 * size))
    assert once >= size
    assert twice <= 2.5 * once


def lines(plan: Inventory, read: Callable[[Inventory], object]) -> int:
    """Lines of Python that reading runs, each round of a loop counted, whoever says `spend`."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(plan)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("make", [hostile.same_names, hostile.open_names, hostile.weak])
def test_names_that_may_mean_many_take_lines_in_proportion(make: Callable[[int], Any]) -> None:
    once, twice = (lines(load_plan(make(count)), settings_of_all) for count in (150, 300))
    assert once >= 150
    assert twice <= 2.2 * once


def test_a_variable_through_modules_means_what_the_outermost_gives() -> None:
    plan = load_plan(hostile.nested_variable(30))
    [resource] = plan.of_type(VERSIONING)
    value = resource.get("bucket")
    assert isinstance(value, Symbolic)
    assert value.references == ("aws_s3_bucket.b.id",)


def test_a_cycle_is_unknown_and_named() -> None:
    plan = load_plan(hostile.module_cycle())
    [resource] = plan.of_type(VERSIONING)
    value = resource.get("bucket")
    assert isinstance(value, Unknown)
    assert "refers to itself" in value.why
    assert "module.a.var.v → module.b.o" in value.why


def test_a_text_that_doubles_itself_is_not_written_out() -> None:
    plan = load_plan(hostile.templated_variable(60))
    [resource] = plan.of_type(VERSIONING)
    found = resource.get("bucket")
    assert len(repr(found)) < 1_000


def test_forgotten_rules_are_found_by_their_group() -> None:
    plan = load_plan(hostile.forgotten_rules(3))
    found = plan.forgotten("aws_security_group_rule", "security_group_id")
    assert {name: [item.name for item in items] for name, items in found.items()} == {
        "sg-0": ["r0"],
        "sg-1": ["r1"],
        "sg-2": ["r2"],
    }
