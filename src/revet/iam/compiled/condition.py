"""One condition of a statement: a key, an operator, typed values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from revet.iam.compiled.values import (
    ArnGlob,
    Network,
    read_arn_glob,
    read_bool,
    read_bytes,
    read_instant,
    read_network,
    read_number,
)
from revet.iam.document import Condition
from revet.iam.glob_parts import unclosed
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Operator, Relation, read_operator

Typed: TypeAlias = Glob | ArnGlob | Network | Decimal | int | bytes | None


@dataclass(frozen=True, slots=True)
class ConditionValue:
    """One value of a condition.

    Args:
        text: as written.
        typed: a pattern for String, an ARN pattern for Arn, a number for Numeric, nanoseconds
            since 1970 for Date, a truth value for Bool and Null, bytes for Binary, a network for
            IpAddress; `None` when the text is none of that kind.
    """

    text: str
    typed: Typed

    def __hash__(self) -> int:
        """That of its text, which remembers it: values are keys of tables."""
        return hash(self.text)

    @property
    def variables(self) -> tuple[str, ...]:
        """The condition keys that its policy variables name, in lower case."""
        globs: tuple[Glob, ...] = ()
        if isinstance(self.typed, Glob):
            globs = (self.typed,)
        elif isinstance(self.typed, ArnGlob):
            globs = self.typed.fields
        return tuple(variable.key for glob in globs for variable in glob.variables)


class CompiledCondition(NamedTuple):
    """One condition; its values are alternatives.

    Args:
        source: the condition as written.
        key: the condition key in lower case.
        used: the operator with qualifier and `IfExists`; `None` when there is no such operator.
        values: its values.
        problem: why the condition as a whole cannot be evaluated; empty when it can.
    """

    source: Condition
    key: str
    used: Operator | None
    values: tuple[ConditionValue, ...]
    problem: str = ""

    @property
    def missing_holds(self) -> bool:
        """Whether the condition holds for a request that does not have the key.

        Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Condition operator
        to check existence of condition keys" (`Null`).
        """
        if self.used is None:
            return False
        if self.used.kind is Kind.NULL:
            return any(value.typed is True for value in self.values)
        return self.used.missing_holds


def compile_condition(condition: Condition, *, variables: bool) -> CompiledCondition:
    """Compile one condition.

    Args:
        condition: as written.
        variables: whether the policy's version knows policy variables.
    """
    read = _read(condition.operator, condition.key, condition.values, variables)
    return CompiledCondition(condition, *read)


@lru_cache(maxsize=4096)
def _read(
    operator: str,
    key: str,
    texts: tuple[str, ...],
    variables: bool,  # noqa: FBT001 - one table
) -> tuple[str, Operator | None, tuple[ConditionValue, ...], str]:
    used = read_operator(operator)
    if used is None:
        return key.lower(), None, (), f"`{operator}` is not a condition operator"
    read = _READERS[used.kind]
    values = [ConditionValue(text, read(text, used.relation, variables)) for text in texts]
    problem = _problem(operator, key, texts, used)
    if variables and not problem:
        problem = next(filter(None, map(unclosed, texts)), "")
    return key.lower(), used, tuple(values), problem


def _problem(operator: str, key: str, texts: tuple[str, ...], used: Operator) -> str:
    if used.kind is Kind.NULL and (used.if_exists or used.qualifier):
        return f"`{operator}`: `Null` takes neither `IfExists` nor a qualifier"
    if not texts:
        return f"`{operator}` of `{key}` has no value"
    if "${" in key:
        return f"`{key}` is not the name of a condition key"
    return "" if key else f"`{operator}` has no key"


def _string(text: str, relation: Relation, variables: bool) -> Glob:  # noqa: FBT001 - one shape
    return Glob.parse(
        text,
        ignore_case=relation is Relation.EQUALS_IGNORE_CASE,
        variables=variables,
        wildcards=relation is Relation.LIKE,
    )


_READERS: dict[Kind, Callable[[str, Relation, bool], Typed]] = {
    Kind.STRING: _string,
    Kind.ARN: lambda text, _, variables: read_arn_glob(text, variables=variables),
    Kind.NUMERIC: lambda text, *_: read_number(text),
    Kind.DATE: lambda text, *_: read_instant(text),
    Kind.BOOL: lambda text, *_: read_bool(text),
    Kind.NULL: lambda text, *_: read_bool(text),
    Kind.BINARY: lambda text, *_: read_bytes(text),
    Kind.IP_ADDRESS: lambda text, *_: read_network(text),
}
