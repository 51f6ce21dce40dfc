"""Policies and statements in compiled form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from revet.iam.compiled.condition import CompiledCondition, compile_condition
from revet.iam.compiled.principals import PrincipalSet, compile_principals
from revet.iam.document import PolicyDocument, Principal, Span, Statement
from revet.iam.globs import Glob

_VERSION_WITH_VARIABLES = "2012-10-17"
_VERSIONS = ("", "2008-10-17", _VERSION_WITH_VARIABLES)


class PolicyKind(StrEnum):
    """How a policy says whom and what it is about."""

    IDENTITY = "identity"
    """No principal, a resource: identity and session policies, boundaries, SCPs."""
    RESOURCE = "resource"
    """A principal; without `Resource` it is about the resource that it is attached to."""


@dataclass(frozen=True, slots=True)
class GlobSet:
    """Texts that match one of the patterns, or none of them.

    Args:
        globs: the patterns.
        negated: whether the set is everything else (`NotAction`, `NotResource`).
    """

    globs: tuple[Glob, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CompiledStatement:
    """One statement: it holds where all its sets hold.

    Args:
        source: the statement as written.
        index: its place in the policy, from 0.
        deny: whether it denies.
        actions: the actions, case ignored.
        resources: the resources.
        principals: the principals; `None` for a policy that has none.
        conditions: all of them must hold.
        problem: why the statement as a whole cannot be evaluated; empty when it can.
    """

    source: Statement
    index: int
    deny: bool
    actions: GlobSet
    resources: GlobSet
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


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
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


def compile_policy(document: PolicyDocument, kind: PolicyKind) -> CompiledPolicy:
    """Compile a policy.

    What AWS would not take is kept with a `problem`, for the statement may not matter.

    Args:
        document: the policy.
        kind: where it is attached.
    """
    variables = document.version == _VERSION_WITH_VARIABLES
    broken = _broken(document)
    return CompiledPolicy(
        document,
        kind,
        variables,
        tuple(
            _statement(statement, index, kind, broken, variables=variables)
            for index, statement in enumerate(document.statements)
        ),
    )


def _broken(document: PolicyDocument) -> tuple[list[str], list[tuple[int, int, str]]]:
    """What spoils every statement, and what spoils those that hold a stretch of the text."""
    everywhere, places = [], []
    if document.version not in _VERSIONS:
        everywhere.append(f"`{document.version}` is no version of the policy language")
    spans = [(item.span.start.offset, item.span.end.offset) for item in document.statements]
    for oddity in document.oddities:
        begin, end = oddity.span.start.offset, oddity.span.end.offset
        if any(first <= begin and end <= last for first, last in spans):
            places.append((begin, end, oddity.what))
        else:
            everywhere.append(oddity.what)
    return everywhere, places


def _statement(
    statement: Statement,
    index: int,
    kind: PolicyKind,
    broken: tuple[list[str], list[tuple[int, int, str]]],
    *,
    variables: bool,
) -> CompiledStatement:
    begin, end = statement.span.start.offset, statement.span.end.offset
    everywhere, places = broken
    reasons = everywhere + [what for first, last, what in places if first < end and begin < last]
    reasons.extend(_problems(statement, kind))
    principals = None
    if kind is PolicyKind.RESOURCE:
        if bool(statement.principals) == bool(statement.not_principals):
            principals = compile_principals((Principal("*", "*"),), negated=False)
        else:
            negated = bool(statement.not_principals)
            named = statement.principals or statement.not_principals
            principals = compile_principals(named, negated=negated)
    return CompiledStatement(
        source=statement,
        index=index,
        deny=statement.effect == "Deny",
        actions=_set(statement.actions, statement.not_actions, ignore_case=True, variables=False),
        resources=_set(
            statement.resources, statement.not_resources, ignore_case=False, variables=variables
        ),
        principals=principals,
        conditions=tuple(
            compile_condition(condition, variables=variables) for condition in statement.conditions
        ),
        problem="; ".join(reasons),
    )


def _problems(statement: Statement, kind: PolicyKind) -> Iterable[str]:
    if statement.effect not in ("Allow", "Deny"):
        yield f"`Effect` is `{statement.effect}`, neither `Allow` nor `Deny`"
    if bool(statement.actions) == bool(statement.not_actions):
        yield "it has not exactly one of `Action` and `NotAction`"
    if statement.resources and statement.not_resources:
        yield "it has both `Resource` and `NotResource`"
    if kind is PolicyKind.IDENTITY:
        if statement.principals or statement.not_principals:
            yield "it names principals, which policies of this kind cannot"
        if not (statement.resources or statement.not_resources):
            yield "it has neither `Resource` nor `NotResource`"
    elif bool(statement.principals) == bool(statement.not_principals):
        yield "it has not exactly one of `Principal` and `NotPrincipal`"


def _set(
    named: tuple[str, ...], others: tuple[str, ...], *, ignore_case: bool, variables: bool
) -> GlobSet:
    """One of `Action` and `NotAction`, or of `Resource` and `NotResource`.

    With none or both of them everything: a policy about its own resource, or a statement with a
    problem, which may then bear on any request.
    """
    if bool(named) == bool(others):
        return GlobSet((Glob.parse("*", ignore_case=ignore_case),))
    globs = tuple(
        Glob.parse(text, ignore_case=ignore_case, variables=variables) for text in named or others
    )
    return GlobSet(globs, negated=not named)
