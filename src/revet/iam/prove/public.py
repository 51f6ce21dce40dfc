"""Whether a resource policy lets anybody in who has no part in what the policy names.

An outsider belongs to no account that the policy names. What a request of one cannot say is what
`revet.iam.evaluate.confining` counts as fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.compiled.values import ArnGlob, Network
from revet.iam.evaluate.confining import FIXED, organization_of
from revet.iam.globs import Glob
from revet.iam.operators import Kind
from revet.iam.prove.callers import Asker, askers
from revet.iam.prove.domains import domain_of
from revet.iam.prove.intervals import Intervals
from revet.iam.prove.literals import Literal, Over, Theory, address_range
from revet.iam.prove.patterns import Pattern, Wild, letters, of_arn, of_text

OWNER, OWNERS_ORGANIZATION = "111122223333", "o-a1b2c3d4e5"
"""The owner of the resource, as no policy says who that is."""


def outsiders(statements: Sequence[CompiledStatement]) -> list[Asker]:
    """The callers outside of all accounts that a policy names, and of the owner's."""
    return [asker for asker in askers(statements, OWNER) if asker.outside]


def outside_demands(statements: Sequence[CompiledStatement]) -> tuple[Literal, ...]:
    """What the requests of outsiders carry: none of the values that a policy fixes."""
    conditions = [one for statement in statements for one in statement.conditions]
    fixed = dict.fromkeys(literal for one in conditions for literal in _demands(one))
    organization = frozenset((letters(OWNERS_ORGANIZATION),))
    return (
        *fixed,
        _outside("aws:resourceaccount", frozenset((letters(OWNER),))).negation(),
        _outside("aws:resourceorgid", organization).negation(),
        _outside("aws:principalorgid", organization),
    )


def _demands(condition: CompiledCondition) -> Iterator[Literal]:
    fixed = FIXED.get(condition.key)
    if fixed is None or condition.used is None or condition.used.kind is Kind.NULL:
        return
    typed = [value.typed for value in condition.values if fixed(value.typed)]
    networks = [one for one in typed if isinstance(one, Network)]
    if networks:
        yield _outside(condition.key, Intervals.union(map(address_range, networks)))
    patterns = frozenset(_pattern(one) for one in typed if not isinstance(one, Network))
    if patterns:
        yield _outside(condition.key, patterns)


def _outside(key: str, values: frozenset[Pattern] | Intervals) -> Literal:
    """A key is missing or has other values."""
    several = domain_of(key).several
    return Literal(
        key,
        Theory.TEXT if isinstance(values, frozenset) else Theory.ADDRESS,
        inside=False,
        absent=True,
        empty=False,
        over=Over.EVERY if several else Over.ONE,
        patterns=values if isinstance(values, frozenset) else frozenset(),
        numbers=None if isinstance(values, frozenset) else values,
    )


def _pattern(value: object) -> Pattern:
    if isinstance(value, ArnGlob):
        return of_arn(value)
    if not isinstance(value, Glob):
        return letters(str(value).lower(), ignore_case=True)
    organization = organization_of(value)
    return Pattern((*organization, Wild.ANY)) if organization else of_text(value)
