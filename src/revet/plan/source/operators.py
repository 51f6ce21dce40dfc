"""Terraform's operators. Source: Terraform, "Arithmetic and Logical Operators"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from revet.plan.expression import Expression, Literal
from revet.plan.source.arguments import NotKnown, number_of
from revet.plan.source.symbolic import EvaluationError, boolean, equal, opaque


def operate(operator: str, operands: Sequence[Expression]) -> Expression:
    """What an arithmetic operator or a comparison gives.

    Args:
        operator: as written; `&&` and `||` are the caller's.
        operands: evaluated.

    Raises:
        EvaluationError: Terraform would refuse it.
    """
    if operator in ("==", "!="):
        same = equal(*operands)
        return opaque(operator, *operands) if same is None else Literal(same is (operator == "=="))
    if operator == "!":
        known = boolean(operands[0])
        return opaque("!", *operands) if known is None else Literal(not known)
    try:
        numbers = [number_of(item) for item in operands]
        if operator == "-" and len(numbers) == 1:
            return Literal(-numbers[0])
        return Literal(_ARITHMETIC[operator](*numbers))
    except NotKnown:
        return opaque(operator, *operands)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"`{operator}` of these") from error


_LARGEST = 10**27  # one digit less than `Decimal` is exact in


def _decimal(number: float) -> Decimal:
    """A number as it is written: `0.1` is a tenth, and not the nearest double."""
    return Decimal(repr(number))


def _exact(number: Decimal) -> int | float:
    if abs(number) >= _LARGEST:
        raise NotKnown
    return int(number) if number == number.to_integral_value() else float(number)


_ARITHMETIC: Mapping[str, Callable[..., int | float | bool]] = {
    "+": lambda one, other: _exact(_decimal(one) + _decimal(other)),
    "-": lambda one, other: _exact(_decimal(one) - _decimal(other)),
    "*": lambda one, other: _exact(_decimal(one) * _decimal(other)),
    "/": lambda one, other: _exact(_decimal(one) / _decimal(other)),
    "%": lambda one, other: _exact(_decimal(one) % _decimal(other)),
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
