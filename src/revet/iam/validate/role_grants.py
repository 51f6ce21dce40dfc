"""Statements that hand out `iam:PassRole` or `iam:CreateServiceLinkedRole` too widely.

Sources: IAM User Guide, "IAM policy validation check reference" (six findings of each action) and
"Grant a user permissions to pass a role to an AWS service". Access Analyzer's findings on AWS's own
policies show in addition: a wildcard in the account field alone does not count; a role whose name
starts with that of a service does not count; a condition with `...IfExists` does not limit the
services, and neither does a value with a wildcard in place of the service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from revet.iam.arn_pattern import read_arn
from revet.iam.globs import Glob
from revet.iam.operators import Qualifier, Relation
from revet.iam.reference import services
from revet.iam.validate.subject import (
    ActionSubject,
    ConditionSubject,
    ResourceSubject,
    StatementSubject,
)
from revet.iam.validate.variables import OPENING

_IAM = "iam"
_ROLE = "role/"
_LINKED_ROLES = "role/aws-service-role/"
_DOMAIN = ".amazonaws.com"
_WILDCARD = re.compile(r"[*?]+")
_MAKER = re.compile(r"(?:aws|amazon)?[-_]?(?:servicerolefor(?:aws|amazon)?)?", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One of the two actions.

    Args:
        action: as AWS writes it.
        key: the condition key that limits it to a service, as AWS writes it.
        is_narrow: whether the resource field of a role's ARN, with wildcards, names one service.
    """

    action: str
    key: str
    is_narrow: Callable[[str], bool]

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
            for action in statement.actions
            if not action.negated and action.has_wildcard and self._is_in(action.text)
        ]

    def not_excluded(self, statement: StatementSubject) -> bool:
        """Whether the statement has `NotAction`, and the action is not in it."""
        return (
            statement.allows
            and "NotAction" in statement.members
            and not any(action.negated and self._is_in(action.text) for action in statement.actions)
        )

    def wide(self, statement: StatementSubject) -> list[ResourceSubject]:
        """The entries of `Resource` that are roles of several services.

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
        if arn is None or not _WILDCARD.search(arn.resource):
            return False
        if arn.service != _IAM and not Glob.parse(arn.service).overlaps(Glob.literal(_IAM)):
            return False
        return Glob.parse(arn.resource).overlaps(_any_role()) and not self.is_narrow(arn.resource)

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


def _is_role_of_one_service(resource: str) -> bool:
    """AWS's convention: the role's name starts with that of the service, whatever its path."""
    return any(
        _starts_with_service(segment)
        for chunk in _WILDCARD.split(resource.removeprefix(_ROLE))
        for segment in chunk.split("/")
    )


def _is_linked_role_of_one_service(resource: str) -> bool:
    """The path of a service-linked role is the service's domain."""
    literal = _WILDCARD.split(resource, maxsplit=1)[0]
    return literal.startswith(_LINKED_ROLES) and _DOMAIN in literal


def _starts_with_service(name: str) -> bool:
    rest = _MAKER.sub("", name, count=1)
    return any(words in _service_words() for words in _growing(rest))


def _growing(name: str) -> Iterator[str]:
    """The first word of a name, the first two, … in lower case and without hyphens."""
    grown = ""
    for word in _WORD.findall(name):
        grown += word.lower()
        yield grown


@cache
def _service_words() -> frozenset[str]:
    return frozenset(prefix.replace("-", "") for prefix in services())


@cache
def _any_role() -> Glob:
    return Glob.parse(f"{_ROLE}*")


PASS_ROLE = RoleGrant("iam:PassRole", "iam:PassedToService", _is_role_of_one_service)
CREATE_LINKED_ROLE = RoleGrant(
    "iam:CreateServiceLinkedRole", "iam:AWSServiceName", _is_linked_role_of_one_service
)
