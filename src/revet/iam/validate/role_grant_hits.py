"""The six ways to hand out an action on roles too widely, the same for each such action."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, hit
from revet.iam.validate.role_grants import RoleGrant
from revet.iam.validate.subject import StatementSubject


def with_not_resource(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`Action` names it, beside `NotResource`."""
    found = grant.named(statement) if "NotResource" in statement.members else []
    if found:
        yield hit(
            f"With NotResource {grant.action} covers all roles but those. "
            "Name the roles in Resource.",
            *(action.place for action in found),
            statement.element_place("NotResource"),
        )


def with_star_in_action_and_not_resource(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`Action` covers it with a wildcard, beside `NotResource`."""
    found = grant.in_wildcard(statement) if "NotResource" in statement.members else []
    if found:
        yield hit(
            f"The wildcard in the action covers {grant.action}, and NotResource leaves it all "
            "roles but those. Name the roles in Resource.",
            *(action.place for action in found),
            statement.element_place("NotResource"),
        )


def with_not_action_and_not_resource(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`NotAction` does not hold it, beside `NotResource`."""
    if "NotResource" in statement.members and grant.not_excluded(statement):
        yield hit(
            f"NotAction leaves {grant.action} allowed, and NotResource leaves it all roles but "
            "those. Name the roles in Resource, or the action in NotAction.",
            statement.element_place("NotAction"),
            statement.element_place("NotResource"),
        )


def with_star_in_resource(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`Action` names it, for every role, and no condition names the service."""
    found = grant.named(statement)
    wide = grant.wide(statement) if found else []
    if wide:
        yield hit(
            f"The resource lets {grant.action} work with every role. "
            f"Name the roles, or the services with {grant.key}.",
            *(action.place for action in found),
            *(resource.place for resource in wide),
        )


def with_star_in_action_and_resource(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`Action` covers it by a wildcard, for every role, and no condition names the service."""
    found = grant.in_wildcard(statement)
    wide = grant.wide(statement) if found else []
    if wide:
        yield hit(
            f"The wildcard in the action covers {grant.action}, and the resource every role. "
            f"Name the roles, or the services with {grant.key}.",
            *(action.place for action in found),
            *(resource.place for resource in wide),
        )


def with_star_in_resource_and_not_action(grant: RoleGrant, statement: StatementSubject) -> Hits:
    """`NotAction` does not hold it, for every role, and no condition names the service."""
    wide = grant.wide(statement) if grant.not_excluded(statement) else []
    if wide:
        yield hit(
            f"NotAction leaves {grant.action} allowed, and the resource covers every role. Name "
            f"the roles, the services with {grant.key}, or the action in NotAction.",
            statement.element_place("NotAction"),
            *(resource.place for resource in wide),
        )
