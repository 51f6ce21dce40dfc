"""The calls that rows name: the provider has the attributes, and what is broken is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from revet.model.errors import CatalogError
from revet.plan import terraform_types
from revet.plan.calls import Block, TypeCalls, Value, calls_of
from revet.plan.kinds import Kind, attribute_kinds
from revet.plan.terraform_types import terraform_type, types_with

ROWS = [(kind, calls) for kind in types_with("read") if (calls := calls_of(kind)) is not None]
KINDS = [kind for kind, _ in ROWS]


def has(kind: Kind | None, name: str, value: Value | Block) -> bool:
    """Whether a schema has an attribute, and those of its blocks."""
    if not isinstance(kind, dict) or name not in kind:
        return False
    if isinstance(value, Value):
        return True
    inner = kind[name]
    return isinstance(inner, tuple) and all(
        has(inner[1], own, one) for own, one in value.attributes.items()
    )


def written(calls: TypeCalls) -> Iterator[tuple[str, Value | Block]]:
    yield from calls.attributes.items()
    for details in calls.details:
        yield from details.attributes.items()
    for name in (*calls.fixed, *calls.unset):
        yield name, Value(name)


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_the_provider_has_every_attribute(kind: str, calls: TypeCalls) -> None:
    said = attribute_kinds(kind)
    for name, value in written(calls):
        assert has(said, name, value), name
    names = [name for name, _ in written(calls)]
    assert len(names) == len(set(names) - {"id"})


@pytest.mark.parametrize(("kind", "calls"), ROWS, ids=KINDS)
def test_a_part_is_part_of_its_resource(kind: str, calls: TypeCalls) -> None:
    for part in calls.parts:
        row = terraform_type(part.type)
        assert next(iter(part.joins)) in row.part_of
        assert kind in row.part_of.values()
        assert not row.policies or {*row.policies} <= part.attributes.keys()
        said = attribute_kinds(part.type)
        assert said is not None
        assert {*part.joins, *part.fixed} <= said.keys()
        for name, value in part.attributes.items():
            assert has(said, name, value), name


def test_values() -> None:
    calls = calls_of("aws_sqs_queue")
    assert calls is not None
    assert calls.id == Value("{item}")
    assert calls.attributes["name"] == Value("{item}", "after", "/")
    [details] = calls.details
    assert details.attributes["arn"] == Value("QueueArn")
    assert details.attributes["fifo_queue"] == Value("FifoQueue", "is", "true", (False,))
    streams = calls_of("aws_kinesis_stream")
    assert streams is not None
    [details] = streams.details
    assert details.attributes["shard_count"] == Value("OpenShardCount", missing=(None,))


def test_most_types_name_no_calls() -> None:
    assert calls_of("aws_iam_policy_attachment") is None
    assert calls_of("aws_not_in_the_table") is None


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty table, which a test writes."""
    monkeypatch.setattr(terraform_types, "TABLES", tmp_path)
    cached = (terraform_types._texts, terraform_type, types_with, calls_of)
    for function in cached:
        function.cache_clear()
    yield tmp_path / "sqs.toml"
    for function in cached:
        function.cache_clear()


GOOD = 'list = "ListQueues"\nid = "Url"\n'


@pytest.mark.parametrize(
    ("text", "key", "got", "do"),
    [
        ('id = "Url"', "read", "no key `list`", "correct the row"),
        ('list = "ListQueues"', "read", "no key `id`", "correct the row"),
        (GOOD + 'itms = "Queues"', "read", "the key `itms`", "did you mean `items`?"),
        ('list = "list_queues"\nid = "Url"', "read.list", "`'list_queues'`", "correct the row"),
        ('list = "ListQueues"\nid = 1', "read.id", "`1`", "correct the row"),
        ('list = "ListQueues"\nid = ""', "read.id", "`''`", "correct the row"),
        (GOOD + "fixed = {}", "read.fixed", "`{}`", "correct the row"),
        (GOOD + "covers = []", "read.covers", "`[]`", "correct the row"),
        (GOOD + "covers = [1]", "read.covers", "`1`", "correct the row"),
        (GOOD + 'attributes = "Arn"', "read.attributes", "`'Arn'`", "correct the row"),
        (GOOD + 'attributes = { a = "A or" }', "read.attributes.a", "`'A or'`", "correct the row"),
        (GOOD + 'attributes = { a = "A or x" }', "read.attributes.a", "or x", "correct the row"),
        (GOOD + 'attributes = { a = "A like 1" }', "read.attributes.a", "like", "correct the row"),
        (GOOD + 'attributes = { a = "A[0]" }', "read.attributes.a", "A[0]", "correct the row"),
        (GOOD + 'attributes = { a = { b = "B" } }', "read.attributes.a.of", "None", "correct the"),
        (GOOD + "tags = 1", "read.tags", "`1`", "correct the row"),
        (GOOD + 'tags = { call = "ListTags" }', "read.tags", "no key `value`", "correct the row"),
        (GOOD + 'tags = { tagged = "sqs" }', "read.tags.tagged", "`{arn}`", "correct the row"),
        (GOOD + 'details = { call = "A" }', "read.details", "no key `member`", "correct the"),
        (
            GOOD + 'parts = { aws_sqs_queue_policy = { joins = { url = "{url}" } } }',
            "read.parts.aws_sqs_queue_policy.joins",
            "`{url}`",
            "correct the row",
        ),
        (GOOD + "parts = { a = { joins = {} } }", "read.parts.a.joins", "`{}`", "correct the row"),
        (
            GOOD + 'attributes = { a = "A as \\"b\\"" }',
            "read.attributes.a",
            "as",
            "correct the row",
        ),
        (GOOD + 'attributes = { a = "A[B=c]" }', "read.attributes.a", "A[B=c]", "correct the row"),
        (
            GOOD + 'attributes = { a = { of = "A", needed = false } }',
            "read.attributes.a.needed",
            "`False`",
            "correct the row",
        ),
        (GOOD + 'with = { Owner = "{id}" }', "read.with", "`{id}`", "correct the row"),
    ],
)
def test_what_is_broken_is_refused(table: Path, text: str, key: str, got: str, do: str) -> None:
    table.write_text(f"[aws_sqs_queue]\n\n[aws_sqs_queue.read]\n{text}\n")
    with pytest.raises(CatalogError) as caught:
        calls_of("aws_sqs_queue")
    error = caught.value
    assert error.where == f"the row `[aws_sqs_queue]` in `plan/types`, `{key}`"
    assert got in error.got
    assert do in error.do
    assert error.expected


@pytest.mark.parametrize("text", ["[aws_sqs_queue.read]\nlist", "[aws_sqs_queue.reads]\na = 1"])
def test_a_table_that_is_none_is_refused(table: Path, text: str) -> None:
    table.write_text(f"[aws_sqs_queue]\n\n{text}\n")
    with pytest.raises(CatalogError, match="not valid"):
        calls_of("aws_sqs_queue")


def test_the_table_of_another_row_is_refused(table: Path) -> None:
    table.write_text('[aws_sqs_queue]\n\n[aws_sns_topic.read]\nlist = "ListTopics"\n')
    with pytest.raises(CatalogError) as caught:
        terraform_type("aws_sqs_queue")
    assert "aws_sns_topic" in caught.value.got


def test_the_service_is_the_files_unless_the_row_says_another(table: Path) -> None:
    table.write_text(f"[aws_sqs_queue]\n\n[aws_sqs_queue.read]\n{GOOD}")
    found = calls_of("aws_sqs_queue")
    assert found is not None
    assert found.service == "sqs"
    calls_of.cache_clear()
    table.write_text(f'[aws_sqs_queue]\n\n[aws_sqs_queue.read]\nservice = "sns"\n{GOOD}')
    terraform_types._texts.cache_clear()
    found = calls_of("aws_sqs_queue")
    assert found is not None
    assert found.service == "sns"
