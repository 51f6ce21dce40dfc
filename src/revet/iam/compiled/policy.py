"""Policies and statements in compiled form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from revet.iam.compiled.condition import CompiledCondition, compile_condition
from revet.iam.compiled.principals import PrincipalSet, compile_principals
from revet.iam.compiled.resources import (
    IncompleteArns,
    ResourceForms,
    completed,
    is_short,
    resource_glob,
)
from revet.iam.document import Oddity, PolicyDocument, Principal, Span, Statement
from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob
from revet.iam.operators import read_operator

_VERSION_WITH_VARIABLES = "2012-10-17"
_VERSIONS = ("", "2008-10-17", _VERSION_WITH_VARIABLES)
_ANY_FORM = ResourceForms()
_ARN = "arn:"
_ALL_READ: frozenset[str] = frozenset()
_OPEN = re.compile(r"[*?$]")
"""What begins a part of a pattern that is not written out."""


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
        perhaps: patterns of which it is not known whether they count.
    """

    globs: tuple[Glob, ...]
    negated: bool = False
    perhaps: tuple[Glob, ...] = ()

    def __hash__(self) -> int:
        """Without what sets rarely differ in alone: they are keys of tables."""
        return hash(self.globs)


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
        _statement(statement, index, kind, faults, forms, variables=variables)
        for index, statement in enumerate(document.statements)
    ]
    for index, oddity in enumerate(faults.unread, len(statements)):
        statements.append(_unread(oddity, index, kind))
    return CompiledPolicy(document, kind, variables, tuple(statements))


class _Faults(NamedTuple):
    """What AWS would not take in a policy.

    Args:
        everywhere: what spoils every statement.
        places: what spoils the statement that holds a stretch of the text.
        unread: what could not be read as a statement at all.
    """

    everywhere: list[str]
    places: list[Oddity]
    unread: list[Oddity]


def _faults(document: PolicyDocument) -> _Faults:
    found = _Faults([], [], [])
    if document.version not in _VERSIONS:
        found.everywhere.append(f"`{document.version}` is not a version of the policy language")
    for oddity in document.oddities:
        if oddity.element == "Statement":
            found.unread.append(oddity)
        elif any(_within(oddity.span, item.span) for item in document.statements):
            found.places.append(oddity)
        else:
            found.everywhere.append(oddity.what)
    return found


def _within(inner: Span, outer: Span) -> bool:
    return outer.start.offset <= inner.start.offset and inner.end.offset <= outer.end.offset


def _unread(oddity: Oddity, index: int, kind: PolicyKind) -> CompiledStatement:
    """What could not be read as a statement: it may allow or deny anything to anybody."""
    anybody = compile_principals((Principal("*", "*"),), negated=False)
    return CompiledStatement(
        source=Statement(span=oddity.span),
        index=index,
        deny=False,
        actions=_everything(ignore_case=True),
        resources=_everything(ignore_case=False),
        principals=anybody if kind is PolicyKind.RESOURCE else None,
        conditions=(),
        problem=oddity.what,
    )


def _statement(
    statement: Statement,
    index: int,
    kind: PolicyKind,
    faults: _Faults,
    forms: ResourceForms,
    *,
    variables: bool,
) -> CompiledStatement:
    reasons, unread = list(faults.everywhere), _ALL_READ
    if faults.places:
        odd = [oddity for oddity in faults.places if _within(oddity.span, statement.span)]
        unread = frozenset([oddity.element for oddity in odd])
        reasons += [oddity.what for oddity in odd]
    reasons += _problems(statement, kind)
    reasons += _refused(statement, forms)
    principals = None
    if kind is PolicyKind.RESOURCE:
        one = bool(statement.principals) != bool(statement.not_principals)
        if not one or not unread.isdisjoint(("Principal", "NotPrincipal")):
            principals = compile_principals((Principal("*", "*"),), negated=False)
        else:
            negated = bool(statement.not_principals)
            named = statement.principals or statement.not_principals
            principals = compile_principals(named, negated=negated)
    actions, resources = _actions(statement), None
    if (unread and unread & {"Action", "NotAction"}) or _odd_actions(statement):
        actions = _everything(ignore_case=True)
    if unread and unread & {"Resource", "NotResource"}:
        resources = _everything(ignore_case=False)
    return CompiledStatement(
        source=statement,
        index=index,
        deny=statement.effect == "Deny",
        actions=actions,
        resources=resources or _resources(statement, forms.incomplete, variables=variables),
        principals=principals,
        conditions=()
        if "Condition" in unread or not statement.conditions
        else tuple([compile_condition(one, variables=variables) for one in statement.conditions]),
        problem="; ".join(reasons),
    )


def unreadable(document: PolicyDocument) -> str:
    """Why AWS would not take a policy, wherever it is attached; empty when nothing is seen.

    It is about the grammar alone: what cannot be read may mean anything.
    """
    faults = _faults(document)
    texts = faults.everywhere + [oddity.what for oddity in (*faults.unread, *faults.places)]
    for statement in document.statements:
        texts.extend(_grammar(statement))
        texts.extend(
            f"`{_shown(condition.key)}` has letters that no condition key of AWS has"
            for condition in statement.conditions
            if not _is_plain(condition.key.partition("/")[0])
        )
        texts.extend(
            f"`{condition.operator}` is not a condition operator"
            for condition in statement.conditions
            if read_operator(condition.operator) is None
        )
    return texts[0] if texts else ""


def _grammar(statement: Statement) -> list[str]:
    found = []
    if statement.effect not in ("Allow", "Deny"):
        found.append(f"`Effect` is `{statement.effect}`, neither `Allow` nor `Deny`")
    if bool(statement.actions) == bool(statement.not_actions):
        found.append("it has not exactly one of `Action` and `NotAction`")
    if statement.resources and statement.not_resources:
        found.append("it has both `Resource` and `NotResource`")
    found += [
        f"the action `{action}` names no service"
        if _is_plain(action)
        else f"`{action!a}` has characters that no action of AWS has"
        for action in _odd_actions(statement)
    ]
    for resource in statement.resources + statement.not_resources:
        if not resource.isprintable():
            found.append(f"`{resource!a}` has characters that no ARN has")
        elif not (resource.startswith(_ARN) or _may_be_arn(resource) or is_short(resource)):
            found.append(f"the resource `{resource}` is neither an ARN nor `*`")
    return found


def _may_be_arn(text: str) -> bool:
    """Whether it begins like an ARN, up to where a wildcard or a variable stands."""
    head = _OPEN.split(text, maxsplit=1)[0]
    return head.startswith(_ARN) or (head != text and _ARN.startswith(head))


def _odd_actions(statement: Statement) -> list[str]:
    """Actions that AWS does not take, and which may stand for any.

    Source: IAM user guide, "Action": a service prefix, a colon, and a name, or `*`.
    """
    return [
        one
        for one in statement.actions + statement.not_actions
        if not _is_plain(one) or (":" not in one and one.strip("*"))
    ]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _shown(key: str) -> str:
    return key if key.isprintable() else ascii(key)[1:-1]


def _problems(statement: Statement, kind: PolicyKind) -> list[str]:
    found = _grammar(statement)
    if kind is PolicyKind.IDENTITY:
        if statement.principals or statement.not_principals:
            found.append("it names principals, which policies of this kind cannot")
        if not (statement.resources or statement.not_resources):
            found.append("it has neither `Resource` nor `NotResource`")
    elif bool(statement.principals) == bool(statement.not_principals):
        found.append("it has not exactly one of `Principal` and `NotPrincipal`")
    return found


def _actions(statement: Statement) -> GlobSet:
    return _action_set(statement.actions, statement.not_actions)


@lru_cache(maxsize=4096)
def _action_set(named: tuple[str, ...], others: tuple[str, ...]) -> GlobSet:
    if bool(named) == bool(others):
        return _everything(ignore_case=True)
    globs = (Glob.parse(text, ignore_case=True, variables=False) for text in named or others)
    return GlobSet(tuple(globs), negated=not named)


def _everything(*, ignore_case: bool) -> GlobSet:
    """What a statement is about that has none or both of an element and its `Not…`.

    It is a policy about its own resource, or a statement with a problem, which may then bear on any
    request.
    """
    return GlobSet((Glob.parse("*", ignore_case=ignore_case),))


def _refused(statement: Statement, forms: ResourceForms) -> list[str]:
    """The resources that AWS does not take in such a policy."""
    found = []
    for text in statement.resources + statement.not_resources:
        if forms.incomplete is IncompleteArns.REFUSED and completed(text) != text:
            found.append(f"`{text}` has fewer than six fields, which a session policy may not have")
        if not forms.short and is_short(text):
            found.append(
                f"`{text}` is a short form that only the resource policy of an API may have"
            )
    return found


def _resources(statement: Statement, incomplete: IncompleteArns, *, variables: bool) -> GlobSet:
    """The resources; ARNs with missing fields as AWS reads them."""
    return _resource_set(statement.resources, statement.not_resources, incomplete, variables)


@lru_cache(maxsize=4096)
def _resource_set(
    named: tuple[str, ...],
    others: tuple[str, ...],
    incomplete: IncompleteArns,
    variables: bool,  # noqa: FBT001 - one table
) -> GlobSet:
    if bool(named) == bool(others):
        return _everything(ignore_case=False)
    texts = named or others
    written = tuple([resource_glob(text, variables=variables) for text in texts])
    filled = tuple([completed(text) for text in texts])
    if filled == texts:
        return GlobSet(written, not named)
    whole = tuple([resource_glob(text, variables=variables) for text in filled])
    pairs = list(zip(written, whole, strict=True))
    if incomplete is IncompleteArns.COMPLETED:
        # A wildcard at the end of a field may reach over colons, which completing takes away.
        perhaps = [plain for plain, full in pairs if ANY in plain.parts and not full.covers(plain)]
        return GlobSet(whole, not named, tuple(perhaps))
    sure = [glob for plain, full in pairs for glob in _in_both(plain, full)]
    unsure = [glob for pair in pairs if pair[0] != pair[1] for glob in pair]
    return GlobSet(tuple(sure), not named, tuple(unsure))


def _in_both(plain: Glob, full: Glob) -> Iterable[Glob]:
    """What is surely in both readings of an ARN."""
    if full.covers(plain):
        yield plain
    elif plain.covers(full):
        yield full
