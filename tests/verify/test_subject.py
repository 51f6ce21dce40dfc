"""Subjects from a Terraform state."""

from __future__ import annotations

from typing import Any

import pytest

from revet.model.errors import InputError
from revet.verify.subject import read_outputs, read_subjects, withheld_outputs


def _resource(address: str, *, mode: str = "managed", **values: object) -> dict[str, Any]:
    kind = address.rsplit(".", 2)[-2]
    return {"address": address, "mode": mode, "type": kind, "values": values}


def _state(*resources: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"format_version": "1.0", "values": {"root_module": {"resources": resources, **more}}}


def test_child_modules_count_and_data_sources_do_not() -> None:
    state = _state(
        _resource("aws_vpc.a", id="vpc-1"),
        _resource("data.aws_vpc.b", mode="data", id="vpc-2"),
        child_modules=[
            {
                "resources": [_resource("module.m.aws_vpc.c", id="vpc-3")],
                "child_modules": [{"resources": [_resource('module.m.module.n["x"].aws_vpc.d')]}],
            }
        ],
    )
    assert [item.address for item in read_subjects(state)] == [
        "aws_vpc.a",
        "module.m.aws_vpc.c",
        'module.m.module.n["x"].aws_vpc.d',
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"region": "eu-west-1", "arn": "arn:aws:kms:eu-west-2:1:key/x"}, "eu-west-1"),
        ({"arn": "arn:aws:kms:eu-west-2:1:key/x"}, "eu-west-2"),
        ({"arn": "arn:aws:s3:::bucket"}, "eu-west-3"),
        ({"arn": None, "region": None}, "eu-west-3"),
        ({"arn": "not an arn"}, "eu-west-3"),
    ],
)
def test_the_region_is_the_nearest_that_is_said(values: dict[str, Any], expected: str) -> None:
    state = _state(_resource("aws_x.a", **values))
    [subject] = read_subjects(
        state, regions={"aws_x.a": "eu-west-3"}, default_region="eu-central-1"
    )
    assert subject.region == expected


def test_the_default_region_comes_last() -> None:
    [subject] = read_subjects(_state(_resource("aws_x.a")), default_region="eu-central-1")
    assert subject.region == "eu-central-1"


def test_a_deposed_instance_is_named_as_such() -> None:
    resource = _resource("aws_x.a", id="1") | {"deposed_key": "abcd1234"}
    [subject] = read_subjects(_state(resource))
    assert subject.address == "aws_x.a (deposed abcd1234)"


def test_an_empty_state_has_no_subjects() -> None:
    assert read_subjects({"format_version": "1.0"}) == ()


@pytest.mark.parametrize("state", [{}, {"format_version": "2.0"}, {"version": 4}])
def test_what_is_no_state_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="terraform show -json"):
        read_subjects(state)


def test_secrets_are_no_outputs() -> None:
    state = _state()
    state["values"]["outputs"] = {
        "id": {"value": "x", "sensitive": False},
        "password": {"value": "y", "sensitive": True},
    }
    assert read_outputs(state) == {"id": "x"}


def test_sensitive_outputs_with_a_value_are_named() -> None:
    state = _state()
    values = {"a": "x", "b": ["y"], "zero": 0, "c": "", "d": None, "e": [], "f": {}}
    outputs = {name: {"value": value, "sensitive": True} for name, value in values.items()}
    state["values"]["outputs"] = {**outputs, "open": {"value": "x"}}
    assert withheld_outputs(state) == ("a", "b", "zero")


def test_a_subject_does_not_print_its_attributes() -> None:
    [subject] = read_subjects(_state(_resource("aws_x.a", engine="hidden")))
    assert "hidden" not in repr(subject)


def test_an_attribute_that_is_no_text_is_refused() -> None:
    [subject] = read_subjects(_state(_resource("aws_x.a", size=3)))
    assert subject.text("absent") == ""
    with pytest.raises(InputError, match=r"aws_x\.a\.size"):
        subject.text("size")
