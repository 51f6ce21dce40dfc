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
from revet.iam.prove.callers import Asker, outsiders
from revet.iam.prove.domains import domain_of
from revet.iam.prove.intervals import Intervals
from revet.iam.prove.literals import Literal, Over, Theory, address_range
from revet.iam.prove.patterns import Pattern, Wild, letters, of_arn, of_text

OWNER, OWNERS_ORGANIZATION = "111122223333", "o-0000000000"
"""The owner of the resource, as no policy says who that is."""
_RESOURCE_ACCOUNT, _RESOURCE_ORGANIZATION = "aws:resourceaccount", "aws:resourceorgid"


def outside_callers(statements: Sequence[CompiledStatement]) -> list[Asker]:
    """The callers outside of all accounts that a policy names, and of the owner's."""
    return outsiders(statements, OWNER)


def outside_demands(statements: Sequence[CompiledStatement]) -> tuple[Literal, ...]:
    """What the requests of outsiders carry: none of the values that a policy fixes."""
    conditions = [one for statement in statements for one in statement.conditions]
    fixed = dict.fromkeys(literal for one in conditions for literal in fixed_values(one))
    return (*fixed, *at_home(statements))


def at_home(statements: Sequence[CompiledStatement], account: str = "") -> Iterator[Literal]:
    """What every request from elsewhere carries: whose the resource is, and that it is not theirs.

    Args:
        statements: of the policy; where they say whose the resource is, it may be so.
        account: the owner; empty where that is not known.
    """
    said: dict[str, set[str]] = {_RESOURCE_ACCOUNT: set(), _RESOURCE_ORGANIZATION: set()}
    for condition in (one for statement in statements for one in statement.conditions):
        used = condition.used
        if condition.key in said and used is not None and used.kind is not Kind.NULL:
            said[condition.key] |= {value.text for value in condition.values}
    accounts = {account} if account else {OWNER} | said[_RESOURCE_ACCOUNT]
    yield outside_of(_RESOURCE_ACCOUNT, frozenset(map(letters, accounts))).negation()
    organizations = {OWNERS_ORGANIZATION} | said[_RESOURCE_ORGANIZATION]
    theirs = frozenset(map(letters, organizations))
    yield outside_of(_RESOURCE_ORGANIZATION, theirs).negation()
    yield outside_of("aws:principalorgid", theirs)


def fixed_values(condition: CompiledCondition) -> Iterator[Literal]:
    """That a request has none of the values that a condition fixes."""
    fixed = FIXED.get(condition.key)
    if fixed is None or condition.used is None or condition.used.kind is Kind.NULL:
        return
    typed = [value.typed for value in condition.values if fixed(value.typed)]
    networks = [one for one in typed if isinstance(one, Network)]
    if networks:
        yield outside_of(condition.key, Intervals.union(map(address_range, networks)))
    patterns = frozenset(pattern_of(one) for one in typed if not isinstance(one, Network))
    if patterns:
        yield outside_of(condition.key, patterns)


def outside_of(key: str, values: frozenset[Pattern] | Intervals) -> Literal:
    """A key is missing or has other values.

    Args:
        key: in lower case.
        values: texts, or addresses as numbers.
    """
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


def pattern_of(value: object) -> Pattern:
    """The texts that a typed value of a condition stands for."""
    if isinstance(value, ArnGlob):
        return of_arn(value)
    if not isinstance(value, Glob):
        return letters(str(value).lower(), ignore_case=True)
    organization = organization_of(value)
    return Pattern((*organization, Wild.ANY)) if organization else of_text(value)
