"""Whatever comes in, the parser answers or refuses, and the validator answers."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iam.validate.case import case_files, read_cases

from revet.iam.document import PolicyDocument, PolicyError, parse_policy
from revet.iam.document_json import JsonArray, JsonNode, JsonObject, parse_json
from revet.iam.policy_type import RESOURCE_TYPES
from revet.iam.validate import Location, PolicyFinding, PolicyType, validate_policy

FEW = settings(deadline=None, max_examples=60)
MANY = settings(deadline=None, max_examples=4000)
LONGEST_SEED = 4000

SEEDS = [
    case.policy
    for path in case_files()
    for case in read_cases(path)
    if len(case.policy) < LONGEST_SEED
]

ELEMENTS = (
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
WORDS = (
    "2012-10-17",
    "2008-10-17",
    "Allow",
    "Deny",
    "*",
    "?",
    "",
    " ",
    ":",
    "::::::",
    "AWS",
    "Service",
    "Federated",
    "111122223333",
    "AROAABCD1EFGHIJ2KLMNO",
    "lambda.amazonaws.com",
    "s3:Get*",
    "s3:GetObject",
    "iam:PassRole",
    "*:*",
    "arn:aws:s3:::amzn-s3-demo-bucket/*",
    "arn:aws:iam::111122223333:role/${aws:username}",
    "arn",
    "arn:",
    "${",
    "${}",
    "${*}",
    "${aws:",
    "${aws:username, 'x'}",
    "${aws_kms_key.data.arn}",
    "${module.a.b}",
    "StringEquals",
    "ForAllValues:StringLikeIfExists",
    "ForAnyValue:",
    "NullIfExists",
    "IpAddress",
    "DateLessThan",
    "BinaryEquals",
    "aws:SourceIp",
    "aws:ResourceTag/",
    "aws:requesttag/${TagKey}",
    "aws:PrincipalOrgID",
    "10.0.0.0/8",
    "0.0.0.0/99",
    "::/0",
    "2024-02-31T25:61:61Z",
    "true",
    "1e400",
    "é\u0661\u2028\U0001f600",
    "x" * 3000,
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(ELEMENTS + WORDS), inner, max_size=4),
    ),
    max_leaves=12,
)
tokens = st.sampled_from(
    (
        *'{}[]",:\\/ \n\t-.0e',
        "\\u0041",
        "\\ud800",
        "\ufeff",
        "\x00",
        "true",
        "null",
        *(f'"{word}"' for word in ELEMENTS + WORDS),
        '{"Version": "2012-10-17", "Statement": [',
        '{"Effect": "Allow", ',
    )
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A policy of the cases with a few values replaced, removed, repeated or renamed."""
    seed = draw(st.sampled_from(SEEDS))
    try:
        tree = json.loads(seed)
    except ValueError:
        return seed
    for _ in range(draw(st.integers(1, 4))):
        tree = _mutate(draw, tree)
    text = json.dumps(tree, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text)))
        end = draw(st.integers(at, min(len(text), at + 5)))
        text = text[:at] + draw(st.one_of(tokens, st.just(text[at:end] * 2))) + text[end:]
    return text


def _mutate(draw: st.DrawFn, tree: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(tree, dict) and tree:
        return _mutate_object(draw, tree)
    if isinstance(tree, list) and tree:
        return _mutate_list(draw, tree)
    if isinstance(tree, str) and draw(st.booleans()):
        at = draw(st.integers(0, len(tree)))
        return tree[:at] + draw(st.sampled_from(WORDS)) + tree[at:]
    return draw(values)


def _mutate_object(draw: st.DrawFn, tree: dict[str, Any]) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(tree)))
    change = draw(st.integers(0, 6))
    if change == 0:
        return {key: value for key, value in tree.items() if key != name}
    if change == 1:
        other = draw(st.sampled_from((*ELEMENTS, *WORDS, name.lower(), name.upper())))
        return {other if key == name else key: value for key, value in tree.items()}
    return {**tree, name: _mutate(draw, tree[name])}


def _mutate_list(draw: st.DrawFn, tree: list[Any]) -> list[Any]:
    at = draw(st.integers(0, len(tree) - 1))
    change = draw(st.integers(0, 6))
    if change == 0:
        return [*tree[:at], *tree[at + 1 :]]
    if change == 1:
        return [*tree, tree[at]]
    return [*tree[:at], _mutate(draw, tree[at]), *tree[at + 1 :]]


policy_types = st.sampled_from(PolicyType)
resource_types = st.sampled_from(("", *RESOURCE_TYPES, "AWS::KMS::Key"))


def _check(text: str, policy_type: PolicyType, resource_type: str) -> None:
    with contextlib.suppress(PolicyError):
        assert isinstance(parse_policy(text), PolicyDocument)
    findings = validate_policy(text, policy_type, resource_type)
    for finding in findings:
        assert finding.locations
        assert finding.details
        json.dumps(finding.as_dict())
        for location in finding.locations:
            _check_place(text, finding, location)
    assert findings == validate_policy(text, policy_type, resource_type)


def _check_place(text: str, finding: PolicyFinding, location: Location) -> None:
    start, end = location.span.start.offset, location.span.end.offset
    assert 0 <= start <= end <= len(text), finding
    if finding.code == "JSON_SYNTAX_ERROR":
        return
    nodes: list[JsonNode] = [parse_json(text).root]
    for kind, step in location.path:
        if kind == "substring":
            assert any(node.start < start and end < node.end for node in nodes), finding
            return
        nodes = [found for node in nodes for found in _follow(node, kind, step)]
    assert (start, end) in {(node.start, node.end) for node in nodes}, finding


def _follow(node: JsonNode, kind: str, step: object) -> list[JsonNode]:
    if kind == "index":
        assert isinstance(step, int)
        return [node.items[step]] if isinstance(node, JsonArray) and step < len(node.items) else []
    members = node.members if isinstance(node, JsonObject) else ()
    return [
        member.key if kind == "key" else member.value for member in members if member.name == step
    ]


@FEW
@given(mutated(), policy_types, resource_types)
def test_mutated_policies(text: str, policy_type: PolicyType, resource_type: str) -> None:
    """No exception; every path leads to what its span cuts out; the same answer twice."""
    _check(text, policy_type, resource_type)


@FEW
@given(values, policy_types, resource_types)
def test_any_json(value: Any, policy_type: PolicyType, resource_type: str) -> None:  # noqa: ANN401 - any JSON value
    """Also what has no likeness to a policy."""
    _check(json.dumps(value), policy_type, resource_type)


@FEW
@given(st.lists(tokens, max_size=40).map("".join), policy_types)
def test_almost_json(text: str, policy_type: PolicyType) -> None:
    """Also what is no JSON."""
    _check(text, policy_type, "")


@FEW
@given(st.binary(max_size=200), policy_types)
def test_bytes(content: bytes, policy_type: PolicyType) -> None:
    """Also what is no text."""
    with contextlib.suppress(PolicyError):
        parse_policy(content)
    for finding in validate_policy(content, policy_type):
        json.dumps(finding.as_dict())


@pytest.mark.slow
@MANY
@given(mutated(), policy_types, resource_types)
def test_many_mutated_policies(text: str, policy_type: PolicyType, resource_type: str) -> None:
    """The same for longer."""
    _check(text, policy_type, resource_type)


@pytest.mark.slow
@MANY
@given(st.one_of(values.map(json.dumps), st.lists(tokens, max_size=80).map("".join)), policy_types)
def test_much_of_anything(text: str, policy_type: PolicyType) -> None:
    """The same for longer."""
    _check(text, policy_type, "")
