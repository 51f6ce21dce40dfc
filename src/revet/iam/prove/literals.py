"""What a statement demands of one key of a request, as one literal a condition.

A request either has a key or not, and has an empty text or some value for it. A literal says for
each of these whether it holds. Where the evaluator cannot tell, a condition has two literals: one
that holds wherever it may hold, and one that holds only where it surely does.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache, partial
from typing import NamedTuple

from revet.iam.compiled.condition import CompiledCondition, ConditionValue
from revet.iam.compiled.resource_sets import ResourceSet
from revet.iam.compiled.values import ArnGlob, Network
from revet.iam.glob_parts import Variable
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Operator, Qualifier
from revet.iam.prove.domains import Domain, domain_of
from revet.iam.prove.intervals import Interval, Intervals, compared
from revet.iam.prove.patterns import (
    Opaque,
    Pattern,
    Wild,
    letters,
    of_arn,
    of_open_resource,
    of_resource,
    of_text,
    opaque_in,
)

RESOURCE = "Resource"
"""What stands for the resource among the keys, which are in lower case."""
_BASE_64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
SIXTH_VERSION = 1 << 40
"""Where the addresses of version 6 begin on the line of all addresses."""


class Theory(Enum):
    """What values are compared as."""

    PRESENCE = "whether there is one"
    TEXT = "texts"
    NUMBER = "numbers"
    INSTANT = "instants"
    ADDRESS = "addresses"

    __hash__ = object.__hash__


class Over(Enum):
    """Which of a key's values a literal is about."""

    ONE = "the only one"
    EVERY = "each"
    SOME = "at least one"

    __hash__ = object.__hash__


_OTHER = {Over.ONE: Over.ONE, Over.EVERY: Over.SOME, Over.SOME: Over.EVERY}


@dataclass(frozen=True, slots=True)
class Literal:
    """One demand on one key.

    Args:
        key: a condition key in lower case, or `RESOURCE`.
        theory: what its values are compared as.
        inside: whether the value must be in the set; otherwise it must not.
        absent: whether it holds without the key.
        empty: whether it holds for the empty text; `None` when that is not known.
        over: which values it is about.
        patterns: the set of texts.
        numbers: the set of numbers, instants or addresses.
        lenient: it also holds where a variable has no value, so as an inside it says nothing.
        arns: it compares ARNs, and the key's values need not be ARNs.
    """

    key: str
    theory: Theory
    inside: bool
    absent: bool
    empty: bool | None
    over: Over = Over.ONE
    patterns: frozenset[Pattern] = frozenset()
    numbers: Intervals | None = None
    lenient: bool = False
    arns: bool = False
    opaque: frozenset[Opaque] = field(init=False, compare=False, repr=False, default=frozenset())
    """Its variables and references."""
    variables: frozenset[str] = field(init=False, compare=False, repr=False, default=frozenset())
    """The condition keys that its variables name."""
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Make what is asked for often."""
        key = self.key, self.inside, self.absent, self.patterns, self.numbers
        object.__setattr__(self, "_hash", hash(key))
        opaque = opaque_in(self.patterns)
        if opaque:
            names = frozenset(one.key for one in opaque if isinstance(one, Variable))
            object.__setattr__(self, "opaque", opaque)
            object.__setattr__(self, "variables", names)

    def __hash__(self) -> int:
        """Made once: literals are keys of tables."""
        return self._hash

    @property
    def is_open(self) -> bool:
        """Whether it depends on the values of variables or references."""
        return bool(self.opaque)

    def filled(self, values: Mapping[str, str | None]) -> Literal:
        """The literal for known values of variables.

        Args:
            values: by key; `None` for a key that the request does not have.
        """
        if not self.opaque:
            return self
        known: dict[Opaque, str] = {}
        unset = set()
        for one in self.opaque:
            if isinstance(one, Variable) and one.key in values:
                text = values[one.key]
                text = one.default if text is None else text
                if text is None:
                    unset.add(one)
                else:
                    known[one] = text
        if unset and self.lenient:
            return replace(self, patterns=frozenset(), inside=not self.inside, lenient=False)
        patterns = frozenset(
            pattern.filled(known) for pattern in self.patterns if not pattern.opaque & unset
        )
        return replace(self, patterns=patterns, lenient=self.lenient and _may_lack_value(patterns))

    def negation(self) -> Literal:
        """What holds where this does not."""
        return _negated(self)


@lru_cache(maxsize=16384)
def _negated(literal: Literal) -> Literal:
    over = literal.over
    return Literal(
        literal.key,
        literal.theory,
        inside=not literal.inside,
        absent=not literal.absent,
        empty=None if literal.empty is None else not literal.empty,
        over=over if over is Over.ONE else _OTHER[over],
        patterns=literal.patterns,
        numbers=literal.numbers,
        lenient=literal.lenient,
        arns=literal.arns,
    )


class Bounds(NamedTuple):
    """A demand from above and from below.

    Args:
        may: holds wherever the demand may hold; `None`: it may always.
        must: holds only where the demand surely holds; `None`: it never surely does.
    """

    may: Literal | None
    must: Literal | None


class _Values(NamedTuple):
    """The values of a condition as a set, from below and above; `None` above: everything."""

    theory: Theory
    sure: frozenset[Pattern] | Intervals
    maybe: frozenset[Pattern] | Intervals | None


def of_condition(condition: CompiledCondition) -> Bounds:
    """The literals of a condition."""
    used = condition.used
    if used is None or condition.problem:
        return Bounds(None, None)
    if used.kind is Kind.NULL:
        return _null(condition)
    return _bounds(condition.key, used, condition.values)


@lru_cache(maxsize=4096)
def _bounds(key: str, used: Operator, given: tuple[ConditionValue, ...]) -> Bounds:
    values = _values(given, used, domain_of(key))
    negated = used.negated
    if used.qualifier is Qualifier.NONE:
        over = Over.ONE
    else:
        over = Over.EVERY if used.qualifier is Qualifier.FOR_ALL_VALUES else Over.SOME
    literal = partial(_literal, key, used, values.theory, over)
    sure = literal(values.sure)
    if values.maybe == values.sure:
        return Bounds(sure, sure)
    if values.maybe is None:
        return Bounds(sure, None) if negated else Bounds(None, sure)
    maybe = literal(values.maybe)
    return Bounds(sure, maybe) if negated else Bounds(maybe, sure)


def _null(condition: CompiledCondition) -> Bounds:
    wanted = {value.typed for value in condition.values}
    if None in wanted:
        return Bounds(None, None)
    literal = Literal(
        condition.key,
        Theory.PRESENCE,
        inside=False in wanted,
        absent=True in wanted,
        empty=True in wanted,
    )
    return Bounds(literal, literal)


def _literal(
    key: str,
    used: Operator,
    theory: Theory,
    over: Over,
    values: frozenset[Pattern] | Intervals,
) -> Literal:
    kind, negated, missing = used.kind, used.negated, used.missing_holds
    patterns, numbers = (values, None) if isinstance(values, frozenset) else (frozenset(), values)
    empty: bool | None = missing
    if over is Over.ONE:
        taken = _takes_empty(patterns) if kind in (Kind.STRING, Kind.BINARY) else None
        empty = None if taken is None else taken is not negated
    return Literal(
        key,
        theory,
        inside=not negated,
        absent=missing,
        empty=empty,
        over=over,
        patterns=patterns,
        numbers=numbers,
        lenient=negated and _may_lack_value(patterns),
        arns=kind is Kind.ARN and not domain_of(key).arns,
    )


def _takes_empty(patterns: Iterable[Pattern]) -> bool | None:
    """Whether the empty text is in a set; `None` when that is up to variables."""
    answers = {
        None if pattern.opaque else True
        for pattern in patterns
        if not (pattern.places and isinstance(pattern.places[0], str))
        and all(place is Wild.ANY or isinstance(place, Opaque) for place in pattern.places)
    }
    return True if True in answers else None if None in answers else False


def _may_lack_value(patterns: Iterable[Pattern]) -> bool:
    opaque = opaque_in(patterns)
    return bool(opaque) and any(isinstance(one, Variable) and one.default is None for one in opaque)


def _values(given: Iterable[ConditionValue], operator: Operator, domain: Domain) -> _Values:
    typed = [value.typed for value in given]
    unread = None in typed
    if operator.kind is Kind.BOOL:
        return _truths({value for value in typed if isinstance(value, bool)}, domain, unread=unread)
    if operator.kind is Kind.BINARY:
        texts = {text for value in typed if isinstance(value, bytes) for text in _encoded(value)}
        known = frozenset(map(letters, texts))
        doubtful = unread or not domain.takes(Kind.BINARY)
        return _Values(Theory.TEXT, known, None if doubtful else known)
    patterns = frozenset(
        of_text(value) if isinstance(value, Glob) else of_arn(value)
        for value in typed
        if isinstance(value, Glob | ArnGlob)
    )
    if operator.kind in (Kind.STRING, Kind.ARN):
        return _Values(Theory.TEXT, patterns, None if unread else patterns)
    if operator.kind is Kind.IP_ADDRESS:
        theory = Theory.ADDRESS
        numbers = Intervals.union(address_range(one) for one in typed if isinstance(one, Network))
    else:
        theory = Theory.NUMBER if operator.kind is Kind.NUMERIC else Theory.INSTANT
        plain = [
            value for value in typed if not isinstance(value, Glob | ArnGlob | Network | bytes)
        ]
        numbers = compared(operator.relation, [value for value in plain if value is not None])
    doubtful = unread or not domain.takes(operator.kind)
    return _Values(theory, numbers, None if doubtful else numbers)


def _encoded(value: bytes) -> Iterator[str]:
    """The texts in base 64 that stand for some bytes: the unused bits at the end may be any."""
    text = base64.b64encode(value).decode()
    pad = len(text) - len(text.rstrip("="))
    last = len(text) - pad - 1
    if not pad:
        yield text
        return
    first = _BASE_64.index(text[last])
    for letter in _BASE_64[first : first + (1 << 2 * pad)]:
        yield text[:last] + letter + "=" * pad


def _truths(wanted: set[bool], domain: Domain, *, unread: bool) -> _Values:
    sure = frozenset(letters(str(one).lower(), ignore_case=True) for one in wanted)
    if unread:
        return _Values(Theory.TEXT, sure, None)
    return _Values(Theory.TEXT, sure, sure if domain.takes(Kind.BOOL) else None)


def address_range(network: Network) -> Interval:
    """A network on the line of all addresses."""
    shift = SIXTH_VERSION if network.version != 4 else 0  # noqa: PLR2004 - version 4 or 6
    return Interval(network.first + shift, network.last + shift)


@lru_cache(maxsize=4096)
def of_resources(resources: ResourceSet) -> Bounds:
    """The literals of `Resource` or `NotResource`."""
    sure = frozenset([of_resource(glob) for glob in resources.globs])
    inner = _of_resources(sure, negated=resources.negated)
    if not resources.perhaps and not any(pattern.opaque for pattern in sure):
        return Bounds(inner, inner)
    maybe = [of_open_resource(glob) for glob in resources.globs]
    maybe += [of_text(glob.loosened()) for glob in resources.perhaps]
    outer = _of_resources(frozenset(maybe), negated=resources.negated)
    return Bounds(inner, outer) if resources.negated else Bounds(outer, inner)


def _of_resources(patterns: frozenset[Pattern], *, negated: bool) -> Literal:
    return Literal(
        RESOURCE,
        Theory.TEXT,
        inside=not negated,
        absent=False,
        empty=False,
        patterns=patterns,
        lenient=negated and _may_lack_value(patterns),
    )
