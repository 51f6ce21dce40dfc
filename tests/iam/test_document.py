"""Reading and writing policy documents."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from revet.iam.document import (
    Condition,
    PolicyDocument,
    PolicyError,
    Principal,
    Statement,
    parse_policy,
    render,
)
from revet.iam.document_json import JsonArray, JsonNode, JsonObject, parse_json

CASES = tomllib.loads(Path(__file__).with_name("documents.toml").read_text())["case"]

words = st.text(max_size=12)
some = st.lists(words, max_size=3).map(tuple)
names = st.text(min_size=1, max_size=8)


@st.composite
def principals(draw: st.DrawFn) -> tuple[Principal, ...]:
    if draw(st.booleans()):
        return (Principal("*", "*"),)
    kinds = draw(st.lists(st.sampled_from(["AWS", "Service", "Federated"]), unique=True))
    return tuple(
        Principal(kind, value)
        for kind in kinds
        for value in draw(st.lists(words, min_size=1, max_size=3))
    )


@st.composite
def conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    operators = draw(st.lists(names, unique=True, max_size=3))
    return tuple(
        Condition(operator, key, draw(some))
        for operator in operators
        for key in draw(st.lists(names, unique=True, min_size=1, max_size=3))
    )


statements = st.builds(
    Statement,
    sid=words,
    effect=st.sampled_from(["Allow", "Deny"]),
    actions=some,
    not_actions=some,
    resources=some,
    not_resources=some,
    principals=principals(),
    not_principals=principals(),
    conditions=conditions(),
)
documents = st.builds(
    PolicyDocument,
    version=st.sampled_from(["", "2012-10-17", "2008-10-17"]),
    id=words,
    statements=st.lists(statements, max_size=4).map(tuple),
)


@given(documents, st.sampled_from([None, 2]))
def test_reading_what_was_written_gives_the_same(
    document: PolicyDocument, indent: int | None
) -> None:
    assert parse_policy(render(document, indent=indent)) == document


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_forms(case: dict[str, Any]) -> None:
    document = parse_policy(case["text"])
    assert render(document) == case["canonical"]
    assert sorted(oddity.what for oddity in document.oddities) == sorted(case.get("odd", []))
    for oddity in document.oddities:
        span = oddity.span
        assert case["text"][span.start.offset : span.end.offset] == oddity.value


@pytest.mark.parametrize(
    ("source", "what", "got"),
    [
        ("", "the policy is not valid JSON", "the end of the text"),
        ('{"Statement": [}', "the policy is not valid JSON", "`}`"),
        ('{"Statement": []} x', "the policy is not valid JSON", "`x`"),
        ('{"Statement": [1,]}', "the policy is not valid JSON", "`]}`"),
        ('{"Id": "a\nb"}', "the policy is not valid JSON", '`a\nb"}`'),
        ('{"Id": NaN}', "the policy is not valid JSON", "`NaN}`"),
        ('{"Id": "\\ud800"}', "the policy is not valid JSON", '`\\ud800"}`'),
        (b'{"Id": "\xff"}', "the policy is not UTF-8", "byte 0xff"),
        ("[]", "this is not a policy document", "an array"),
        ('"text"', "this is not a policy document", "a string"),
        ("{}", "this is not a policy document", "an empty JSON object"),
        ('{"a": 1}', "this is not a policy document", "a JSON object with `a`"),
        ({"Statement": {1, 2}}, "the policy cannot be written as JSON", ""),
    ],
)
def test_what_is_no_policy_is_refused(
    source: str | bytes | dict[str, object], what: str, got: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(source)
    assert caught.value.what == what
    assert got in caught.value.got
    assert caught.value.expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"Statement":' + "[" * 500_000, "the policy is nested too deeply to be one"),
        ('{"Statement":' + '{"a":' * 100_000, "the policy is nested too deeply to be one"),
        (" " * 1_000_001, "the policy is too large to be one"),
        ('{"Id": "' + "a" * 900_000, "the policy is not valid JSON"),
        ('{"Id": ' + "1" * 900_000, "the policy is not valid JSON"),
    ],
)
def test_hostile_text_is_refused(text: str, what: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    assert caught.value.what == what


def test_a_mapping_is_read_like_its_text() -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*"}]}
    document = parse_policy(policy)
    assert document == parse_policy(json.dumps(policy)) == parse_policy(json.dumps(policy).encode())
    assert document.text == json.dumps(policy)


def test_spans_count_lines_from_one_and_columns_from_zero() -> None:
    text = '{\n "Statement": [\n  {"Effect": "Deny",\n   "Condition": {"Bool": {"é": "x"}}}\n]}'
    document = parse_policy(text)
    statement = document.statements[0]
    assert (statement.span.start.line, statement.span.start.column) == (3, 2)
    assert (statement.span.end.line, statement.span.end.column) == (4, 37)
    span = statement.conditions[0].span
    assert text[span.start.offset : span.end.offset] == '"é"'
    assert document.span.end.offset == len(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def plain(node: JsonNode) -> object:
    if isinstance(node, JsonObject):
        return {member.name: plain(member.value) for member in node.members}
    if isinstance(node, JsonArray):
        return [plain(item) for item in node.items]
    return node.value


def nodes(node: JsonNode) -> list[JsonNode]:
    inner: list[JsonNode] = []
    if isinstance(node, JsonObject):
        inner = [part for member in node.members for part in (member.key, member.value)]
    elif isinstance(node, JsonArray):
        inner = list(node.items)
    return [node, *(deeper for item in inner for deeper in nodes(item))]


@example(value=9007199254740993, ascii_only=False, indent=None)
@given(value=json_values, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_json_is_read_as_the_standard_library_reads_it(
    value: object, *, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    parsed = parse_json(text)
    assert plain(parsed.root) == json.loads(text)
    for node in nodes(parsed.root):
        assert json.loads(text[node.start : node.end]) == plain(node)


@given(st.text(alphabet='{}[]",:\\u0 1e-tfn"', max_size=30))
def test_json_is_refused_where_the_standard_library_refuses_it(text: str) -> None:
    try:
        expected = json.loads(text)
        json.dumps(expected, ensure_ascii=False).encode()  # half a surrogate pair cannot be encoded
    except ValueError:
        with pytest.raises(PolicyError):
            parse_json(text)
    else:
        assert plain(parse_json(text).root) == expected


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse_policy("\ufeff" + '{"Statement": []}').statements == ()
