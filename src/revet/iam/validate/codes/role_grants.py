"""Statements that hand out `iam:PassRole` or `iam:CreateServiceLinkedRole` too widely.

Sources: IAM User Guide, "IAM policy validation check reference" (six findings of each action) and
"Grant a user permissions to pass a role to an AWS service".

What is too wide stands for every role: `*`, or a wildcard in place of all that follows `role/`. The
page says that a name that begins with a service's, `role/Service*`, may have no finding; what AWS
says of other starts of names is not known, and they have none here.

On AWS's own policies Access Analyzer has four such findings, all of them on `*`: three of
`iam:PassRole`, one of `iam:CreateServiceLinkedRole`. One of the three stands beside
`StringEqualsIfExists`, and another policy of that form has none; here both have, since the
condition also holds for a request that names no service. In the fourth the condition has a wildcard
in place of the service's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from revet.iam.arn_pattern import read_arn
from revet.iam.globs import Glob
from revet.iam.operators import Qualifier, Relation
from revet.iam.policy_type import GRANTING
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.place import Place
from revet.iam.validate.variables import OPENING
from revet.iam.validate.written import WrittenCondition, WrittenStatement

_IAM = Glob.literal("iam")
_DOMAIN = ".amazonaws.com"
_WILDCARD = re.compile(r"[*?]+")


@dataclass(frozen=True, slots=True)
class _RoleGrant:
    """One of the two actions.

    Args:
        action: as AWS writes it.
        key: the condition key that limits it to a service, as AWS writes it.
        every: the resource field of the ARNs of all roles that it can be about.
    """

    action: str
    key: str
    every: Glob

    def named(self, statement: WrittenStatement) -> list[Place]:
        """The entries of `Action` that are the action itself."""
        if not statement.allows:
            return []
        wanted = self.action.lower()
        return [
            action.place
            for action in statement.actions
            if len(action.text) == len(wanted)
            and action.text.lower() == wanted
            and not action.negated
        ]

    def in_wildcard(self, statement: WrittenStatement) -> list[Place]:
        """The entries of `Action` that cover the action with a wildcard."""
        if not statement.allows:
            return []
        return [
            action.place
            for action in statement.wild_actions
            if not action.negated and self._is_in(action.text)
        ]

    def not_excluded(self, statement: WrittenStatement) -> list[Place]:
        """`NotAction`, when the action is not in it."""
        if not statement.allows or "NotAction" not in statement.elements:
            return []
        if any(action.negated and self._is_in(action.text) for action in statement.actions):
            return []
        return [statement.elements["NotAction"].place]

    def wide(self, statement: WrittenStatement) -> list[Place]:
        """The entries of `Resource` that stand for every role.

        Empty when a condition limits the services.
        """
        found = [
            resource.place
            for resource in statement.resources
            if not resource.negated and self._is_wide(resource.text)
        ]
        return [] if found and self.is_limited(statement) else found

    def all_but_some(self, statement: WrittenStatement) -> list[Place]:
        """`NotResource`, which leaves all other roles."""
        if "NotResource" not in statement.elements:
            return []
        return [statement.elements["NotResource"].place]

    def is_limited(self, statement: WrittenStatement) -> bool:
        """Whether a condition limits the action to services that it names."""
        return any(self._limits(condition) for condition in statement.conditions)

    def _is_in(self, pattern: str) -> bool:
        if pattern == "*":
            return True
        if pattern[:1] not in "iI*?" or OPENING in pattern:
            return False
        return Glob.parse(pattern, ignore_case=True).matches(self.action)

    def _is_wide(self, text: str) -> bool:
        if text == "*":
            return True
        if not ("*" in text or "?" in text):
            return False
        arn = read_arn(text)
        if arn is None or not Glob.parse(arn.service).overlaps(_IAM):
            return False
        return Glob.parse(arn.resource).covers(self.every)

    def _limits(self, condition: WrittenCondition) -> bool:
        if condition.lower != self.key.lower():
            return False
        used = condition.operator
        if used is None or used.if_exists or used.qualifier is Qualifier.FOR_ALL_VALUES:
            return False
        if used.negated or used.relation not in (
            Relation.EQUALS,
            Relation.EQUALS_IGNORE_CASE,
            Relation.LIKE,
        ):
            return False
        if used.relation is not Relation.LIKE:
            return True
        return all(_names_a_service(value.text) for value in condition.values)


def _names_a_service(value: str) -> bool:
    """A value with wildcards names a service when they all stand after its domain."""
    if OPENING in value or not _WILDCARD.search(value):
        return True
    return _DOMAIN in _WILDCARD.split(value, maxsplit=1)[0]


_PASS_ROLE = _RoleGrant("iam:PassRole", "iam:PassedToService", Glob.parse("role/?*"))
_CREATE_LINKED_ROLE = _RoleGrant(
    "iam:CreateServiceLinkedRole",
    "iam:AWSServiceName",
    Glob.parse("role/aws-service-role/?*"),
)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to hand out an action on roles too widely.

    Args:
        entries: the places of what allows the action; none when nothing does.
        roles: the places of what makes it too wide; none when nothing does.
        details: what is wrong and what to do, with `{action}` and `{key}`.
    """

    entries: Callable[[_RoleGrant, WrittenStatement], list[Place]]
    roles: Callable[[_RoleGrant, WrittenStatement], list[Place]]
    details: str

    def find(self, grant: _RoleGrant, statement: WrittenStatement) -> Hits:
        """A finding where a statement hands out an action in this way."""
        entries = self.entries(grant, statement)
        roles = self.roles(grant, statement) if entries else []
        if roles:
            details = self.details.format(action=grant.action, key=grant.key)
            yield hit(details, *entries, *roles)


_STAR_IN_RESOURCE = _Way(
    _RoleGrant.named,
    _RoleGrant.wide,
    "The resource lets {action} work with every role. Name the roles, or the services with {key}.",
)
_NOT_RESOURCE = _Way(
    _RoleGrant.named,
    _RoleGrant.all_but_some,
    "With NotResource {action} covers all roles but those. Name the roles in Resource.",
)
_STAR_IN_ACTION_AND_RESOURCE = _Way(
    _RoleGrant.in_wildcard,
    _RoleGrant.wide,
    "The wildcard in the action covers {action}, and the resource every role. "
    "Name the roles, or the services with {key}.",
)
_STAR_IN_ACTION_AND_NOT_RESOURCE = _Way(
    _RoleGrant.in_wildcard,
    _RoleGrant.all_but_some,
    "The wildcard in the action covers {action}, and NotResource leaves it all "
    "roles but those. Name the roles in Resource.",
)
_STAR_IN_RESOURCE_AND_NOT_ACTION = _Way(
    _RoleGrant.not_excluded,
    _RoleGrant.wide,
    "NotAction leaves {action} allowed, and the resource covers every role. Name "
    "the roles, the services with {key}, or the action in NotAction.",
)
_NOT_ACTION_AND_NOT_RESOURCE = _Way(
    _RoleGrant.not_excluded,
    _RoleGrant.all_but_some,
    "NotAction leaves {action} allowed, and NotResource leaves it all roles but "
    "those. Name the roles in Resource, or the action in NotAction.",
)


@check(Level.SECURITY_WARNING, types=GRANTING, answers=3, needs="passrole")
def pass_role_with_star_in_resource(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed on roles with a wildcard."""
    return _STAR_IN_RESOURCE.find(_PASS_ROLE, statement)


@check(Level.SECURITY_WARNING, types=GRANTING, needs="passrole")
def pass_role_with_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed beside `NotResource`."""
    return _NOT_RESOURCE.find(_PASS_ROLE, statement)


@check(Level.SECURITY_WARNING, types=GRANTING)
def pass_role_with_star_in_action_and_resource(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed by a wildcard, on roles with a wildcard."""
    return _STAR_IN_ACTION_AND_RESOURCE.find(_PASS_ROLE, statement)


@check(Level.SECURITY_WARNING, types=GRANTING, needs="notresource")
def pass_role_with_star_in_action_and_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed by a wildcard, beside `NotResource`."""
    return _STAR_IN_ACTION_AND_NOT_RESOURCE.find(_PASS_ROLE, statement)


@check(Level.SECURITY_WARNING, types=GRANTING, needs="notaction")
def pass_role_with_star_in_resource_and_not_action(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed by `NotAction`, on roles with a wildcard."""
    return _STAR_IN_RESOURCE_AND_NOT_ACTION.find(_PASS_ROLE, statement)


@check(Level.SECURITY_WARNING, types=GRANTING, needs="notresource")
def pass_role_with_not_action_and_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:PassRole` is allowed by `NotAction`, beside `NotResource`."""
    return _NOT_ACTION_AND_NOT_RESOURCE.find(_PASS_ROLE, statement)


@check(Level.WARNING, types=GRANTING, answers=1, needs="createservicelinkedrole")
def create_slr_with_star_in_resource(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed on roles with a wildcard."""
    return _STAR_IN_RESOURCE.find(_CREATE_LINKED_ROLE, statement)


@check(Level.WARNING, types=GRANTING, needs="createservicelinkedrole")
def create_slr_with_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed beside `NotResource`."""
    return _NOT_RESOURCE.find(_CREATE_LINKED_ROLE, statement)


@check(Level.WARNING, types=GRANTING)
def create_slr_with_star_in_action_and_resource(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed by a wildcard, on roles with a wildcard."""
    return _STAR_IN_ACTION_AND_RESOURCE.find(_CREATE_LINKED_ROLE, statement)


@check(Level.WARNING, types=GRANTING, needs="notresource")
def create_slr_with_star_in_action_and_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed by a wildcard, beside `NotResource`."""
    return _STAR_IN_ACTION_AND_NOT_RESOURCE.find(_CREATE_LINKED_ROLE, statement)


@check(Level.WARNING, types=GRANTING, needs="notaction")
def create_slr_with_star_in_resource_and_not_action(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed by `NotAction`, on roles with a wildcard."""
    return _STAR_IN_RESOURCE_AND_NOT_ACTION.find(_CREATE_LINKED_ROLE, statement)


@check(Level.WARNING, types=GRANTING, needs="notresource")
def create_slr_with_not_action_and_not_resource(statement: WrittenStatement) -> Hits:
    """`iam:CreateServiceLinkedRole` is allowed by `NotAction`, beside `NotResource`."""
    return _NOT_ACTION_AND_NOT_RESOURCE.find(_CREATE_LINKED_ROLE, statement)
