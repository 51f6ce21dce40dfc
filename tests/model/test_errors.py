"""Messages carry their parts, and the tree in the docstring is the tree in the code."""

from __future__ import annotations

import inspect

import pytest

from revet.model import errors
from revet.model.arn import Arn

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, Exception)]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_every_class_and_its_exit_code_stand_in_the_docstring(cls: type[errors.RevetError]) -> None:
    [line] = [
        row for row in (errors.__doc__ or "").splitlines() if f" {cls.__name__} " in f"{row} "
    ]
    assert line.split(cls.__name__)[1].split()[0] == str(cls.exit_code)


def test_message_has_every_field_on_its_own_line() -> None:
    error = errors.InputError("cannot read", where="f", got="`x`", expected="`y`", do="retry")
    assert str(error).splitlines() == [
        "cannot read",
        "  where     f",
        "  got       `x`",
        "  expected  `y`",
        "  do        retry",
    ]


def test_arguments_are_value_errors() -> None:
    assert issubclass(errors.ArgumentError, ValueError)


def test_arn_round_trip() -> None:
    text = "arn:aws:logs:us-west-2:123456789012:log-group:/a:*"
    assert str(Arn.parse(text)) == text
    assert Arn.parse(text).resource == "log-group:/a:*"


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:s3", "urn:aws:s3:::b", "arn:aws:iam::1"])
def test_what_is_no_arn(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        Arn.parse(text)
