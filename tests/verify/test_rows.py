"""The calls that rows of the table name are the API's, and read as readers in Python do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from revet.model.errors import CatalogError
from revet.plan.calls import Block, Call, TypeCalls, Value, calls_of
from revet.plan.terraform_types import types_with
from revet.verify import rows
from revet.verify.api import Api
from revet.verify.observe import observe
from revet.verify.operations import PAGES, allowing, operation_named
from revet.verify.readers import load_readers

ROWS = [(kind, calls) for kind in types_with("read") if (calls := calls_of(kind)) is not None]
KINDS = [kind for kind, _ in ROWS]
SESSION = botocore.session.get_session()
Shape = Any  # botocore's shapes differ in what they have
WEST, ACCOUNT = "us-west-2", "123456789012"


def operation(calls: TypeCalls, call: Call) -> Any:  # noqa: ANN401 - botocore has no public types
    return SESSION.get_service_model(calls.service).operation_model(call.operation)


def inside(shape: Shape, member: str) -> Shape:
    """The shape of a member; botocore says of maps and lists what they have."""
    for word in member.replace("[]", ".[]").split("."):
        if word == "[]":
            assert shape.type_name == "list", member
            shape = shape.member
        elif shape.type_name == "map":
            shape = shape.value
        else:
            assert word in shape.members, (member, shape.name)
            shape = shape.members[word]
    return shape


def members(value: Value) -> Iterator[str]:
    """The members of the answer that a value names."""
    names = re.findall(r"\{([\w.]+)\}", value.member) or (
        [] if "{" in value.member else [value.member]
    )
    yield from (name for name in names if name not in ("account", "item", "partition", "region"))


def check(shape: Shape, *values: Value | Block | None) -> None:
    for value in values:
        if isinstance(value, Value):
            for member in members(value):
                inside(shape, member)
        elif value is not None:
            found = inside(shape, value.of)
            check(getattr(found, "member", found), *value.attributes.values())


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_the_answers_have_the_members(kind: str, calls: TypeCalls) -> None:
    answer = operation(calls, calls.list).output_shape
    item = answer
    if calls.items:
        item = inside(answer, calls.items.member).member
    about = item
    if calls.details:
        about = inside(operation(calls, calls.details.call).output_shape, calls.details.member)
        check(about, *calls.details.attributes.values(), calls.details.skip)
    if item.type_name != "string":
        check(item, calls.id, *calls.attributes.values(), calls.skip, calls.made_by_aws)
    if calls.tags and calls.tags.value:
        where = operation(calls, calls.tags.call).output_shape if calls.tags.call else item
        check(where, calls.tags.value)
    if calls.policy:
        where = operation(calls, calls.policy.call).output_shape if calls.policy.call else about
        check(where, calls.policy.document)


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_the_operations_take_the_parameters(kind: str, calls: TypeCalls) -> None:
    more = [one.call for one in (calls.details, calls.tags, calls.policy) if one and one.call]
    for call in (calls.list, *more):
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


def test_two_readers_of_one_type_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [one for one in load_readers() if one.type == "aws_kms_key"]
    monkeypatch.setattr(rows, "row_readers", lambda: iter(keys))
    with pytest.raises(CatalogError) as caught:
        load_readers.__wrapped__()
    assert caught.value.got == "a second one of `aws_kms_key`"
