"""What a plan says that an expression in JSON syntax refers to stands in that expression."""

from __future__ import annotations

from typing import Any

import pytest

from revet.model.errors import InputError
from revet.plan.load import load_plan

VPC = ["aws_vpc.main.id", "aws_vpc.main"]


def plan(expression: dict[str, Any]) -> dict[str, Any]:
    made = {
        "address": "terraform_data.one",
        "mode": "managed",
        "type": "terraform_data",
        "name": "one",
    }
    change: dict[str, Any] = {"actions": ["create"], "before": None, "after": {}}
    change |= {"after_unknown": {"id": True, "input": True, "output": True}}
    written = {"provider_config_key": "terraform", "expressions": {"input": expression}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [{**made, "change": change}],
        "configuration": {"root_module": {"resources": [{**made, **written, "schema_version": 0}]}},
    }


@pytest.mark.parametrize(
    ("constant", "references"),
    [
        ("${aws_vpc.main.id}", VPC),
        ("${ aws_vpc . main.id }", VPC),
        ("a-${aws_vpc.main.id}-b", VPC),
        (["x", {"y": "${aws_vpc.main.id}"}], VPC),
        ({"${aws_vpc.main.id}": 1}, VPC),
        ('${aws_vpc.main["a"].id}', ['aws_vpc.main["a"].id', 'aws_vpc.main["a"]', "aws_vpc.main"]),
        ("${data.aws_vpc.main.id}", ["data.aws_vpc.main.id", "data.aws_vpc.main"]),
        ("${module.net.vpc}", ["module.net.vpc", "module.net"]),
        ("${provider::aws::arn_parse(var.x).id}", ["provider::aws::arn_parse", "var.x"]),
        ("${each.value.id}-${count.index}", ["each.value.id", "each.value", "count.index"]),
        ("%{ if var.on }x%{ endif }", ["var.on"]),
    ],
)
def test_what_stands_there_is_read(constant: object, references: list[str]) -> None:
    load_plan(plan({"constant_value": constant, "references": references}))
    load_plan(plan({"references": references}))


@pytest.mark.parametrize(
    ("constant", "references"),
    [
        ("vpc-1", VPC),
        ("${aws_vpc.other.id}", VPC),
        ("${data.aws_vpc.main.id}", ["data.aws_vpc.other.id", "data.aws_vpc.other"]),
        (["${aws_vpc.main.id}"], [*VPC, "aws_vpc.gone.id", "aws_vpc.gone"]),
        ({"x": None}, ["var.x"]),
        (1, ["local.one"]),
        ("${each.key}", ["each.key", "each.value"]),
        ("${module.net.vpc}", ["module.other.vpc", "module.other"]),
    ],
)
def test_a_reference_that_does_not_is_refused(constant: object, references: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load_plan(plan({"constant_value": constant, "references": references}))
    assert "references[" in caught.value.where
    assert caught.value.expected == "a reference that appears in `constant_value`"
