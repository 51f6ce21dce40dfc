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
from dataclasses import dataclass

from revet.iam.arn_pattern import read_arn
from revet.iam.globs import Glob
from revet.iam.operators import Qualifier, Relation
from revet.iam.validate.subject import (
    ActionSubject,
    ConditionSubject,
    ResourceSubject,
    StatementSubject,
)
from revet.iam.validate.variables import OPENING

_IAM = Glob.literal("iam")
_DOMAIN = ".amazonaws.com"
_WILDCARD = re.compile(r"[*?]+")


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One of the two actions.

    Args:
        action: as AWS writes it.
        key: the condition key that limits it to a service, as AWS writes it.
        every: the resource field of the ARNs of all roles that it can be about.
    """

    action: str
    key: str
    every: Glob

    def named(self, statement: StatementSubject) -> list[ActionSubject]:
        """The entries of `Action` that are the action itself."""
        if not statement.allows:
            return []
        wanted = self.action.lower()
        return [
            action
            for action in statement.actions
            if len(action.text) == len(wanted)
            and action.text.lower() == wanted
            and not action.negated
        ]

    def in_wildcard(self, statement: StatementSubject) -> list[ActionSubject]:
        """The entries of `Action` that cover the action with a wildcard."""
        if not statement.allows:
            return []
        return [
            action
            for action in statement.wild_actions
            if not action.negated and self._is_in(action.text)
        ]

    def not_excluded(self, statement: StatementSubject) -> bool:
        """Whether the statement has `NotAction`, and the action is not in it."""
        return (
            statement.allows
            and "NotAction" in statement.members
            and not any(action.negated and self._is_in(action.text) for action in statement.actions)
        )

    def wide(self, statement: StatementSubject) -> list[ResourceSubject]:
        """The entries of `Resource` that stand for every role.

        Empty when a condition limits the services.
        """
        found = [
            resource
            for resource in statement.resources
            if not resource.negated and self._is_wide(resource.text)
        ]
        return [] if found and self.is_limited(statement) else found

    def is_limited(self, statement: StatementSubject) -> bool:
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

    def _limits(self, condition: ConditionSubject) -> bool:
        if condition.lower != self.key.lower():
            return False
        used = condition.operator
        if used is None or used.if_exists or used.qualifier is Qualifier.FOR_ALL_VALUES:
            return False
        if used.operator.negated or used.operator.relation not in (
            Relation.EQUALS,
            Relation.EQUALS_IGNORE_CASE,
            Relation.LIKE,
        ):
            return False
        if used.operator.relation is not Relation.LIKE:
            return True
        return all(_names_a_service(value.text) for value in condition.values)


def _names_a_service(value: str) -> bool:
    """A value with wildcards names a service when they all stand after its domain."""
    if OPENING in value or not _WILDCARD.search(value):
        return True
    return _DOMAIN in _WILDCARD.split(value, maxsplit=1)[0]


PASS_ROLE = RoleGrant("iam:PassRole", "iam:PassedToService", Glob.parse("role/?*"))
CREATE_LINKED_ROLE = RoleGrant(
    "iam:CreateServiceLinkedRole",
    "iam:AWSServiceName",
    Glob.parse("role/aws-service-role/?*"),
)
