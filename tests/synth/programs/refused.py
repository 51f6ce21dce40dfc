"""Raises an error of ours."""

from revet.model.errors import ArgumentError

raise ArgumentError("`x` is wrong", where="argument `x`", got="1", expected="2", do="write 2")
