"""The values of one condition key for z3, and what conditions say of them.

A condition is two expressions, as the evaluator knows three answers: where it surely holds, and
where it may. Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (kinds of
values, missing keys, negation, `IfExists`, `Null`), "Single-valued vs. multivalued context keys",
"Set operators for multivalued context keys".
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import NamedTuple

import z3
from tests.iam.prove.z3_texts import (
    COLON,
    COLONS,
    Expression,
    Piece,
    UnsupportedError,
    ValueOf,
    Wild,
    among,
    field_pieces,
    regular,
    text_pieces,
    text_value,
)

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.values import ArnGlob, Network
from revet.iam.glob_parts import Variable
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Operator, Qualifier, Relation
from revet.iam.reference.conditions import condition_key

_COMPARE: dict[Relation, Callable[[Expression, Expression], Expression]] = {
    Relation.EQUALS: lambda left, right: left == right,
    Relation.LESS: lambda left, right: left < right,
    Relation.LESS_EQUALS: lambda left, right: left <= right,
    Relation.GREATER: lambda left, right: left > right,
    Relation.GREATER_EQUALS: lambda left, right: left >= right,
}
_FIELD = Wild(many=True, colons=False)
_REST = Wild(many=True, colons=True)
ARN = regular(["arn:", _FIELD, COLON, _FIELD, COLON, _FIELD, COLON, _FIELD, COLON, _REST])
"""An ARN: six fields, the last may hold colons. Source: AWS General Reference, "ARNs"."""
_TYPES = {"Bool": z3.Union(z3.Re("true"), z3.Re("false")), "ARN": ARN}
_LETTER_64 = z3.Union(
    z3.Range("A", "Z"), z3.Range("a", "z"), z3.Range("0", "9"), z3.Re("+"), z3.Re("/")
)
_BASE_64 = z3.Concat(
    z3.Star(z3.Loop(_LETTER_64, 4, 4)),
    z3.Option(
        z3.Union(
            z3.Concat(z3.Loop(_LETTER_64, 2, 2), z3.Re("==")),
            z3.Concat(z3.Loop(_LETTER_64, 3, 3), z3.Re("=")),
        )
    ),
)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_FOURTH, _SIXTH = 4, 6
_NANOSECONDS = 1_000_000_000


class Both(NamedTuple):
    """Where something surely holds, and where it may."""

    sure: Expression
    maybe: Expression

    def negated(self) -> Both:
        """The opposite."""
        return Both(z3.Not(self.maybe), z3.Not(self.sure))


class Form(Enum):
    """As what the values of a key are written in the model."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "nanoseconds since 1970"
    ADDRESS = "version and number"


_FORMS = {Kind.NUMERIC: Form.NUMBER, Kind.DATE: Form.DATE, Kind.IP_ADDRESS: Form.ADDRESS}


def form_of(kinds: Iterable[Kind]) -> Form:
    """How a key is written that is compared in some ways.

    Raises:
        UnsupportedError: it is compared in ways that do not go together.
    """
    forms = {_FORMS.get(kind, Form.TEXT) for kind in kinds if kind is not Kind.NULL}
    if len(forms) > 1:
        raise UnsupportedError("a key that is compared as two kinds of values")
    return forms.pop() if forms else Form.TEXT


class Key:
    """One condition key of the request.

    Args:
        name: in lower case.
        form: as what its values are written.
        most: how many values are looked at, where a request can have several.
    """

    def __init__(self, name: str, form: Form, most: int) -> None:
        found = condition_key(name)
        several = found is None or found.multivalued
        self.name = name
        self.form = form
        count = most if several else 1
        self.there = [z3.Bool(f"{name}#{at}?") for at in range(count)]
        self.blank = z3.Bool(f"{name}#blank")
        """Its only value is the empty text."""
        sort = z3.RealSort() if form is Form.NUMBER else z3.IntSort()
        if form is Form.TEXT:
            sort = z3.StringSort()
        self.values = [z3.Const(f"{name}#{at}", sort) for at in range(count)]
        self.versions = [z3.Bool(f"{name}#{at}v6") for at in range(count)]
        self._type = found.type if found else ""

    @property
    def missing(self) -> Expression:
        """The request does not have it."""
        return z3.Not(self.there[0])

    @property
    def several(self) -> Expression:
        """The request has more than one value of it."""
        return self.there[1] if len(self.there) > 1 else z3.BoolVal(val=False)

    @property
    def nothing(self) -> Expression:
        """What `Null` and set operators take for no value: no key, or an empty text."""
        return z3.Or(self.missing, self.blank)

    def facts(self) -> list[Expression]:
        """What is true of every request.

        Source for what its values look like: Service Authorization Reference, types of condition
        keys.
        """
        found = [z3.Implies(after, before) for before, after in zip(
            self.there, self.there[1:], strict=False
        )]  # fmt: skip
        found.append(z3.Implies(self.blank, z3.And(self.there[0], z3.Not(self.several))))
        for place, (value, version) in enumerate(zip(self.values, self.versions, strict=True)):
            if self.form is Form.TEXT:
                empty = self.blank if place == 0 else z3.BoolVal(val=False)
                found.append(empty == (value == text_value("")))
                if self._type in _TYPES:
                    found.append(z3.InRe(value, z3.Union(z3.Re(""), _TYPES[self._type])))
            elif self.form is Form.ADDRESS:
                top = z3.If(version, z3.IntVal((1 << 128) - 1), z3.IntVal((1 << 32) - 1))
                found.append(z3.And(value >= 0, value <= top))
        return found

    def read(self, model: z3.ModelRef) -> str | list[str] | None:
        """The values that z3 found, as a request has them."""
        there = [z3.is_true(model.eval(one, model_completion=True)) for one in self.there]
        if not there[0]:
            return None
        if z3.is_true(model.eval(self.blank, model_completion=True)):
            return ""
        found = [
            self._written(model, value, version)
            for value, version, is_there in zip(self.values, self.versions, there, strict=True)
            if is_there
        ]
        return found[0] if len(found) == 1 else found

    def _written(self, model: z3.ModelRef, value: Expression, version: Expression) -> str:
        found = model.eval(value, model_completion=True)
        if self.form is Form.TEXT:
            return plain(found)
        if self.form is Form.NUMBER:
            return str(found.as_decimal(30)).rstrip("?")
        number = int(found.as_long())
        if self.form is Form.ADDRESS:
            sixth = z3.is_true(model.eval(version, model_completion=True))
            return str((ipaddress.IPv6Address if sixth else ipaddress.IPv4Address)(number))
        sign = "-" if number < 0 else ""
        seconds, rest = divmod(abs(number), _NANOSECONDS)
        return f"{sign}{seconds}.{rest:09d}"


def plain(value: Expression) -> str:
    """A text as Python writes it."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value.as_string())


def condition(source: CompiledCondition, keys: dict[str, Key]) -> Both:
    """What one condition says."""
    used, key = source.used, keys[source.key]
    if used is None or source.problem:
        return Both(z3.BoolVal(val=False), z3.BoolVal(val=True))
    if used.kind is Kind.NULL:
        return _null(source, key)
    missing = z3.BoolVal(val=_holds_without(used))
    found = [
        _one(source, used, key, place, keys).negated()
        if used.negated
        else _one(source, used, key, place, keys)
        for place in range(len(key.values))
    ]
    if used.qualifier is Qualifier.NONE:
        first = found[0]
        return Both(
            z3.If(key.missing, missing, z3.And(z3.Not(key.several), first.sure)),
            z3.If(key.missing, missing, z3.Or(key.several, first.maybe)),
        )
    return Both(
        z3.If(key.nothing, missing, _over(used, key, [one.sure for one in found])),
        z3.If(key.nothing, missing, _over(used, key, [one.maybe for one in found])),
    )


def _over(used: Operator, key: Key, answers: Sequence[Expression]) -> Expression:
    pairs = list(zip(key.there, answers, strict=True))
    if used.qualifier is Qualifier.FOR_ALL_VALUES:
        return z3.And(*(z3.Implies(there, answer) for there, answer in pairs))
    return z3.Or(*(z3.And(there, answer) for there, answer in pairs))


def _holds_without(used: Operator) -> bool:
    if used.if_exists or used.qualifier is Qualifier.FOR_ALL_VALUES:
        return True
    return used.negated and used.qualifier is Qualifier.NONE


def _null(source: CompiledCondition, key: Key) -> Both:
    wanted = [value.typed for value in source.values]
    found = z3.Or(
        z3.And(key.nothing, z3.BoolVal(val=True in wanted)),
        z3.And(z3.Not(key.nothing), z3.BoolVal(val=False in wanted)),
    )
    return Both(found, z3.Or(found, z3.BoolVal(val=None in wanted)))


def _one(
    source: CompiledCondition, used: Operator, key: Key, place: int, keys: dict[str, Key]
) -> Both:
    """Whether one value of the request is among those of the condition."""
    kind = used.kind
    if kind is Kind.STRING:
        globs = [value.typed for value in source.values if isinstance(value.typed, Glob)]
        pieces = [text_pieces(glob) for glob in globs]
        fold = used.relation is Relation.EQUALS_IGNORE_CASE
        found = _among(key.values[place], pieces, used, keys, ignore_case=fold)
        return Both(found, found)
    if kind is Kind.ARN:
        return _arn(source, used, key.values[place], keys)
    typed = [value.typed for value in source.values if value.typed is not None]
    unread = z3.BoolVal(val=len(typed) < len(source.values))
    readable = z3.Not(key.blank)
    if kind is Kind.BOOL:
        found, readable = _truth(key.values[place], typed)
    elif kind is Kind.BINARY:
        found, readable = _bytes(key.values[place], typed)
    elif kind is Kind.IP_ADDRESS:
        found = [_within(key, place, one) for one in typed if isinstance(one, Network)]
    else:
        compare = _COMPARE[used.relation]
        number = z3.IntVal if kind is Kind.DATE else z3.RealVal
        found = [compare(key.values[place], number(str(one))) for one in typed]
    sure = z3.And(readable, z3.Or(*found))
    return Both(sure, z3.Or(sure, z3.Not(readable), unread))


def _within(key: Key, place: int, network: Network) -> Expression:
    value = key.values[place]
    version = key.versions[place] == z3.BoolVal(val=network.version == _SIXTH)
    return z3.And(version, value >= network.first, value <= network.last)


def _truth(value: Expression, typed: Sequence[object]) -> tuple[list[Expression], Expression]:
    words = {
        one: z3.InRe(value, regular((str(one).lower(),), ignore_case=True)) for one in (True, False)
    }
    return [words[one] for one in typed if isinstance(one, bool)], z3.Or(*words.values())


def _bytes(value: Expression, typed: Sequence[object]) -> tuple[list[Expression], Expression]:
    texts = (text for one in typed if isinstance(one, bytes) for text in spellings(one))
    return [value == text_value(text) for text in texts], z3.InRe(value, _BASE_64)


def spellings(value: bytes) -> list[str]:
    """All texts in base 64 that are read as the same bytes: the last bits may be anything."""
    text = base64.b64encode(value).decode()
    whole = text.rstrip("=")
    pad = text[len(whole) :]
    if not pad:
        return [text]
    step = 1 << 2 * len(pad)
    first = _ALPHABET.index(whole[-1])
    return [whole[:-1] + _ALPHABET[first + extra] + pad for extra in range(step)]


def _arn(source: CompiledCondition, used: Operator, text: Expression, keys: dict[str, Key]) -> Both:
    typed = [value.typed for value in source.values if isinstance(value.typed, ArnGlob)]
    found = z3.Or(*(_fields(text, one, used, keys) for one in typed))
    readable = z3.InRe(text, ARN)
    sure = z3.And(readable, found)
    unread = z3.BoolVal(val=len(typed) < len(source.values))
    return Both(sure, z3.Or(sure, z3.Not(readable), unread))


def _fields(text: Expression, typed: ArnGlob, used: Operator, keys: dict[str, Key]) -> Expression:
    """One pattern: fields are compared one by one, so no variable's text reaches over a colon."""
    same = _among(text, [field_pieces(typed.fields)], used, keys)
    inside = [variable for field in typed.fields[:COLONS] for variable in field.variables]
    if not inside:
        return same
    known = z3.Not(lacking([one for field in typed.fields for one in field.variables], keys))
    across = (z3.Contains(value_of(one, keys), text_value(COLON)) for one in inside)
    return z3.And(same, z3.Not(z3.And(known, z3.Or(*across))))


def _among(
    text: Expression,
    patterns: Sequence[Sequence[Piece]],
    used: Operator,
    keys: dict[str, Key],
    *,
    ignore_case: bool = False,
) -> Expression:
    """One of some patterns matches; a variable without value matches nothing, negated or not."""
    return among(
        text, patterns, getter(keys), lambda variables: lacking(variables, keys),
        negated=used.negated, ignore_case=ignore_case,
    )  # fmt: skip


def getter(keys: dict[str, Key]) -> ValueOf:
    """The value of a variable."""
    return lambda variable: value_of(variable, keys)


def value_of(variable: Variable, keys: dict[str, Key]) -> Expression:
    """The text that stands for a variable; it is its default where the request lacks the key."""
    key = keys[variable.key]
    if key.form is not Form.TEXT:
        raise UnsupportedError("a variable whose key is not compared as a text")
    if variable.default is None:
        return key.values[0]
    return z3.If(key.missing, text_value(variable.default), key.values[0])


def lacking(variables: Iterable[Variable], keys: dict[str, Key]) -> Expression:
    """Whether one of some variables has neither a value nor a default."""
    return z3.Or(*(keys[one.key].missing for one in variables if one.default is None))
