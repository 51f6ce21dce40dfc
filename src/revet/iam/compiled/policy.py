"""Policies and statements in compiled form."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from revet.iam.compiled.action_sets import EVERY_ACTION, ActionSet, is_plain, read_actions
from revet.iam.compiled.condition import CompiledCondition, compile_condition
from revet.iam.compiled.principals import PrincipalSet, compile_principals
from revet.iam.compiled.resource_sets import (
    EVERY_RESOURCE,
    ResourceSet,
    read_resources,
    resource_faults,
)
from revet.iam.compiled.resources import IncompleteArns, ResourceForms
from revet.iam.document import Oddity, PolicyDocument, Principal, Span, Statement
from revet.iam.operators import read_operator

_VERSION_WITH_VARIABLES = "2012-10-17"
_VERSIONS = ("", "2008-10-17", _VERSION_WITH_VARIABLES)
_ANY_FORM = ResourceForms()
_ALL_READ: frozenset[str] = frozenset()
_NAMES_PRINCIPALS = ("it names principals, which policies of this kind cannot",)


class PolicyKind(StrEnum):
    """How a policy says whom and what it is about."""

    IDENTITY = "identity"
    """No principal, a resource: identity and session policies, boundaries, SCPs."""
    RESOURCE = "resource"
    """A principal; without `Resource` it is about the resource that it is attached to."""


class CompiledStatement(NamedTuple):
    """One statement: it holds where all its sets hold.

    Args:
        source: the statement as written.
        number: its place in the policy, from 0.
        deny: whether it denies.
        actions: the actions, case ignored.
        resources: the resources.
        principals: the principals; `None` for a policy that has none.
        conditions: all of them must hold.
        problem: why the statement as a whole cannot be evaluated; empty when it can.
    """

    source: Statement
    number: int
    deny: bool
    actions: ActionSet
    resources: ResourceSet
    principals: PrincipalSet | None
    conditions: tuple[CompiledCondition, ...]
    problem: str = ""

    @property
    def sid(self) -> str:
        """Its `Sid`, empty without one."""
        return self.source.sid

    @property
    def span(self) -> Span:
        """Its place in the policy's text."""
        return self.source.span


class CompiledPolicy(NamedTuple):
    """One policy.

    Args:
        source: the document.
        kind: how it says whom and what it is about.
        variables: whether its version knows policy variables.
        statements: in the order of the text.
    """

    source: PolicyDocument
    kind: PolicyKind
    variables: bool
    statements: tuple[CompiledStatement, ...]


def compile_policy(
    document: PolicyDocument,
    kind: PolicyKind,
    forms: ResourceForms = _ANY_FORM,
) -> CompiledPolicy:
    """Compile a policy.

    What AWS would not take is kept with a `problem`, for the statement may not matter.

    Args:
        document: the policy.
        kind: where it is attached.
        forms: which forms of `Resource` besides whole ARNs it takes.
    """
    variables = document.version == _VERSION_WITH_VARIABLES
    faults = _faults(document)
    statements = [
        _statement(statement, number, kind, faults, forms, variables=variables)
        for number, statement in enumerate(document.statements)
    ]
    for number, oddity in enumerate(faults.unread, len(statements)):
        statements.append(_unread(oddity, number, kind))
    return CompiledPolicy(document, kind, variables, tuple(statements))


class _Faults(NamedTuple):
    """What AWS would not take in a policy.

    Args:
        everywhere: what spoils every statement.
        places: what spoils the statement that holds a stretch of the text.
        unread: what could not be read as a statement at all.
    """

    everywhere: tuple[str, ...] = ()
    places: tuple[Oddity, ...] = ()
    unread: tuple[Oddity, ...] = ()


_NO_FAULTS = _Faults()


def _faults(document: PolicyDocument) -> _Faults:
    if document.version in _VERSIONS and not document.oddities:
        return _NO_FAULTS
    everywhere: list[str] = []
    places: list[Oddity] = []
    unread: list[Oddity] = []
    if document.version not in _VERSIONS:
        everywhere.append(f"`{document.version}` is not a version of the policy language")
    for oddity in document.oddities:
        if oddity.element == "Statement":
            unread.append(oddity)
        elif any(_within(oddity.span, item.span) for item in document.statements):
            places.append(oddity)
        else:
            everywhere.append(oddity.what)
    return _Faults(tuple(everywhere), tuple(places), tuple(unread))


def _within(inner: Span, outer: Span) -> bool:
    return outer.start.offset <= inner.start.offset and inner.end.offset <= outer.end.offset


def _unread(oddity: Oddity, number: int, kind: PolicyKind) -> CompiledStatement:
    """What could not be read as a statement: it may allow or deny anything to anybody."""
    anybody = compile_principals((Principal("*", "*"),), negated=False)
    return CompiledStatement(
        source=Statement(span=oddity.span),
        number=number,
        deny=False,
        actions=EVERY_ACTION,
        resources=EVERY_RESOURCE,
        principals=anybody if kind is PolicyKind.RESOURCE else None,
        conditions=(),
        problem=oddity.what,
    )


def _statement(
    statement: Statement,
    number: int,
    kind: PolicyKind,
    faults: _Faults,
    forms: ResourceForms,
    *,
    variables: bool,
) -> CompiledStatement:
    before, unread = faults.everywhere, _ALL_READ
    if faults.places:
        odd = [oddity for oddity in faults.places if _within(oddity.span, statement.span)]
        unread = frozenset([oddity.element for oddity in odd])
        before = (*before, *[oddity.what for oddity in odd])
    read, misplaced = _elements(statement, forms, variables=variables), _misplaced(statement, kind)
    principals, problem = None, ""
    if before or misplaced or read.faults or read.refused:
        problem = "; ".join([*before, *read.faults, *misplaced, *read.refused])
    if kind is PolicyKind.RESOURCE:
        principals = _principals(statement, unread)
    actions, resources = read.actions, read.resources
    if unread:
        actions = EVERY_ACTION if unread & {"Action", "NotAction"} else actions
        resources = EVERY_RESOURCE if unread & {"Resource", "NotResource"} else resources
    conditions: tuple[CompiledCondition, ...] = ()
    if statement.conditions and "Condition" not in unread:
        conditions = tuple(
            [compile_condition(one, variables=variables) for one in statement.conditions]
        )
    return CompiledStatement(
        statement, number, read.deny, actions, resources, principals, conditions, problem
    )


class _Elements(NamedTuple):
    """What a statement says but for whom it is about and its conditions.

    Args:
        deny: whether it denies.
        actions: the actions.
        resources: the resources.
        faults: why AWS would not take it anywhere.
        refused: why AWS would not take it in a policy of this layer, or it is not known.
    """

    deny: bool
    actions: ActionSet
    resources: ResourceSet
    faults: tuple[str, ...]
    refused: tuple[str, ...]


def _elements(statement: Statement, forms: ResourceForms, *, variables: bool) -> _Elements:
    return _read(
        statement.effect, statement.actions, statement.not_actions, statement.resources,
        statement.not_resources, forms.incomplete, forms.short, variables,
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _read(
    effect: str,
    actions: tuple[str, ...],
    not_actions: tuple[str, ...],
    resources: tuple[str, ...],
    not_resources: tuple[str, ...],
    incomplete: IncompleteArns,
    short: bool,  # noqa: FBT001 - one table
    variables: bool,  # noqa: FBT001 - as above
) -> _Elements:
    named = read_actions(actions, not_actions)
    found = read_resources(resources, not_resources, incomplete, short, variables)
    faults = []
    if effect not in ("Allow", "Deny"):
        faults.append(f"`Effect` is `{effect}`, neither `Allow` nor `Deny`")
    if bool(actions) == bool(not_actions):
        faults.append("it has not exactly one of `Action` and `NotAction`")
    if resources and not_resources:
        faults.append("it has both `Resource` and `NotResource`")
    faults += named.faults
    faults += resource_faults(resources, not_resources)
    refused = (*named.open, *found.refused)
    return _Elements(effect == "Deny", named.named, found.named, tuple(faults), refused)


def _principals(statement: Statement, unread: frozenset[str]) -> PrincipalSet:
    one = bool(statement.principals) != bool(statement.not_principals)
    if not one or not unread.isdisjoint(("Principal", "NotPrincipal")):
        return compile_principals((Principal("*", "*"),), negated=False)
    negated = bool(statement.not_principals)
    return compile_principals(statement.principals or statement.not_principals, negated=negated)


def unreadable(document: PolicyDocument) -> str:
    """Why AWS would not take a policy, wherever it is attached; empty when nothing is seen.

    It is about the grammar alone: what cannot be read may mean anything.
    """
    faults = _faults(document)
    odd = (*faults.unread, *faults.places)
    texts = [*faults.everywhere, *[oddity.what for oddity in odd]]
    for statement in document.statements:
        texts.extend(_elements(statement, _ANY_FORM, variables=True).faults)
        texts.extend(
            f"`{_shown(condition.key)}` has letters that no condition key of AWS has"
            for condition in statement.conditions
            if not is_plain(condition.key.partition("/")[0])
        )
        texts.extend(
            f"`{condition.operator}` is not a condition operator"
            for condition in statement.conditions
            if read_operator(condition.operator) is None
        )
    return texts[0] if texts else ""


def _shown(key: str) -> str:
    return key if key.isprintable() else ascii(key)[1:-1]


def _misplaced(statement: Statement, kind: PolicyKind) -> tuple[str, ...]:
    """Why a statement cannot stand in a policy of a kind."""
    named = statement.principals or statement.not_principals
    if kind is PolicyKind.RESOURCE:
        one = bool(statement.principals) != bool(statement.not_principals)
        return () if one else ("it has not exactly one of `Principal` and `NotPrincipal`",)
    placed = statement.resources or statement.not_resources
    if placed and not named:
        return ()
    lacking = () if placed else ("it has neither `Resource` nor `NotResource`",)
    return (*(_NAMES_PRINCIPALS if named else ()), *lacking)
