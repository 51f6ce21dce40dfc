"""Input that is no policy and is made to cost time, memory or a traceback.

No clock here: what would take minutes or gigabytes shows by itself.
"""

from __future__ import annotations

import json

import pytest

from revet.iam.document import PolicyError, parse_policy
from revet.iam.document_json import MAX_CHARACTERS
from revet.iam.validate import Level, PolicyFinding, PolicyType, validate_policy
from revet.iam.validate.reading import LARGEST

SIZE = 10_000_000
SIZE_AFTER = 1_000_000
LONGEST_MESSAGE = 300
STATEMENT = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'

HUGE = {
    "opening brackets": ("", "[", ""),
    "opening objects": ("", '{"a":', ""),
    "brackets that close": ("", "[", "]" * SIZE_AFTER),
    "quotes": ("", '"', ""),
    "line breaks": ("", "\n", ""),
    "spaces": ("", " ", ""),
    "digits": ("", "1", ""),
    "minus signs": ("", "-", ""),
    "backslashes": ('"', "\\", ""),
    "escapes": ('"', "\\u0000", '"'),
    "zero characters": ("", "\x00", ""),
    "byte order marks": ("", "\ufeff", ""),
    "words": ("", "true,", ""),
    "a long string": ('{"Version": "2012-10-17", "Id": "', "x", '"}'),
    "a long name": ('{"', "x", '": "2012-10-17"}'),
    "many statements": (
        '{"Version": "2012-10-17", "Statement": [',
        f"{STATEMENT}, ",
        f"{STATEMENT}]}}",
    ),
    "many elements": ("{", '"a":0,', '"b":0}'),
}
"""What comes first, what is repeated up to `SIZE`, what comes last."""

BYTES = {
    "bytes that are no UTF-8": (b"", b"\xff"),
    "UTF-16": (b"\xff\xfe", b"{\x00}\x00"),
    "a sequence that is cut off": (b'{"Version": "2012-10-17", "Id": "\xe2\x82', b""),
    "an overlong slash": (b'{"Version": "2012-10-17", "Id": "\xc0\xaf"}', b" "),
    "a surrogate": (b'{"Version": "2012-10-17", "Id": "\xed\xa0\x80"}', b" "),
    "beyond Unicode": (b'{"Version": "2012-10-17", "Id": "\xf4\x90\x80\x80"}', b" "),
    "Latin-1": (b'{"Version": "2012-10-17", "Id": "\xe9', b"\xe9"),
}
"""What comes first, what is repeated up to `SIZE`."""


def _only(findings: tuple[PolicyFinding, ...]) -> PolicyFinding:
    (finding,) = findings
    assert finding.code == "JSON_SYNTAX_ERROR"
    assert finding.level is Level.ERROR
    assert len(finding.details) < LONGEST_MESSAGE
    assert finding.details.isprintable()
    return finding


@pytest.mark.parametrize("name", HUGE)
def test_huge_text(name: str) -> None:
    """One finding about the whole text."""
    first, unit, last = HUGE[name]
    text = first + unit * (SIZE // len(unit)) + last
    (location,) = _only(validate_policy(text, PolicyType.IDENTITY)).locations
    assert location.path == ()
    assert (location.span.start.offset, location.span.end.offset) == (0, len(text))
    assert location.span.end.line == text.count("\n") + 1
    with pytest.raises(PolicyError):
        parse_policy(text)


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text(name: str) -> None:
    """One finding that names the encoding."""
    first, unit = BYTES[name]
    text = first + unit * (SIZE // max(len(unit), 1))
    finding = _only(validate_policy(text, PolicyType.RESOURCE))
    assert "UTF-8" in finding.details
    with pytest.raises(PolicyError, match="UTF-8"):
        parse_policy(text)


@pytest.mark.parametrize("sign", ["\n", "\u2028", "\x1b[2J", "\x00", "\ud800"])
def test_messages_stay_on_one_line(sign: str) -> None:
    """What stands in the text cannot write to the terminal."""
    _only(validate_policy(f'{{"Version": {sign * 30}', PolicyType.IDENTITY))
    escaped = json.dumps({"Version": sign * 500, sign * 500: 1})
    for finding in validate_policy(escaped, PolicyType.IDENTITY):
        assert finding.details.isprintable()
        assert len(finding.details) < LONGEST_MESSAGE * 2


def test_a_policy_beyond_every_quota_is_not_read() -> None:
    """Above `LARGEST` there is one finding; the same policy with fewer characters has others."""
    name = "x" * LARGEST
    _only(validate_policy(json.dumps({"Version": name}), PolicyType.SCP))
    findings = validate_policy(json.dumps({"Version": name[100:]}), PolicyType.SCP)
    assert {finding.code for finding in findings} == {
        "INVALID_VERSION",
        "MISSING_STATEMENT",
        "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
    }


def test_white_space_does_not_make_a_policy_unreadable() -> None:
    """Only what the parser itself refuses to read is too large."""
    policy = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
    assert validate_policy(policy.replace(" ", " " * 20_000), PolicyType.IDENTITY) == ()
    _only(validate_policy(policy + " " * MAX_CHARACTERS, PolicyType.IDENTITY))


@pytest.mark.parametrize(
    "statement",
    [
        "{}",
        '{"Sid": "a"}',
        "[]",
        '"*"',
        '{"Action": "*"}',
        '{"Principal": {"AWS": "*"}}',
        '{"Condition": {"StringLike": {"aws:x": "*"}}}',
        '{"Resource": "${${${${"}',
        '{"Resource": "${aws_a.${aws_a.${aws_a."}',
    ],
)
@pytest.mark.parametrize("policy_type", PolicyType)
def test_many_small_statements(statement: str, policy_type: PolicyType) -> None:
    """Each is judged; none is lost."""
    text = '{"Version": "2012-10-17", "Statement": [' + ",".join([statement] * 300) + "]}"
    findings = validate_policy(text, policy_type)
    named = {
        location.path[1][1]
        for finding in findings
        for location in finding.locations
        if len(location.path) > 1
    }
    assert named == set(range(300))
