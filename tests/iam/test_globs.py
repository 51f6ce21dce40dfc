"""Patterns as sets of texts: every answer is compared with an enumeration of small texts."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revet.iam.glob_parts import ANY, ONE, Symbol, Variable
from revet.iam.globs import Glob, OpenPatternError, covers

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("globs.toml").read_text()
)
TEXTS = ["".join(text) for n in range(6) for text in itertools.product("abx", repeat=n)]

patterns = st.text(alphabet="ab*?", max_size=4)


def expression(pattern: str) -> re.Pattern[str]:
    """The naive reading of a pattern."""
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern),
        re.DOTALL,
    )


@pytest.mark.parametrize("case", CASES["match"], ids=lambda case: case["pattern"])
def test_matches(case: dict[str, Any]) -> None:
    glob = Glob.parse(case["pattern"], ignore_case=case.get("ignore_case", False))
    for text in case.get("yes", []):
        assert glob.matches(text), text
    for text in case.get("no", []):
        assert not glob.matches(text), text


@pytest.mark.parametrize("case", CASES["cover"], ids=lambda case: f"{case['wide']} {case['one']}")
def test_covers(case: dict[str, Any]) -> None:
    wide = Glob.parse(case["wide"], ignore_case=case.get("wide_ignores_case", False))
    one = Glob.parse(case["one"], ignore_case=case.get("one_ignores_case", False))
    assert wide.covers(one) is case["covers"]
    assert covers((wide,), one) is case["covers"]
    if case["covers"]:
        assert wide.overlaps(one)


@pytest.mark.parametrize("case", CASES["overlap"], ids=lambda case: f"{case['one']} {case['two']}")
def test_overlaps(case: dict[str, Any]) -> None:
    one = Glob.parse(case["one"], ignore_case=case.get("one_ignores_case", False))
    two = Glob.parse(case["two"])
    assert one.overlaps(two) is case["overlaps"]
    assert two.overlaps(one) is case["overlaps"]


@settings(deadline=None)
@given(patterns)
def test_matching_is_the_naive_reading(pattern: str) -> None:
    glob, naive = Glob.parse(pattern), expression(pattern)
    for text in TEXTS:
        assert glob.matches(text) == bool(naive.fullmatch(text)), text


@settings(deadline=None)
@given(patterns, patterns)
def test_covers_and_overlaps_are_those_of_the_sets(one: str, two: str) -> None:
    # patterns of four characters over `a` and `b` are told apart by texts of five with one more
    left, right = expression(one), expression(two)
    ours = {text for text in TEXTS if left.fullmatch(text)}
    theirs = {text for text in TEXTS if right.fullmatch(text)}
    assert Glob.parse(one).covers(Glob.parse(two)) == (theirs <= ours)
    assert covers((Glob.parse(one),), Glob.parse(two)) == (theirs <= ours)
    assert Glob.parse(one).overlaps(Glob.parse(two)) == bool(ours & theirs)


@settings(deadline=None)
@given(st.lists(patterns, min_size=1, max_size=3), patterns)
def test_several_patterns_cover_together(many: list[str], one: str) -> None:
    ours = {text for text in TEXTS if any(expression(each).fullmatch(text) for each in many)}
    theirs = {text for text in TEXTS if expression(one).fullmatch(text)}
    assert covers([Glob.parse(each) for each in many], Glob.parse(one)) == (theirs <= ours)


def test_parts_have_one_form() -> None:
    assert Glob.parse("a**?*b").parts == ("a", ONE, ANY, "b")
    assert Glob.parse("a*?b") == Glob.parse("a?*b")
    assert Glob.parse("").parts == ()
    assert Glob.parse("x", ignore_case=True) == Glob.parse("X", ignore_case=True)


def test_variables_references_and_escapes_are_told_apart() -> None:
    glob = Glob.parse("${aws:PrincipalTag/team, 'none'}/${*}${?}${$}/${aws_kms_key.x.arn}/${/$")
    assert glob.parts == (
        Variable("aws:principaltag/team", "none"),
        "/*?$/",
        Symbol("aws_kms_key.x.arn"),
        "/${/$",
    )
    assert glob.variables == (Variable("aws:principaltag/team", "none"),)
    assert glob.symbols == (Symbol("aws_kms_key.x.arn"),)
    assert Glob.parse('${aws_s3_bucket.x["a:b"].arn}').symbols
    assert Glob.parse("${oidc.eks.eu-west-1.amazonaws.com/id/A_1:sub}").variables


def test_a_policy_of_2008_has_no_variables() -> None:
    glob = Glob.parse("${aws:username}/${*}", variables=False)
    assert glob.parts == ("${aws:username}/${", ANY, "}")
    assert Glob.parse("${aws_kms_key.x.arn}", variables=False).symbols


def test_filling_in_takes_wildcards_literally() -> None:
    glob = Glob.parse("home/${aws:username}/*")
    filled = glob.fill(lambda _: "a*")
    assert filled is not None
    assert filled.matches("home/a*/x")
    assert not filled.matches("home/ab/x")
    assert glob.fill(lambda _: None) is None
    default = Glob.parse("${aws:PrincipalTag/team, 'x'}").fill(lambda _: None)
    assert default is not None
    assert default.matches("x")


def test_an_open_pattern_matches_nothing_silently() -> None:
    with pytest.raises(OpenPatternError):
        Glob.parse("${aws:username}").matches("x")


def test_hostile_patterns_take_no_time() -> None:
    many = Glob.parse("*?a" * 60 + "?c")
    assert not many.matches("a" * 4000)
    assert covers((Glob.parse("*" + "?a" * 40),), Glob.parse("x*" + "?a" * 45 + "?a" * 40))
    assert not covers((Glob.parse("*a" + "?" * 40),), Glob.parse("*a*a*a" + "?" * 20))
