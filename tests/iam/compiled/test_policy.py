"""The compiled form: sets, typed values, problems."""

from __future__ import annotations

import ipaddress
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from revet.iam.compiled.action_sets import EVERY_ACTION, ActionSet
from revet.iam.compiled.policy import CompiledStatement, PolicyKind, compile_policy
from revet.iam.compiled.principals import PrincipalKind
from revet.iam.compiled.resources import resource_matcher
from revet.iam.compiled.values import (
    ArnGlob,
    Network,
    read_address,
    read_instant,
    read_network,
    read_number,
)
from revet.iam.document import parse_policy
from revet.iam.globs import Glob

BASE = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
SECOND = 1_000_000_000
ACTIONS = st.text("aB:*?", max_size=5).map(str.lower)
PATTERNS = st.text("aB:*?", min_size=1, max_size=5)


def compiled(
    statement: dict[str, Any],
    *,
    kind: PolicyKind = PolicyKind.IDENTITY,
    version: str = "2012-10-17",
) -> CompiledStatement:
    document = parse_policy(json.dumps({"Version": version, "Statement": [statement]}))
    return compile_policy(document, kind).statements[0]


def test_a_statement_is_a_conjunction_of_sets_and_keeps_its_source() -> None:
    statement = compiled(
        {
            "Sid": "S",
            "Effect": "Deny",
            "NotAction": ["S3:Get*"],
            "Resource": ["arn:aws:s3:::${aws:username}/*"],
            "Condition": {"NumericLessThanIfExists": {"S3:Max-Keys": ["10", 2.5]}},
        }
    )
    assert statement.deny
    assert statement.actions.negated
    assert statement.actions.globs == (Glob.parse("s3:get*", ignore_case=True),)
    assert [v.key for v in statement.resources.globs[0].variables] == ["aws:username"]
    (condition,) = statement.conditions
    assert condition.key == "s3:max-keys"
    assert [value.typed for value in condition.values] == [10, Decimal("2.5")]
    assert condition.missing_holds
    assert statement.sid == statement.source.sid == "S"
    assert statement.span.start.offset > 0
    assert statement.principals is None
    assert not statement.problem


@pytest.mark.parametrize(
    ("operator", "text", "typed"),
    [
        ("DateEquals", "1970-01-01T00:01:00+00:01", 0),
        ("Bool", "TRUE", True),
        ("Null", "false", False),
        ("BinaryEquals", "QUI=", b"AB"),
        ("IpAddress", "10.1.2.3/8", Network(4, 10 << 24, (11 << 24) - 1)),
        ("StringEquals", "a*", Glob.literal("a*")),
        ("StringLike", "a*", Glob.parse("a*")),
        ("StringEqualsIgnoreCase", "Ab", Glob.literal("ab", ignore_case=True)),
        ("NumericEquals", "ten", None),
        ("DateEquals", "tomorrow", None),
        ("Bool", "yes", None),
        ("BinaryEquals", "?", None),
        ("IpAddress", "10.0.0.0/33", None),
        ("ArnLike", "arn:aws:s3", None),
    ],
)
def test_values_have_the_type_of_their_operator(operator: str, text: str, typed: object) -> None:
    statement = compiled({**BASE, "Condition": {operator: {"a:x": text}}})
    (value,) = statement.conditions[0].values
    assert value.typed == typed
    assert value.text == text


def test_an_arn_is_split_outside_its_variables() -> None:
    pattern = "arn:aws:iam::*:user/${aws:PrincipalTag/a:b}"
    statement = compiled({**BASE, "Condition": {"ArnLike": {"a:x": pattern}}})
    (value,) = statement.conditions[0].values
    assert isinstance(value.typed, ArnGlob)
    assert [field.text for field in value.typed.fields] == [
        "arn", "aws", "iam", "", "*", "user/${aws:PrincipalTag/a:b}",
    ]  # fmt: skip
    assert value.variables == ("aws:principaltag/a:b",)


@pytest.mark.parametrize(
    ("principal", "kind", "account", "name"),
    [
        ({"AWS": "111122223333"}, "account", "111122223333", "111122223333"),
        ({"AWS": "arn:aws:iam::111122223333:root"}, "account", "111122223333", "111122223333"),
        ({"AWS": "arn:aws:iam::111122223333:role/a/b"}, "role", "111122223333", "b"),
        ({"AWS": "*"}, "everyone", "", ""),
        ("*", "everyone", "", ""),
        ({"Service": "s3.amazonaws.com"}, "service", "", "s3.amazonaws.com"),
        ({"Federated": "accounts.google.com"}, "identity provider", "", "accounts.google.com"),
        ({"CanonicalUser": "79a5"}, "canonical user", "", "79a5"),
        ({"AWS": "AROACKCEVSQ6C2EXAMPLE"}, "deleted principal", "", "AROACKCEVSQ6C2EXAMPLE"),
        ({"AWS": "arn:aws:iam::111122223333:user/*"}, "unreadable", "", ""),
        ({"AWS": "${aws_iam_role.x.arn}"}, "unreadable", "", ""),
        ({"Service": "*"}, "unreadable", "", ""),
        ({"AWS": "arn:aws:iam::111122223333:group/x"}, "unreadable", "", ""),
    ],
)
def test_principals(principal: object, kind: str, account: str, name: str) -> None:
    statement = compiled({**BASE, "Principal": principal}, kind=PolicyKind.RESOURCE)
    assert statement.principals is not None
    (term,) = statement.principals.terms
    assert (term.kind, term.account, term.name) == (PrincipalKind(kind), account, name)
    assert bool(term.problem) is (kind == "unreadable")


@pytest.mark.parametrize(
    ("changes", "kind", "problem"),
    [
        ({"Effect": "allow"}, PolicyKind.IDENTITY, "neither `Allow` nor `Deny`"),
        ({"Action": "\x00"}, PolicyKind.IDENTITY, "characters that no action of AWS has"),
        ({"Action": ["s3:GetObject", "s3:P\u0443t*"]}, PolicyKind.RESOURCE, "no action of AWS has"),
        ({"Resource": "\x00"}, PolicyKind.IDENTITY, "characters that no ARN has"),
        ({"Resource": ["*", "arn:aws:s3:::a\u0085"]}, PolicyKind.RESOURCE, "no ARN has"),
        ({"Resource": "my-bucket/*"}, PolicyKind.IDENTITY, "neither an ARN nor `*`"),
        ({"Resource": ["*:function:x", "arn:*", "ar*"]}, PolicyKind.IDENTITY, ""),
        ({"Resource": "my-bucket"}, PolicyKind.IDENTITY, "neither an ARN nor `*`"),
        ({"NotAction": "s3:*"}, PolicyKind.IDENTITY, "`Action` and `NotAction`"),
        ({"NotResource": "x"}, PolicyKind.IDENTITY, "both `Resource` and `NotResource`"),
        ({"Principal": "*"}, PolicyKind.IDENTITY, "it names principals"),
        ({}, PolicyKind.RESOURCE, "`Principal` and `NotPrincipal`"),
        ({"Conditon": {}}, PolicyKind.IDENTITY, "`Conditon`"),
    ],
)
def test_what_aws_would_refuse_has_a_problem(
    changes: dict[str, Any], kind: PolicyKind, problem: str
) -> None:
    assert problem in compiled({**BASE, **changes}, kind=kind).problem


@pytest.mark.parametrize("element", ["Action", "NotAction"])
def test_an_action_that_is_none_may_be_any(element: str) -> None:
    statement = compiled({"Effect": "Deny", "Resource": "*", element: "\x00"})
    assert statement.actions == EVERY_ACTION
    assert statement.problem


@pytest.mark.parametrize(
    ("element", "written", "texts"),
    [
        ("Action", ["sqs:*", "s3:Get${aws_x.y.z}"], ("sqs:*", "s3:get*")),
        ("Action", ["${aws_x.y.z}:Get?"], ("*:get?",)),
        ("NotAction", ["sqs:*", "s3:Get${aws_x.y.z}"], ("sqs:*",)),
    ],
)
def test_an_action_that_is_not_known_may_be_all_that_it_fits(
    element: str, written: list[str], texts: tuple[str, ...]
) -> None:
    statement = compiled({"Effect": "Allow", "Resource": "*", element: written})
    assert statement.actions == ActionSet(texts, negated=element == "NotAction")
    assert statement.problem == f"the action `{written[-1]}` is not known before the deployment"


def test_everything_but_what_is_not_known_may_be_everything() -> None:
    statement = compiled({"Effect": "Allow", "Resource": "*", "NotAction": "s3:${aws_x.y.z}"})
    assert statement.actions == EVERY_ACTION
    assert statement.problem


@given(st.lists(PATTERNS, min_size=1).map(tuple), st.booleans(), ACTIONS)
def test_actions_are_looked_up_as_the_patterns_match(
    texts: tuple[str, ...],
    negated: bool,  # noqa: FBT001 - drawn
    action: str,
) -> None:
    actions = ActionSet(texts, negated=negated)
    matched = any(glob.matches(action) for glob in actions.globs)
    assert actions.holds(action) is (matched is not negated)
    by_parts = action in actions.written or any(glob.matches(action) for glob in actions.wild)
    assert by_parts is matched


def test_only_the_statement_with_the_oddity_has_the_problem() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [BASE, {**BASE, "Odd": 1}]})
    first, second = compile_policy(parse_policy(text), PolicyKind.IDENTITY).statements
    assert not first.problem
    assert "`Odd`" in second.problem


def test_an_oddity_outside_of_the_statements_is_the_problem_of_all() -> None:
    text = json.dumps({"Version": "2012-10-17", "Odd": 1, "Statement": [BASE, BASE]})
    statements = compile_policy(parse_policy(text), PolicyKind.IDENTITY).statements
    assert all("`Odd`" in statement.problem for statement in statements)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970", 0),
        ("1970-01", 0),
        ("1970-01-02", 86_400),
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:30:00-00:30", 0),
        ("1970-01-01T00:00:00.5Z", 0.5),
        ("12345", 12_345),
        ("-1.5", -1.5),
        ("1970-01-01T00:00:00", None),
        ("1970-13-01", None),
        ("1970-01-01T24:00:00Z", None),
        ("1970-01-01T00:60Z", None),
        ("1970-02-29T00:00:00Z", None),
        ("01.01.1970", None),
        ("", None),
    ],
)
def test_instants(text: str, seconds: float | None) -> None:
    assert read_instant(text) == (None if seconds is None else int(seconds * SECOND))


@pytest.mark.parametrize("text", ["", "1e3", "0x10", "1.", ".5", "1,5", "٣", "1" * 60, "NaN"])
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4/8", "::g", "x"])
def test_what_is_no_address(text: str) -> None:
    assert read_address(text) is None


@given(st.from_regex(r"(\d{1,3}\.){3}\d{1,3}(/(\d{1,2}|0\d\d|255\.255\.0\.0|))?", fullmatch=True))
@example("10.1.2.3/33")
@example("10.1.2.3/08")
@example("10.1.2.3/")
@example("10.1.2.3/255.0.0.0")
@example("10.1.2.3/٣")
@example("2001:db8::1/32")
@example("2001:db8::1")
@example("::ffff:10.0.0.1/100")
def test_networks_are_read_as_the_library_reads_them(text: str) -> None:
    found = read_network(text)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        assert found is None
    else:
        assert found == Network(network.version, int(network[0]), int(network[-1]))


def test_networks_hold_addresses_of_their_version() -> None:
    network = read_network("::/0")
    assert network is not None
    low, high = read_address("::1"), read_address("0.0.0.1")
    assert low is not None
    assert high is not None
    assert network.holds(low)
    assert not network.holds(high)


@pytest.mark.parametrize(
    ("pattern", "text", "named"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/k:v", True),
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:r:1:q", True),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:r:1:q", True),
        ("arn:aws:sqs*", "arn:aws:sqs:r:1:q", True),
        ("arn:aws:s?s:r:1:q", "arn:aws:sqs:r:1:q", True),
        ("arn:aws:sqs:?:1:q", "arn:aws:sqs:::1:q", False),
        ("arn:aws:sqs:r*t:1:q", "arn:aws:sqs:root:1:q", True),
        ("arn:aws:sqs:r*t:1:q", "arn:aws:sqs:r:t:1:q", False),
        ("arn:aws:sqs:*t:1:q*:x", "arn:aws:sqs:eu-t:1:q:y:x", True),
        ("*", "*", True),
        ("arn:*", "*", False),
    ],
)
def test_how_far_wildcards_of_a_resource_reach(pattern: str, text: str, named: bool) -> None:  # noqa: FBT001 - a column of the table
    assert resource_matcher(Glob.parse(pattern))(text) is named


def test_a_hostile_pattern_takes_no_time() -> None:
    named = resource_matcher(Glob.parse("arn:aws:" + "*s" * 60 + "x:y:z"))
    assert not named("arn:aws:" + "s" * 4000)
