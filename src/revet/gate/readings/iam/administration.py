"""Whether policies make an administrator, with denials and a permissions boundary counted.

An administrator may do everything on everything, or everything but what a `NotAction` or a
`NotResource` names, as long as some action is left by which it can give itself the rest: one that
changes policies, groups or trust policies in IAM. Access that a condition narrows to some resources
makes none; a condition that asks for circumstances, such as MFA or a network, narrows nothing once
it is met. A denial counts where it holds without a condition and in a policy that the principal
cannot take away from itself.

Sources: CIS AWS Foundations Benchmark 5.0, 1.15; Security Hub CSPM, IAM.1; Service Authorization
Reference, IAM; IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement, PolicyKind, compile_policy
from revet.iam.document import PolicyDocument
from revet.iam.globs import Glob, covers
from revet.iam.reference.actions import match_actions
from revet.iam.reference.regions import partition_of
from revet.iam.reference.services import all_services
from revet.plan import Inventory, Resource

_GRANTING = {
    "iam:addusertogroup": "group",
    "iam:attachgrouppolicy": "group",
    "iam:attachrolepolicy": "role",
    "iam:attachuserpolicy": "user",
    "iam:createpolicyversion": "policy",
    "iam:putgrouppolicy": "group",
    "iam:putrolepolicy": "role",
    "iam:putuserpolicy": "user",
    "iam:setdefaultpolicyversion": "policy",
    "iam:updateassumerolepolicy": "role",
}
"""Actions that give more to somebody who is there, and the type of resource that each is about."""
_REMOVING = {
    "iam:deletegrouppolicy": "group",
    "iam:deleterolepolicy": "role",
    "iam:deleteuserpolicy": "user",
    "iam:detachgrouppolicy": "group",
    "iam:detachrolepolicy": "role",
    "iam:detachuserpolicy": "user",
    "iam:removeuserfromgroup": "group",
}
"""Actions that take away a policy that denies."""
_CIRCUMSTANCES = frozenset(
    (
        "aws:currenttime",
        "aws:epochtime",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:securetransport",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:tokenissuetime",
        "aws:useragent",
        "aws:vpcsourceip",
    )
)
"""Keys about how a request is made, not about what it is for."""
_REGION = "aws:requestedregion"
_REGIONS_OF_IAM = ("us-east-1", "cn-north-1", "us-gov-west-1")
"""Where IAM answers, in each partition."""
_ABOUT_OTHERS = ("aws:principal", "aws:resourceaccount", "aws:resourceorg", "aws:userid")
"""Starts of keys that may hold for all that a principal does: which it is, and whose account."""
_ACCOUNT = re.compile(r"\d{12}")
_ACCOUNT_FIELD = re.compile(r"^(arn:[^:]*:iam::)\$\{[^{}]*\}:")
_ACCOUNT_AT = 4
_ANY_ACCOUNT = "000000000000"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a principal is.

    Args:
        partition: `aws`, `aws-us-gov`, ….
        account: id of its account; empty where every account may be its own.
    """

    partition: str = "aws"
    account: str = ""


_HOME = Home()


@dataclass(frozen=True, slots=True)
class Administration:
    """What makes an administrator.

    Args:
        certain: names of the policies by which it certainly is one.
        perhaps: name and reason of those by which it may be one.
    """

    certain: tuple[str, ...] = ()
    perhaps: tuple[tuple[str, str], ...] = ()


def home_of(principal: Resource, inventory: Inventory) -> Home:
    """Where a principal is, as far as its ARN or its region tell it.

    Args:
        principal: or what gives a policy to one.
        inventory: it belongs to.
    """
    arn = principal.get("arn")
    fields = arn.split(":") if isinstance(arn, str) else []
    if len(fields) > _ACCOUNT_AT:
        return Home(fields[1], fields[_ACCOUNT_AT] or inventory.account)
    partition = partition_of(principal.provider_region)
    return Home(partition.id if partition else "aws", inventory.account)


def administration(
    policies: Iterable[tuple[str, PolicyDocument]],
    boundary: PolicyDocument | None = None,
    home: Home = _HOME,
) -> Administration:
    """The policies that make their principal an administrator.

    Args:
        policies: of the principal, each after its name.
        boundary: its permissions boundary.
        home: where it is.
    """
    named = [(name, statements_of(document)) for name, document in policies]
    both = _GRANTING | _REMOVING
    denied = set[str]().union(*(denied_for_all(held, both, home) for _, held in named))
    removable = set(_REMOVING) - denied
    within, unclear, limited = set(_GRANTING), set[str](), set[str]()
    if boundary is not None:
        limits = statements_of(boundary)
        within, unclear = allowed_for_all(limits, _GRANTING, home)
        limited = denied_for_all(limits, both, home)
        denied |= limited
    wide = [name for name, statements in named if _is_wide(statements, home)]
    together = not wide and _is_wide([s for _, found in named for s in found], home)
    certain: list[str] = []
    perhaps: list[tuple[str, str]] = []
    for name, statements in named:
        sure, maybe = allowed_for_all(statements, _GRANTING, home)
        if (name in wide or together) and (sure & within) - denied:
            certain.append(name)
        elif name in wide and removable and (sure & within) - limited:
            perhaps.append((name, "it may take away the policy that denies what it allows"))
        elif name in wide and (sure & unclear) - denied:
            perhaps.append((name, "its permissions boundary allows it under a condition"))
        elif ((maybe | sure) & (within | unclear)) - denied and _is_wide(
            statements, home, conditions=True
        ):
            perhaps.append((name, "it allows everything under a condition"))
    return Administration(tuple(certain), tuple(perhaps))


def statements_of(document: PolicyDocument) -> list[CompiledStatement]:
    """The statements of an identity policy or a boundary, compiled."""
    return list(compile_policy(document, PolicyKind.IDENTITY).statements)


def _is_wide(
    statements: Iterable[CompiledStatement], home: Home, *, conditions: bool = False
) -> bool:
    """Whether statements together allow every action, or one allows all but those it names.

    Args:
        statements: of one policy, or of all of them.
        home: where the principal is.
        conditions: whether those count, too, whose conditions may hold for everything.
    """
    narrowing = (False, None) if conditions else (False,)
    counting = [one for one in statements if not one.deny and _narrowing(one) in narrowing]
    negated = any(statement.actions.negated for statement in counting)
    if not negated and not _is_every_action(_patterns(counting)):
        return False  # quick: whatever resources they are about
    kinds = set(_GRANTING.values())
    reaching = [one for one in counting if any(_reaches(one, kind, home) for kind in kinds)]
    if any(statement.actions.negated for statement in reaching):
        return True
    return _is_every_action(_patterns(reaching))


def _patterns(statements: Iterable[CompiledStatement]) -> list[str]:
    return [glob.text for statement in statements for glob in statement.actions.globs]


def _is_every_action(patterns: list[str]) -> bool:
    """Whether patterns of actions together cover every action of every service."""
    if any(not pattern.strip("*:") for pattern in patterns):
        return True
    wild = any("*" in prefix or "?" in prefix for prefix, *_ in (p.split(":") for p in patterns))
    if not wild and len(patterns) < len(all_services()):
        return False  # each covers one service at most
    covered = {str(action) for pattern in patterns for action in match_actions(pattern)}
    return len(covered) == len(match_actions("*"))


def allowed_for_all(
    statements: Iterable[CompiledStatement], actions: Mapping[str, str], home: Home
) -> tuple[set[str], set[str]]:
    """The actions that are certainly allowed on all that they may be about, and those that may be.

    Args:
        statements: of a policy.
        actions: in lower case, each with the type of resource that it is about; empty for one that
            knows no resources.
        home: where the principal is.
    """
    certain: set[str] = set()
    perhaps: set[str] = set()
    for statement in statements:
        narrowed = _narrowing(statement)
        if statement.deny or narrowed is True:
            continue
        found = {
            action
            for action, kind in actions.items()
            if names_action(statement, action) and _reaches(statement, kind, home)
        }
        (perhaps if narrowed is None else certain).update(found)
    return certain, perhaps


def denied_for_all(
    statements: Iterable[CompiledStatement], actions: Mapping[str, str], home: Home
) -> set[str]:
    """The actions that are denied on everything, in all circumstances; as `allowed_for_all`."""
    return {
        action
        for statement in statements
        if statement.deny and not statement.conditions and not statement.problem
        for action, kind in actions.items()
        if names_action(statement, action) and denies_all(statement, kind, home)
    }


def names_action(statement: CompiledStatement, action: str) -> bool:
    """Whether a statement is about an action, in lower case."""
    held = any(glob.matches(action) for glob in statement.actions.globs)
    return held != statement.actions.negated


def _reaches(statement: CompiledStatement, kind: str, home: Home) -> bool:
    """Whether a statement is about all resources of a type in the account, but for a few."""
    globs = _globs(statement)
    inside = any(covers(globs, target) for target in _every(statement, kind, home))
    return inside != statement.resources.negated


def denies_all(statement: CompiledStatement, kind: str, home: Home) -> bool:
    """Whether a statement is about all resources of a type in the account, without exception."""
    globs, targets = _globs(statement), list(_every(statement, kind, home))
    if statement.resources.negated:
        return not any(glob.overlaps(target) for glob in globs for target in targets)
    return all(covers(globs, target) for target in targets)


def _globs(statement: CompiledStatement) -> list[Glob]:
    """The patterns of resources; an account that is a reference or a variable is the own one."""
    globs = (*statement.resources.globs, *statement.resources.perhaps)
    return [_glob(_ACCOUNT_FIELD.sub(r"\1*:", glob.text)) for glob in globs]


@lru_cache(maxsize=4096)
def _glob(text: str) -> Glob:
    return Glob.parse(text)


def _every(statement: CompiledStatement, kind: str, home: Home) -> Iterator[Glob]:
    """All resources of a type in the account, or in each that may be it."""
    if not kind:
        yield _glob("*")
        return
    accounts = [home.account] if home.account else [_ANY_ACCOUNT]
    if not home.account:
        globs = statement.resources.globs
        accounts += [found for glob in globs for found in _ACCOUNT.findall(glob.text)]
    for account in accounts:
        yield _glob(f"arn:{home.partition}:iam::{account}:{kind}/*")


def _narrowing(statement: CompiledStatement) -> bool | None:
    """Whether conditions narrow what a statement allows in IAM; `None` when that is not clear."""
    said = [_narrows(condition) for condition in statement.conditions]
    if statement.problem:
        said.append(None)
    if True in said:
        return True
    return None if None in said else False


def _narrows(condition: CompiledCondition) -> bool | None:
    if condition.key in _CIRCUMSTANCES:
        return False
    if condition.used is None or condition.problem:
        return None
    negated, texts = condition.used.negated, [value.text for value in condition.values]
    if condition.key == _REGION:
        globs = [Glob.parse(text) for text in texts]
        if any(glob.is_open for glob in globs):
            return None
        there = any(glob.matches(name) for glob in globs for name in _REGIONS_OF_IAM)
        return None if there and negated else there == negated
    if condition.missing_holds or condition.key.startswith(_ABOUT_OTHERS):
        return None
    return None if any(not text.strip("*") for text in texts) else True
