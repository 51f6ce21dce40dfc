"""The parts of a policy document."""

from __future__ import annotations

from dataclasses import dataclass, field

from revet.iam.document_json import JsonText, Position, Span

_NOWHERE = Span(Position(1, 0, 0), Position(1, 0, 0))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the text that the grammar does not allow and the reading could not keep.

    Args:
        what: one line, lower case.
        span: where it stands.
        value: the text that stands there.
        element: the statement's element that it lies in, `Statement` for a statement that could not
            be read at all; empty elsewhere.
    """

    what: str
    span: Span
    value: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal.

    Args:
        kind: `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` for the bare `"*"`; empty for
            any other bare string, which AWS refuses.
        value: an ARN, account id, service name, `*`, ….
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, its values; the values are alternatives.

    Args:
        operator: as written, for example `ForAllValues:StringEqualsIfExists`.
        key: the condition key as written.
        values: numbers and booleans as their JSON text.
        span: the key's place.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; an absent element is empty.

    Args:
        sid: the statement's id.
        effect: `Allow` or `Deny`; as written when it is neither.
        actions: `Action`.
        not_actions: `NotAction`.
        resources: `Resource`.
        not_resources: `NotResource`.
        principals: `Principal`.
        not_principals: `NotPrincipal`.
        conditions: all of them must hold.
        span: the statement's place.
    """

    sid: str = ""
    effect: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One policy document.

    Args:
        version: `2012-10-17`, `2008-10-17`, or empty (AWS then takes 2008-10-17).
        id: the `Id` element.
        statements: in the order of the text.
        text: the text that it was read from; empty for one that was made.
        span: the document's place in it.
        json: the text's values, with places and duplicates; `None` for one that was made.
        oddities: what could not be kept.
    """

    version: str = "2012-10-17"
    id: str = ""
    statements: tuple[Statement, ...] = ()
    text: str = field(default="", compare=False, repr=False)
    span: Span = field(default=_NOWHERE, compare=False, repr=False)
    json: JsonText | None = field(default=None, compare=False, repr=False)
    oddities: tuple[Oddity, ...] = field(default=(), compare=False, repr=False)
