"""The calls that rows of the table name are the API's, and read as readers in Python do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from revet.plan.calls import Block, Call, TypeCalls, Value, calls_of
from revet.plan.terraform_types import types_with
from revet.verify.api import Api
from revet.verify.observe import observe
from revet.verify.operations import PAGES, allowing, operation_named
from revet.verify.readers import functions, load_readers

ROWS = [(kind, calls) for kind in types_with("read") if (calls := calls_of(kind)) is not None]
KINDS = [kind for kind, _ in ROWS]
SESSION = botocore.session.get_session()
Shape = Any  # botocore's shapes differ in what they have
WEST, ACCOUNT = "us-west-2", "123456789012"


def operation(calls: TypeCalls, call: Call) -> Any:  # noqa: ANN401 - botocore has no public types
    return SESSION.get_service_model(calls.service).operation_model(call.operation)


def inside(shape: Shape, member: str) -> Any:  # noqa: ANN401
    """The shape of a member; botocore says of maps and lists what they have."""
    for word in re.findall(r"\[[^]]*\]|[^.[]+", member):
        if word.startswith("["):
            assert shape.type_name == "list", member
            shape = shape.member
        elif shape.type_name == "map":
            shape = shape.value
        else:
            assert word in shape.members, (member, shape.name)
            shape = shape.members[word]
    return shape


PLACE = ("account", "item", "partition", "region")
ADDED = {"instance", "of_default", "parent"}  # by the functions that list


def members(value: Value) -> Iterator[str]:
    """The members of the answer that a value names, also where it lacks another one."""
    for text in (value.member, *(one for one in value.missing if isinstance(one, str))):
        names = re.findall(r"\{([\w.]+)\}", text)
        named = names or ([] if text != value.member or "{" in text else [text])
        own = {name for name in names if name.islower() and name not in PLACE}
        assert not own or own <= ADDED, own
        yield from (name for name in named if name not in {*PLACE, *own})


def check(shape: Shape, *values: Value | Block | None) -> None:
    for value in values:
        if isinstance(value, Value):
            for member in members(value):
                inside(shape, member)
        elif value is not None:
            found = shape if value.of == "." else inside(shape, value.of)
            each: Any = getattr(found, "member", found)
            check(each, *value.attributes.values())
            assert not value.only or {*value.only} == {*each.members}, value.of


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_the_answers_have_the_members(kind: str, calls: TypeCalls) -> None:
    answer = operation(calls, calls.list).output_shape
    item = answer
    if calls.items:
        item = inside(answer, calls.items.member).member
    about = item
    for details in calls.details:
        answered = operation(calls, details.call).output_shape
        about = answered if details.member == "." else inside(answered, details.member)
        check(about, *details.attributes.values(), details.skip)
    if item.type_name != "string":
        check(item, calls.id, *calls.attributes.values(), calls.skip, calls.made_by_aws)
    if calls.tags and calls.tags.value:
        where = operation(calls, calls.tags.call).output_shape if calls.tags.call else item
        check(where, calls.tags.value)
    for part in calls.parts:
        where = operation(calls, part.call).output_shape if part.call else about
        check(where, part.items, part.exists)
        each = inside(where, part.items.member).member if part.items else where
        check(each, *part.attributes.values())


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_the_operations_take_the_parameters(kind: str, calls: TypeCalls) -> None:
    for call in (calls.list, *calls.calls):
        asked = operation(calls, call)
        taken = asked.input_shape.members if asked.input_shape else {}
        assert set(call.parameters) <= set(taken), call.operation
        needed = asked.input_shape.required_members if asked.input_shape else []
        assert set(needed) <= set(call.parameters), call.operation
        assert operation_named(call.operation) == xform_name(call.operation)


@pytest.mark.parametrize(("service", "name"), PAGES)
def test_what_is_paged_by_hand_has_the_members(service: str, name: str) -> None:
    model, pages = SESSION.get_service_model(service), PAGES[service, name]
    [operation] = [one for one in model.operation_names if xform_name(one) == name]
    asked: Any = model.operation_model(operation)
    assert {pages.member, pages.more} <= asked.output_shape.members.keys()
    assert (pages.start or pages.more) in asked.input_shape.members
    if pages.key:
        assert pages.key in asked.output_shape.members[pages.member].member.members


def test_actions_are_spelled_as_iam_spells_them() -> None:
    assert allowing("efs", "DescribeFileSystems") == "elasticfilesystem:DescribeFileSystems"
    assert allowing("s3", "ListBuckets") == "s3:ListAllMyBuckets"


class Answers:
    """Answers operations by name, and nothing else."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers

    def call(self, service: str, operation: str, **_asked: object) -> dict[str, Any]:
        del service
        found: dict[str, Any] = self.answers[operation]
        return found


STREAM = {
    "list_streams": {"StreamNames": ["a"]},
    "list_tags_for_stream": {"Tags": [], "HasMoreTags": False},
    "get_resource_policy": {"Policy": "{}"},
}


def read(kind: str, answers: dict[str, Any]) -> list[Any]:
    readers = [one for one in load_readers() if one.type == kind]
    seen = observe(Api(Answers(answers), ACCOUNT, WEST, 1), readers, [WEST])
    return [item for item in seen.observed if item.mode == "managed"]


def test_what_an_answer_lacks_is_unknown_and_the_rest_is_known() -> None:
    said = {"EncryptionType": "KMS", "KeyId": "k"}
    [stream] = read(
        "aws_kinesis_stream",
        STREAM | {"describe_stream_summary": {"StreamDescriptionSummary": said}},
    )
    assert stream.unknown.keys() == {"retention_period"}
    assert "no `RetentionPeriodHours`" in stream.unknown["retention_period"].why
    assert (stream.values["encryption_type"], stream.values["kms_key_id"]) == ("KMS", "k")


def test_details_that_are_not_answered_are_unknown_and_no_defaults() -> None:
    [stream] = read("aws_kinesis_stream", STREAM | {"describe_stream_summary": {}})
    assert {"encryption_type", "kms_key_id", "retention_period"} <= stream.unknown.keys()


def test_an_element_that_lacks_a_member_leaves_nothing_known() -> None:
    group = {"DBSubnetGroupName": "a", "DBSubnetGroupArn": "arn", "Subnets": [{}]}
    [found] = read(
        "aws_db_subnet_group",
        {"describe_db_subnet_groups": {"DBSubnetGroups": [group]}, "list_tags_for_resource": {}},
    )
    assert found.rest is not None
    assert "`SubnetIdentifier`" in found.rest.why


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("aws_sqs_queue", {"list_queues": {"QueueUrls": [1]}}),
        ("aws_efs_file_system", {"describe_file_systems": {"FileSystems": [{}]}}),
        ("aws_kms_key", {"list_keys": {"Keys": [{}]}}),
    ],
)
def test_a_listing_without_what_identifies_an_item_is_unknown(
    kind: str, answers: dict[str, Any]
) -> None:
    items = read(kind, answers)
    assert {item.id for item in items} == {"*"}
    assert all(item.rest is not None for item in items)


def test_every_function_is_of_a_type_that_a_row_reads() -> None:
    assert functions(), "it finds those of `verify/account`"
    for name in functions():
        assert name.removeprefix("list_").removeprefix("before_") in KINDS, name


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_a_function_asks_for_what_its_row_declares(kind: str, calls: TypeCalls) -> None:
    assert not calls.also or f"list_{kind}" in functions()
    assert not calls.more or {kind, f"before_{kind}"} & functions().keys()
    for name in (*calls.also, *calls.more):
        assert operation(calls, Call(name)) is not None
